#include "worker/store/sqlite/question/filter_reader.h"

#include <algorithm>

namespace page_count {
namespace {

// The first text after all those that begin with `prefix`; empty if there is none.
std::string AfterPrefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace

FilterReader::FilterReader(Connection& connection, TextReader& texts, AttributeReader& attributes)
    : texts_(texts), attributes_(attributes), pages_between_(connection, "page_between(from_url, before_url) -> id") {}

IdFilters FilterReader::Read(const Question& question) {
  IdFilters filters;
  for (const Dimension column : kAllColumns) {
    if (auto ids = ReadColumn(question, column)) filters[IndexOf(column)] = IdSet(std::move(*ids));
  }
  return filters;
}

FilterReader::Ids FilterReader::ReadColumn(const Question& question, Dimension column) {
  Ids ids;
  if (const auto& texts = question.filters[IndexOf(column)]; !texts.empty()) FilterByText(texts, column, ids);
  if (column == Dimension::kPage && !question.page_prefixes.empty()) FilterByPrefix(question.page_prefixes, ids);
  for (const Dimension attribute : kAllAttributes) {
    const auto& values = question.filters[IndexOf(attribute)];
    if (ColumnOf(attribute) != column || values.empty()) continue;
    const auto is_wanted = [&](const std::string& value) {
      return std::find(values.begin(), values.end(), value) != values.end();
    };
    FilterByValue(attribute, is_wanted, ids);
  }
  if (column == Dimension::kAgent && question.bots != Question::Bots::kInclude) {
    const bool wants_bots = question.bots == Question::Bots::kOnly;
    FilterByValue(Dimension::kBot, [&](const std::string& bot) { return bot.empty() != wants_bots; }, ids);
  }
  return ids;
}

void FilterReader::FilterByText(const std::vector<std::string>& texts, Dimension column, Ids& ids) {
  ids.emplace();
  for (const std::string& text : texts) {
    if (const auto id = texts_.FindId(column, text)) ids->push_back(*id);
  }
}

void FilterReader::FilterByPrefix(const std::vector<std::string>& prefixes, Ids& ids) {
  std::vector<int64_t> found;
  for (const std::string& prefix : prefixes) {
    const std::string after = AfterPrefix(prefix);  // bound as it is, for as long as rows are read
    Rows rows = pages_between_.Run(prefix, after);
    while (rows.Next()) found.push_back(rows.Int(0));
  }
  if (ids) {
    std::sort(found.begin(), found.end());
    std::erase_if(*ids, [&](int64_t id) { return !std::binary_search(found.begin(), found.end(), id); });
  } else {
    ids = std::move(found);
  }
}

void FilterReader::FilterByValue(Dimension attribute, const std::function<bool(const std::string&)>& is_wanted,
                                 Ids& ids) {
  const AttributeCodes& codes = attributes_.Read(attribute);
  std::vector<bool> wanted;  // by code
  for (const std::string& value : codes.values) wanted.push_back(is_wanted(value));
  if (ids) {
    std::erase_if(*ids, [&](int64_t id) { return !wanted[codes.Of(id)]; });
    return;
  }
  ids.emplace();
  for (int64_t id = -std::ssize(codes.of_new); id < std::ssize(codes.by_id); ++id) {
    if (wanted[codes.Of(id)]) ids->push_back(id);
  }
}

}  // namespace page_count
