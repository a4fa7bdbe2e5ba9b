// Reads a file of visits: CSV or JSON Lines, as /all-visits and `page-count export` write them.
//
// Which of the two it is, its first byte says. Reads piece by piece: memory does not grow with the file. Throws
// std::runtime_error with the line where the file holds no visit: nothing is guessed.
#ifndef PAGE_COUNT_COMMANDS_VISIT_FILE_H_
#define PAGE_COUNT_COMMANDS_VISIT_FILE_H_

#include <array>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/commands/csv_reader.h"
#include "worker/visits/visit.h"

namespace page_count {

class VisitFile {
 public:
  // Visits later than `now` are refused: recording would have to wait for their time.
  VisitFile(const std::string& path, UtcTime now);

  // The next visits, `most` at the most; none at the end.
  std::vector<LoggedVisit> Read(size_t most);
  // Reads what is left, and throws where that is no visit.
  void CheckRest();
  // Back to the first visit.
  void Rewind();

 private:
  using Values = std::array<std::string_view, 4>;  // url, ip, user_agent, timestamp

  bool ReadVisit(LoggedVisit& visit);
  bool ReadJsonLine(LoggedVisit& visit);
  bool ReadCsvRecord();
  void ReadCsvHead();
  void MakeVisit(const Values& values, LoggedVisit& visit);
  std::string CanonicalUrl(std::string_view text) const;
  UtcTime Time(std::string_view text);
  void RequireReadable() const;
  [[noreturn]] void Refuse(const std::string& reason) const;

  std::string path_;
  UtcTime now_;
  std::ifstream file_;
  std::optional<CsvReader> csv_;  // of a CSV file
  std::vector<std::string_view> fields_;
  std::vector<size_t> columns_;  // of url, ip, user_agent, timestamp
  size_t line_ = 0;
  std::pair<std::string, UtcTime> last_time_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_VISIT_FILE_H_
