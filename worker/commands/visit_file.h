// The visits of a file: CSV or JSON in any of the forms that csv_records.h and json_records.h list, told apart by how
// it begins.
//
// Reads in chunks: memory does not grow with the file. What is no visit is refused, counted and said, and the rest
// is read. One thread. Throws RecordError or InputError if the file as a whole is none of visits.
#ifndef PAGE_COUNT_COMMANDS_VISIT_FILE_H_
#define PAGE_COUNT_COMMANDS_VISIT_FILE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "worker/commands/input_text.h"
#include "worker/commands/record_reader.h"
#include "worker/commands/text_places.h"
#include "worker/visits/visit_batch.h"

namespace page_count {

class VisitFile {
 public:
  // How far a visit may be ahead of this machine's clock: clocks differ. What is recorded after an import has no
  // earlier time than what was imported.
  static constexpr std::chrono::seconds kAheadOfClock{60};
  // So many refusals are said, and all counted.
  static constexpr int64_t kSaid = 10;

  using Clock = std::function<UtcTime()>;
  using Say = std::function<void(const std::string& sentence)>;

  // Borrows the input, from its start on.
  VisitFile(RawInput& input, Clock clock, Say say);

  // The next visits, `most` at the most, fewer if their texts are long; none at the end. Which order they are in is the
  // one in which most of the times follow each other; one that says nothing of it is like the one before, the first
  // like an export: the newest first.
  VisitBatch Read(size_t most);

  int64_t refused() const { return refused_; }
  // Whether the input could not be read to its end, which was said; what came before it was.
  bool is_cut_off() const { return is_cut_off_; }

 private:
  VisitBatch ReadBatch(size_t most);
  // Reads one more; false at the end.
  bool ReadVisit(VisitBatch& batch);
  // These say whether they could, and else why not.
  bool AddVisit(const VisitRecord& record, VisitBatch& batch, std::string& fault);
  // Of a record that nothing is known against.
  uint32_t PlaceOfSource(const VisitRecord& record, std::string_view page, TextList& sources);
  bool ReadTime(std::string_view text, UtcTime& time, std::string& fault);
  void Refuse(const std::string& fault);
  VisitOrder NextOrder();

  InputText text_;
  Clock clock_;
  Say say_;
  std::unique_ptr<RecordReader> records_;
  std::deque<VisitBatch> ahead_;  // without an order
  TextPlaces url_places_;         // in the batch that is read
  TextPlaces ip_places_;
  TextPlaces agent_places_;
  TextPlaces source_places_;  // also of what a source is made of
  std::string source_key_;
  std::optional<UtcTime> last_;  // visit's
  int64_t rises_ = 0;            // of the times of those that were read, from one to the next
  int64_t falls_ = 0;
  std::optional<VisitOrder> order_;  // of the last that were given
  UtcTime latest_;                   // that is believed
  int64_t refused_ = 0;
  bool is_at_end_ = false;
  bool is_cut_off_ = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_VISIT_FILE_H_
