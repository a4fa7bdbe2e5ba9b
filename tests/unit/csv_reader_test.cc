#include "worker/commands/csv_reader.h"

#include <gtest/gtest.h>

#include <sstream>

namespace page_count {
namespace {

using Record = std::vector<std::string>;
using Status = CsvReader::Status;

ReadBytes From(std::istringstream& in) {
  return [&in](char* to, size_t size) {
    in.read(to, static_cast<std::streamsize>(size));
    return static_cast<size_t>(in.gcount());
  };
}

// All records, and how it ended.
std::pair<std::vector<Record>, Status> ReadAll(const std::string& text) {
  std::istringstream in(text);
  CsvReader reader(From(in));
  std::vector<Record> records;
  std::vector<std::string_view> fields;
  Status status = reader.Next(fields);
  for (; status == Status::kRecord; status = reader.Next(fields)) records.emplace_back(fields.begin(), fields.end());
  return {records, status};
}

TEST(CsvReaderTest, ReadsPlainAndQuotedFields) {
  const auto [records, end] = ReadAll("a,b\n\"c,d\",\"say \"\"e\"\"\"\n,\n\"two\nlines\",f");
  EXPECT_EQ(end, Status::kEnd);
  EXPECT_EQ(records, (std::vector<Record>{{"a", "b"}, {"c,d", "say \"e\""}, {"", ""}, {"two\nlines", "f"}}));
}

TEST(CsvReaderTest, TakesBothKindsOfLineEnds) {
  EXPECT_EQ(ReadAll("a,b\r\n\"c\",\"d\"\r\n").first, (std::vector<Record>{{"a", "b"}, {"c", "d"}}));
}

TEST(CsvReaderTest, AQuoteInsideAFieldIsACharacterLikeAnyOther) {
  EXPECT_EQ(ReadAll("a\"b,c\n").first, (std::vector<Record>{{"a\"b", "c"}}));
}

TEST(CsvReaderTest, SaysWhatIsWrong) {
  EXPECT_EQ(ReadAll("\"a\n").second, Status::kQuoteWithoutEnd);
  EXPECT_EQ(ReadAll("\"a\"b\n").second, Status::kTextAfterQuote);
  EXPECT_EQ(ReadAll("\"" + std::string(8U << 20, 'x')).second, Status::kTooLong);
}

TEST(CsvReaderTest, CountsTheLinesThatRecordsBeginOn) {
  std::istringstream in("a\n\"b\nb\"\nc");
  CsvReader reader(From(in));
  std::vector<std::string_view> fields;
  std::vector<size_t> lines;
  while (reader.Next(fields) == Status::kRecord) lines.push_back(reader.line());
  EXPECT_EQ(lines, (std::vector<size_t>{1, 2, 4}));
}

// What can be read, and "!" for each record that cannot.
std::vector<Record> ReadOn(const std::string& text) {
  std::istringstream in(text);
  CsvReader reader(From(in));
  std::vector<Record> records;
  std::vector<std::string_view> fields;
  for (Status status = reader.Next(fields); status != Status::kEnd; status = reader.Next(fields)) {
    records.push_back(status == Status::kRecord ? Record(fields.begin(), fields.end()) : Record{"!"});
  }
  return records;
}

TEST(CsvReaderTest, GoesOnAtTheLineAfterOneThatIsNoRecord) {
  EXPECT_EQ(ReadOn("a,b\n\"c\"d,e\nf,g\n"), (std::vector<Record>{{"a", "b"}, {"!"}, {"f", "g"}}));
  EXPECT_EQ(ReadOn("a,\"b\nc,\"d\"\ne,f"), (std::vector<Record>{{"!"}, {"c", "d"}, {"e", "f"}}))
      << "a quote without an end takes no other record along";
  EXPECT_EQ(ReadOn("a,\"b\nc,d\ne,f"), (std::vector<Record>{{"!"}, {"c", "d"}, {"e", "f"}}));
  EXPECT_EQ(ReadOn("\"" + std::string(8U << 20, 'x') + "\na,b\n\"c"), (std::vector<Record>{{"!"}, {"a", "b"}, {"!"}}));
}

// The reader reads a MiB at a time: records lie across its borders in every way.
TEST(CsvReaderTest, ReadsRecordsAcrossTheBordersOfBlocks) {
  for (size_t padding = (1U << 20) - 24; padding < (1U << 20) + 4; ++padding) {
    const std::string start(padding, 'x');
    const auto [records, end] = ReadAll(start + ",\"a \"\"q\"\" b\",c\r\n\"d\",e\r\n");
    EXPECT_EQ(end, Status::kEnd) << padding;
    ASSERT_EQ(records, (std::vector<Record>{{start, "a \"q\" b", "c"}, {"d", "e"}})) << padding;
  }
}

}  // namespace
}  // namespace page_count
