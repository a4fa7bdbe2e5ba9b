#include "worker/store/sqlite/question/visits_plan.h"

#include <cstring>
#include <optional>
#include <string>

namespace page_count {
namespace {

// The plan's number.
constexpr int kOldestFirst = 0;
constexpr int kNewestFirst = 1;

// The plan's text has two characters a condition: which column, and the Comparison.
constexpr char kOnId = 'i';
constexpr char kOnTimestamp = 't';

// For the planner, as nobody knows the size of the file here: the cost is about a visit that is read.
constexpr double kAllVisits = 10'000'000;
constexpr double kBlockVisits = kMaxBlockVisits;
constexpr double kLeftByOneBound = 1.0 / 4;

std::optional<Comparison> ComparisonOf(int op) {
  switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
      return Comparison::kEqual;
    case SQLITE_INDEX_CONSTRAINT_LT:
      return Comparison::kLess;
    case SQLITE_INDEX_CONSTRAINT_LE:
      return Comparison::kAtMost;
    case SQLITE_INDEX_CONSTRAINT_GT:
      return Comparison::kGreater;
    case SQLITE_INDEX_CONSTRAINT_GE:
      return Comparison::kAtLeast;
    default:
      return std::nullopt;
  }
}

bool IsOnId(int column) { return column == kRowId || column == kId; }

// Empty if the condition says nothing about the range of ids.
std::string Describe(sqlite3_index_info* index, int condition) {
  const auto& constraint = index->aConstraint[condition];
  const auto comparison = ComparisonOf(constraint.op);
  if (constraint.usable == 0 || !comparison) return "";
  const char op = static_cast<char>(*comparison);
  if (IsOnId(constraint.iColumn)) return {kOnId, op};
  // Another collation would find equal what is not.
  const bool is_bytewise = std::strcmp(sqlite3_vtab_collation(index, condition), "BINARY") == 0;
  if (constraint.iColumn == kTimestamp && is_bytewise) return {kOnTimestamp, op};
  return "";
}

// Ids and timestamps ascend together; after an id there is nothing left to order.
void PlanOrder(sqlite3_index_info* index) {
  index->idxNum = kOldestFirst;
  for (int i = 0; i < index->nOrderBy; ++i) {
    const auto& term = index->aOrderBy[i];
    const bool is_ascending_with_id = IsOnId(term.iColumn) || term.iColumn == kTimestamp;
    if (!is_ascending_with_id || term.desc != index->aOrderBy[0].desc) return;
    if (IsOnId(term.iColumn)) break;
  }
  index->idxNum = index->nOrderBy > 0 && index->aOrderBy[0].desc != 0 ? kNewestFirst : kOldestFirst;
  index->orderByConsumed = 1;
}

void Estimate(sqlite3_index_info* index, const std::string& plan) {
  double rows = kAllVisits;
  double cost = kAllVisits;
  for (size_t i = 0; i < plan.size(); i += 2) {
    const bool is_equal = plan[i + 1] == static_cast<char>(Comparison::kEqual);
    rows = is_equal ? 1 : rows * kLeftByOneBound;
    cost = is_equal ? kBlockVisits : cost * kLeftByOneBound;
    if (is_equal && plan[i] == kOnId) index->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    if (is_equal) break;
  }
  index->estimatedRows = static_cast<sqlite3_int64>(rows) + 1;
  index->estimatedCost = cost + kBlockVisits;
}

}  // namespace

int PlanVisits(sqlite3_vtab*, sqlite3_index_info* index) {
  std::string plan;
  int bounds = 0;
  for (int i = 0; i < index->nConstraint; ++i) {
    const std::string condition = Describe(index, i);
    if (condition.empty()) continue;
    plan += condition;
    index->aConstraintUsage[i].argvIndex = ++bounds;  // SQLite itself looks at each visit again
  }
  PlanOrder(index);
  Estimate(index, plan);
  index->idxStr = sqlite3_mprintf("%s", plan.c_str());
  index->needToFreeIdxStr = 1;
  return index->idxStr == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

IdRange RangeOf(const char* plan, sqlite3_value** bounds) {
  IdRange range;
  for (size_t i = 0; plan[2 * i] != '\0'; ++i) {
    const char column = plan[2 * i];
    const auto comparison = static_cast<Comparison>(plan[2 * i + 1]);
    sqlite3_value* bound = bounds[i];
    // "12" is compared with an id as the number 12, and a number with a timestamp as a text.
    const int type = column == kOnId ? sqlite3_value_numeric_type(bound) : sqlite3_value_type(bound);
    if (type == SQLITE_NULL) {
      range.Clear();  // nothing is equal to null, or less
    } else if (column == kOnId && type == SQLITE_INTEGER) {
      range.NarrowById(comparison, int64_t{sqlite3_value_int64(bound)});
    } else if (column == kOnId && type == SQLITE_FLOAT) {
      range.NarrowById(comparison, sqlite3_value_double(bound));
    } else if (column == kOnTimestamp && type == SQLITE_TEXT) {
      const char* text = static_cast<const char*>(static_cast<const void*>(sqlite3_value_text(bound)));
      range.NarrowByTimestamp(comparison, {text, static_cast<size_t>(sqlite3_value_bytes(bound))});
    }
  }
  return range;
}

VisitsCursor::Order OrderOf(int plan) {
  return plan == kNewestFirst ? VisitsCursor::Order::kNewestFirst : VisitsCursor::Order::kOldestFirst;
}

}  // namespace page_count
