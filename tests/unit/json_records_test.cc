#include "worker/commands/json_records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace page_count {
namespace {

using Form = JsonRecords::Form;
using Lines = std::vector<std::string>;

// Each record's texts; of those that are refused where they are, and why.
Lines ReadIn(Form form, std::string_view text, size_t piece) {
  JsonRecords records(
      [&text, piece](char* to, size_t size) {
        const size_t given = std::min({piece, size, text.size()});
        std::copy_n(text.begin(), given, to);
        text.remove_prefix(given);
        return given;
      },
      form);
  Lines lines;
  VisitRecord record;
  for (auto status = records.Next(record); status != RecordReader::Status::kEnd; status = records.Next(record)) {
    if (status == RecordReader::Status::kRefused) {
      lines.push_back(records.Place() + ": " + records.Fault());
    } else {
      lines.push_back(std::string(record.url).append("|").append(record.ip).append("|").append(record.user_agent));
      EXPECT_EQ(record.timestamp, "t");
    }
  }
  return lines;
}

// However the text comes in pieces.
Lines Read(Form form, const std::string& text) {
  const Lines whole = ReadIn(form, text, text.size() + 1);
  for (const size_t piece : {1, 2, 3, 5, 7, 64}) EXPECT_EQ(ReadIn(form, text, piece), whole) << piece << ": " << text;
  return whole;
}

std::string Object(const std::string& url) {
  return R"({"url":")" + url + R"(","ip":"i","user_agent":"u","timestamp":"t"})";
}

TEST(JsonRecordsTest, ReadsAnObjectALine) {
  EXPECT_EQ(Read(Form::kLines, Object("a") + "\n\n \t\r\n" + Object("b") + "\r\n" + Object("c")),
            (Lines{"a|i|u", "b|i|u", "c|i|u"}));
  EXPECT_EQ(Read(Form::kLines, ""), Lines());
  EXPECT_EQ(
      Read(Form::kLines,
           R"({"id":1.5e300,"x":{"url":["z"]},"timestamp":"t","ip_address":"i","user_agent":null,"url":"\u00e9\"\n"})"),
      (Lines{"\xC3\xA9\"\n|i|"}));
}

TEST(JsonRecordsTest, ALineThatIsNoneSpoilsNoOther) {
  const Lines read =
      Read(Form::kLines, "{\n" + Object("a") + "\n" + Object("x") + Object("y") + "\n[\n{}\n" + Object("b") +
                             "\n{\"url\":\"\xff\"}\n{\"url\":1,\"ip\":\"i\"}\n\"\n" + Object("c"));
  ASSERT_EQ(read.size(), 10U);
  EXPECT_TRUE(read[0].starts_with("line 1: no valid JSON")) << read[0];
  EXPECT_EQ(read[1], "a|i|u");
  EXPECT_EQ(read[2], "line 3: no valid JSON: the line goes on after its object");
  EXPECT_EQ(read[3], "line 4: no valid JSON: no JSON object");
  EXPECT_EQ(read[4], "line 5: the object has no text url");
  EXPECT_EQ(read[5], "b|i|u");
  EXPECT_NE(read[6].find("line 7: no valid JSON: a text that is no UTF-8"), std::string::npos) << read[6];
  EXPECT_EQ(read[7], "line 8: the object has no text url");
  EXPECT_TRUE(read[8].starts_with("line 9: ")) << read[8];
  EXPECT_EQ(read[9], "c|i|u");
}

TEST(JsonRecordsTest, ReadsDocuments) {
  const Lines expected = {"a|i|u", "b|i|u"};
  const std::string list = Object("a") + " , \n" + Object("b");
  for (const std::string& text : {"[" + list + "]", R"({"visits":[)" + list + R"(],"total_count":"2"})",
                                  R"({"total_count":"2","visits":[)" + list + "]}", Object("a") + Object("b"),
                                  "[][" + list + "]", "[" + Object("a") + R"(]{"visits":[]})" + Object("b"),
                                  R"({"visits":[)" + Object("a") + R"(],"visits":[)" + Object("b") + "]}"}) {
    EXPECT_EQ(Read(Form::kDocuments, text), expected) << text;
  }
}

TEST(JsonRecordsTest, GoesOnInADocumentAtTheNextLineWithAnObject) {
  EXPECT_EQ(
      Read(Form::kDocuments, "[" + Object("a") + ",\n{\"url\" 7},\n" + Object("b") + ",\n7,\n" + Object("c") + "\n]"),
      (Lines{"a|i|u", "line 2, visit 2: no valid JSON: no colon after a name", "b|i|u",
             "line 4, visit 4: no valid JSON: no JSON object", "c|i|u"}));
  const Lines cut = Read(Form::kDocuments, "[" + Object("a") + ",{\"url\":\"b");
  ASSERT_EQ(cut.size(), 2U);
  EXPECT_NE(cut[1].find("nothing after it can be read"), std::string::npos) << cut[1];
}

TEST(JsonRecordsTest, ReadsNoMoreThanItNeedsOfWhatIsTooLongOrTooDeep) {
  const std::string deep = "{\"x\":" + std::string(1'000'000, '[') + "}";
  EXPECT_EQ(ReadIn(Form::kLines, deep + "\n" + Object("a"), 10'000),
            (Lines{"line 1: no valid JSON: nested too deeply", "a|i|u"}));
  EXPECT_EQ(ReadIn(Form::kLines, "{\"x\":\"" + std::string(9'000'000, 'x') + "\"}\n" + Object("a"), 10'000),
            (Lines{"line 1: no valid JSON: more than 4 MiB long", "a|i|u"}));
}

}  // namespace
}  // namespace page_count
