// The fields that exported visits have: which ones, by name, and what each says of a visit.
//
// A plain value, any thread.
#ifndef PAGE_COUNT_ENDPOINTS_VISIT_FIELDS_H_
#define PAGE_COUNT_ENDPOINTS_VISIT_FIELDS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/base/result.h"
#include "worker/visits/dimension.h"
#include "worker/visits/visit.h"

namespace page_count {

// What it says is a text of the visit, or one made in `spelled`; or else an attribute, which the store has to read.
struct VisitField {
  std::string_view name;
  std::string_view other_name = {};  // by which it may be asked for too
  std::string_view (*text)(const LoggedVisit& visit, std::string& spelled) = nullptr;
  Dimension attribute = Dimension::kInterval;
};

class VisitFields {
 public:
  // Those of the reference.
  VisitFields();
  // "id,url,country": each once, in any order. The error says what would do.
  [[nodiscard]] static Result<VisitFields, std::string> Parse(std::string_view names);

  // That visits must have been read with, in this order.
  const std::vector<Dimension>& attributes() const { return attributes_; }
  bool wants_titles() const { return wants_titles_; }
  // Calls `take(name)` for each field.
  template <typename Take>
  void ForEachName(Take take) const {
    for (const Chosen& one : chosen_) take(one.field->name);
  }
  // Calls `take(name, text)` for each field of the visit.
  template <typename Take>
  void ForEach(const LoggedVisit& visit, Take take) const {
    std::string spelled;
    for (const Chosen& one : chosen_) {
      const bool is_attribute = one.field->text == nullptr;
      take(one.field->name,
           is_attribute ? std::string_view(visit.attributes[one.attribute]) : one.field->text(visit, spelled));
    }
  }

 private:
  struct Chosen {
    const VisitField* field;
    size_t attribute;  // its place among attributes_, if it is one
  };

  void Choose(const VisitField& field);

  std::vector<Chosen> chosen_;
  std::vector<Dimension> attributes_;
  bool wants_titles_ = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_VISIT_FIELDS_H_
