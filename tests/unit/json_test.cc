#include "worker/http/json.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace page_count {
namespace {

using namespace std::string_literals;

// What the JSON string reads as; "refused" where it is no document, "no text" where it is no string.
std::string ReadText(std::string_view json) {
  const auto document = JsonDocument::Parse(json);
  if (!document) return "refused";
  return std::string(document->root().Text().value_or("no text"));
}

// What the member `url` of the JSON object reads as.
std::string ReadUrl(std::string_view json) {
  const auto document = JsonDocument::Parse(json);
  if (!document) return "refused";
  const auto url = document->root().Member("url");
  return url ? std::string(url->Text().value_or("no text")) : "no member";
}

bool IsJson(std::string_view text) { return JsonDocument::Parse(text).has_value(); }

std::string Repeat(std::string_view text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(JsonDocumentTest, ReadsObjectsListsAndTexts) {
  EXPECT_EQ(ReadUrl(R"( { "url" : "https://h/" , "other" : [1, {"url": 2}] } )"), "https://h/");
  EXPECT_EQ(ReadUrl("{}"), "no member");
  EXPECT_EQ(ReadUrl(R"({"url": null})"), "no text");
  EXPECT_EQ(ReadText(R"("a\"\\\/\b\f\n\r\tz")"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(ReadText(R"("é你😀")"), "é你😀");
  EXPECT_EQ(ReadText(R"("\u00e9\u4F60\uD83D\uDE00")"), "é你😀");
  EXPECT_EQ(ReadText(R"("a\u0000b")"), "a\0b"s);

  const auto list = JsonDocument::Parse(R"([[], {}, "x"])");
  ASSERT_TRUE(list && list->root().IsArray() && !list->root().IsObject());
  EXPECT_EQ(list->root().Size(), 3U);
  EXPECT_TRUE(list->root().At(0).IsArray());
  EXPECT_TRUE(list->root().At(1).IsObject());
  EXPECT_EQ(list->root().At(2).Text(), "x");
}

TEST(JsonDocumentTest, CountsTheLastOfAMemberGivenTwice) {
  EXPECT_EQ(ReadUrl(R"({"url": "a", "x": 1, "url": "b"})"), "b");
  EXPECT_EQ(ReadUrl(R"({"url": "a", "\u0075rl": 5})"), "no text");
  EXPECT_EQ(ReadUrl(R"({"url": "a", "url\u0000": "b", "URL": "c"})"), "a");
}

TEST(JsonDocumentTest, RefusesWhatIsNoJson) {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "}",
                                      "[",
                                      "]",
                                      "[1,]",
                                      "[,1]",
                                      "{\"url\"}",
                                      "{\"url\":}",
                                      "{\"url\":1,}",
                                      "{url:1}",
                                      "{'url':1}",
                                      "\"",
                                      "\"a",
                                      "nul",
                                      "True",
                                      "NaN",
                                      "Infinity",
                                      "-",
                                      "01",
                                      "+1",
                                      ".5",
                                      "1.",
                                      "1e",
                                      "0x1",
                                      "\"\\x\"",
                                      "\"\\u12g4\"",
                                      "\"\t\"",
                                      "\"\n\"",
                                      "// a comment\n1",
                                      "[1] // a comment",
                                      "\f1"}) {
    EXPECT_FALSE(IsJson(text)) << text;
  }
}

TEST(JsonDocumentTest, RefusesWhatFollowsADocument) {
  for (const char* rest : {"x", "{}", ",", "]", "1", "\"\""}) EXPECT_FALSE(IsJson("{} "s + rest)) << rest;
  EXPECT_TRUE(IsJson("{} \r\n\t "));
}

TEST(JsonDocumentTest, RefusesANulByteWhereverItStands) {
  for (const std::string& text : {"\0"s, "{}\0"s, "{}\0garbage"s, "\0{}"s, "{\0}"s, "\"a\0b\""s, "[1\0]"s, "1\0 2"s}) {
    EXPECT_FALSE(IsJson(text)) << testing::PrintToString(text);
  }
}

TEST(JsonDocumentTest, RefusesAByteOrderMark) {
  EXPECT_FALSE(IsJson("\xEF\xBB\xBF{}"));
  EXPECT_FALSE(IsJson("\xEF\xBB\xBF"));
  EXPECT_FALSE(IsJson("\xEF{}"));
  EXPECT_FALSE(IsJson("\xBF{}"));
  EXPECT_FALSE(IsJson("\xFF\xFE{\0}\0"s));
}

TEST(JsonDocumentTest, RefusesInvalidUtf8WhereverItStands) {
  for (const std::string& bytes : {"\x80"s, "\xFF"s, "\xC3"s, "\xC0\xAF"s, "\xE0\x80\xAF"s, "\xED\xA0\x80"s,
                                   "\xF0\x80\x80\xAF"s, "\xF4\x90\x80\x80"s, "\xF5\x80\x80\x80"s, "\xE4\xBD"s}) {
    EXPECT_FALSE(IsJson("\"" + bytes + "\"")) << testing::PrintToString(bytes);
    EXPECT_FALSE(IsJson("{\"" + bytes + "\": 1}")) << testing::PrintToString(bytes);
    EXPECT_FALSE(IsJson("{\"url\": \"\", \"x\": [\"" + bytes + "\"]}")) << testing::PrintToString(bytes);
    EXPECT_FALSE(IsJson("[" + bytes + "]")) << testing::PrintToString(bytes);
  }
}

TEST(JsonDocumentTest, RefusesAHighSurrogateWithoutItsLowOne) {
  for (const std::string_view text : {R"("\ud800")", R"("\ud83dx")", R"("\ud83d\u0041")", R"("\ud83d\ud83d")"}) {
    EXPECT_FALSE(IsJson(text)) << text;
  }
}

TEST(JsonDocumentTest, ReadsHoweverDeepItIsNested) {
  constexpr size_t kDeep = 100'000;
  EXPECT_TRUE(IsJson(Repeat("[", kDeep) + Repeat("]", kDeep)));
  EXPECT_TRUE(IsJson(Repeat("{\"a\":", kDeep) + "1" + Repeat("}", kDeep)));
  EXPECT_TRUE(IsJson(Repeat("[{\"a\":", kDeep) + "1" + Repeat("}]", kDeep)));
  EXPECT_FALSE(IsJson(Repeat("[", kDeep)));
  EXPECT_FALSE(IsJson(Repeat("{\"a\":", kDeep)));
  EXPECT_FALSE(IsJson(Repeat("]", kDeep)));
}

TEST(JsonDocumentTest, ReadsPastNumbersOfAnySize) {
  for (const std::string& number : {"0"s, "-0"s, "1.5e-7"s, "18446744073709551616"s, "-99999999999999999999"s, "1e308"s,
                                    "1e-99999"s, Repeat("9", 300), "0." + Repeat("9", 100'000)}) {
    EXPECT_EQ(ReadUrl(R"({"n": )" + number + R"(, "url": "a"})"), "a") << number.substr(0, 30);
  }
}

TEST(JsonDocumentTest, StaysValidWhenItIsMoved) {
  auto document = JsonDocument::Parse(R"({"url": "a"})");
  ASSERT_TRUE(document);
  const JsonDocument moved = std::move(*document);
  EXPECT_EQ(moved.root().Member("url")->Text(), "a");
}

TEST(JsonWriterTest, GoesOnWhereAPieceWasTaken) {
  JsonWriter json;
  json.StartArray();
  json.Int(1);
  std::string text = json.TakeChunk();
  EXPECT_EQ(text, "[1");
  json.Int(2);
  text += json.TakeChunk();
  json.EndArray();
  EXPECT_EQ(text + json.Take(), "[1,2]");
}

TEST(JsonWriterTest, BeginsEmptyWhateverTheLastOneLeft) {
  {
    JsonWriter unfinished;
    unfinished.StartObject();
    unfinished.Member("left", "over");
  }
  JsonWriter first;
  first.StartArray();
  JsonWriter second;
  second.StartArray();
  second.Int(2);
  first.Int(1);
  second.EndArray();
  first.EndArray();
  EXPECT_EQ(first.Take(), "[1]");
  EXPECT_EQ(second.Take(), "[2]");
}

TEST(JsonWriterTest, WritesACompactDocument) {
  JsonWriter json;
  json.StartObject();
  json.Member("text", "a");
  json.Member("number", -5);
  json.Key("list");
  json.StartArray();
  json.Int(INT64_MAX);
  json.Null();
  json.String("");
  json.EndArray();
  json.EndObject();
  EXPECT_EQ(json.Take(), R"({"text":"a","number":-5,"list":[9223372036854775807,null,""]})");
}

TEST(JsonWriterTest, EscapesWhatJsonDoesNotAllowAndNothingElse) {
  JsonWriter json;
  json.String("\"\\/\b\f\n\r\t\x01\x7f é😀 </script>\0end"s);
  const std::string text = json.Take();
  EXPECT_EQ(text, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f é😀 </script>\\u0000end\"");
  EXPECT_EQ(ReadText(text), "\"\\/\b\f\n\r\t\x01\x7f é😀 </script>\0end"s);
}

TEST(JsonWriterTest, BeginsANewDocumentOnceOneIsTaken) {
  JsonWriter json;
  json.String("first");
  EXPECT_EQ(json.Take(), "\"first\"");
  json.StartArray();
  json.EndArray();
  EXPECT_EQ(json.Take(), "[]");
}

}  // namespace
}  // namespace page_count
