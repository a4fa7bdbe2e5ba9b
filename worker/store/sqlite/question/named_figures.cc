#include "worker/store/sqlite/question/named_figures.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace page_count {
namespace {

using Row = Figures::Row;

int64_t CountOf(const Question& question, const Row& row) {
  return question.order == Question::Order::kByVisitors ? row.visitors : row.count;
}

// Equal counts go by text, so all that equal the last one stay until the texts are known.
void LeaveOutTheLowest(const Question& question, Groups& groups) {
  const size_t wanted = question.offset + question.limit.value_or(groups.size());
  if (question.order == Question::Order::kByKey || wanted >= groups.size()) return;
  if (wanted == 0) return groups.clear();
  const auto last = groups.begin() + static_cast<std::ptrdiff_t>(wanted - 1);
  std::nth_element(groups.begin(), last, groups.end(), [&question](const Row& left, const Row& right) {
    return CountOf(question, left) > CountOf(question, right);
  });
  const int64_t least = CountOf(question, *last);
  std::erase_if(groups, [&](const Row& row) { return CountOf(question, row) < least; });
}

void LeaveOutOthers(const Groups& wanted, Groups& groups) {
  std::vector<std::array<int64_t, 2>> keys;
  keys.reserve(wanted.size());
  for (const Row& row : wanted) keys.push_back(row.keys);
  std::sort(keys.begin(), keys.end());
  std::erase_if(groups, [&](const Row& row) { return !std::binary_search(keys.begin(), keys.end(), row.keys); });
}

void SortAndCut(const Question& question, Groups& groups) {
  if (question.order == Question::Order::kByKey) {
    std::sort(groups.begin(), groups.end(), [](const Row& left, const Row& right) { return left.keys < right.keys; });
  } else {
    std::sort(groups.begin(), groups.end(), [&question](const Row& left, const Row& right) {
      const int64_t left_count = CountOf(question, left);
      const int64_t right_count = CountOf(question, right);
      return left_count != right_count ? left_count > right_count : left.keys < right.keys;
    });
  }
  groups.erase(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(std::min(question.offset, groups.size())));
  if (question.limit && *question.limit < groups.size()) groups.resize(*question.limit);
}

// The ids that figures refer to, and then the places of their texts.
class Naming {
 public:
  void Note(Dimension column, int64_t id) { places_[IndexOf(column)].try_emplace(id); }

  std::shared_ptr<const Texts> ReadTexts(TextReader& reader, AttributeReader& attributes) {
    auto texts = std::make_shared<Texts>();
    for (size_t column = 0; column < kTexts; ++column) {
      const auto dimension = static_cast<Dimension>(column);
      std::vector<std::pair<const std::string*, int64_t*>> sorted;
      for (auto& [id, place] : places_[column]) {
        const std::string& text = IsColumn(dimension) ? reader.Read(dimension, id)
                                                      : attributes.Read(dimension).values[static_cast<size_t>(id)];
        sorted.emplace_back(&text, &place);
      }
      std::sort(sorted.begin(), sorted.end(),
                [](const auto& left, const auto& right) { return *left.first < *right.first; });
      for (const auto& [text, place] : sorted) {
        *place = static_cast<int64_t>((*texts)[column].size());
        (*texts)[column].push_back(*text);
      }
      if (dimension != Dimension::kPage) continue;
      page_ids_.resize(sorted.size());
      for (const auto& [id, place] : places_[column]) page_ids_[static_cast<size_t>(place)] = id;
    }
    return texts;
  }

  int64_t PlaceOf(Dimension column, int64_t id) const { return places_[IndexOf(column)].at(id); }
  int64_t PageAt(int64_t place) const { return page_ids_[static_cast<size_t>(place)]; }

 private:
  std::vector<int64_t> page_ids_;                                    // by place
  std::array<std::unordered_map<int64_t, int64_t>, kTexts> places_;  // by id, or an attribute's code
};

// Calls `take(dimension, key)` for each key that is a text.
template <typename Take>
void ForEachTextKey(const Question& question, Groups& groups, Take take) {
  for (size_t place = 0; place < question.group_by.size(); ++place) {
    const Dimension dimension = question.group_by[place];
    if (!IsText(dimension)) continue;
    for (Row& row : groups) take(dimension, row.keys[place]);
  }
}

}  // namespace

std::vector<Figures> NameFigures(std::span<const Question> questions, std::vector<Groups> counted, TextReader& reader,
                                 AttributeReader& attributes) {
  Naming naming;
  std::vector<size_t> sizes;
  for (size_t i = 0; i < questions.size(); ++i) {
    if (questions[i].only_groups_of) LeaveOutOthers(counted[*questions[i].only_groups_of], counted[i]);
    sizes.push_back(questions[i].counts_groups ? counted[i].size() : 0);
    LeaveOutTheLowest(questions[i], counted[i]);
    ForEachTextKey(questions[i], counted[i], [&naming](Dimension column, int64_t id) { naming.Note(column, id); });
  }
  const auto texts = naming.ReadTexts(reader, attributes);
  std::vector<Figures> figures;
  for (size_t i = 0; i < questions.size(); ++i) {
    ForEachTextKey(questions[i], counted[i],
                   [&naming](Dimension column, int64_t& key) { key = naming.PlaceOf(column, key); });
    SortAndCut(questions[i], counted[i]);
    figures.push_back({questions[i].group_by, std::move(counted[i]), texts, questions[i].intervals, sizes[i]});
    if (!questions[i].wants_titles) continue;
    for (const Row& row : figures.back().rows) {
      figures.back().titles.push_back(reader.ReadTitle(naming.PageAt(row.keys[0])));
    }
  }
  return figures;
}

}  // namespace page_count
