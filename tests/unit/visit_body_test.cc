#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "worker/endpoints/visit_input.h"

namespace page_count {
namespace {

std::string Text(const InvalidInput& problem) {
  std::string text = problem.type + " at";
  for (const auto& step : problem.location) {
    const auto* name = std::get_if<std::string>(&step);
    text += ' ' + (name != nullptr ? *name : std::to_string(std::get<size_t>(step)));
  }
  return text;
}

// The URL, or the problem and its place.
std::string Read(std::string body, BodyType type = BodyType::kJson) {
  const auto url = ReadVisitBody({.body = std::move(body)}, type);
  return url ? url->url.text() : Text(url.error());
}

std::string ReadForm(std::string body) { return Read(std::move(body), BodyType::kForm); }

std::string ReadEntry(std::string_view json, bool may_be_text = true) {
  const auto document = JsonDocument::Parse(json);
  const auto url = ReadVisitEntry(document->root(), {"body", size_t{3}}, may_be_text);
  return url ? url->url.text() : Text(url.error());
}

BodyType TypeOf(std::string_view content_type) { return TypeOfBody({.content_type = content_type}); }

TEST(VisitBodyTest, IsJsonByItsTypeOrWithoutOne) {
  for (const char* type : {"", "application/json", "Application/JSON", "application/json; charset=utf-8",
                           "application/json ;x=y", "text/plain", "text/plain;charset=UTF-8", "TEXT/PLAIN"}) {
    EXPECT_EQ(TypeOf(type), BodyType::kJson) << type;
  }
}

TEST(VisitBodyTest, IsAFormByItsType) {
  EXPECT_EQ(TypeOf("application/x-www-form-urlencoded"), BodyType::kForm);
  EXPECT_EQ(TypeOf("application/x-www-form-urlencoded; charset=UTF-8"), BodyType::kForm);
}

TEST(VisitBodyTest, IsUnknownUnderAnyOtherType) {
  for (const char* type : {"text/html", "multipart/form-data; boundary=x", "application/jsonl", "application/jso",
                           "application/xml", "json", "x", "application/json, text/plain", "image/gif"}) {
    EXPECT_EQ(TypeOf(type), BodyType::kUnknown) << type;
  }
}

TEST(VisitBodyTest, ReadsTheUrlOfAnObject) {
  EXPECT_EQ(Read(R"({"url": "HTTPS://Example.com:443/a#b"})"), "https://example.com/a");
  EXPECT_EQ(Read(R"({"other": [{}], "url": "https://h/", "url2": 1})"), "https://h/");
  EXPECT_EQ(Read(R"({"url": "https://h/1", "url": "https://h/2"})"), "https://h/2");
  EXPECT_EQ(Read(R"({"url": "https://h/a+b"})"), "https://h/a+b");
}

TEST(VisitBodyTest, SaysWhatIsWrongWithABodyAndWhere) {
  EXPECT_EQ(Read(""), "missing at body");
  EXPECT_EQ(Read("{"), "json_invalid at body");
  EXPECT_EQ(Read("url=https://h/"), "json_invalid at body");
  EXPECT_EQ(Read("{\"url\": \"https://h/\xFF\"}"), "json_invalid at body");
  EXPECT_EQ(Read("\xEF\xBB\xBF{\"url\": \"https://h/\"}"), "json_invalid at body");
  EXPECT_EQ(Read(std::string("{\"url\": \"https://h/\"}\0", 22)), "json_invalid at body");
  for (const char* body : {"null", "1", "[]", "\"https://h/\"", "true"}) {
    EXPECT_EQ(Read(body), "model_attributes_type at body") << body;
  }
  EXPECT_EQ(Read("{}"), "missing at body url");
  for (const char* body : {R"({"url": null})", R"({"url": 1})", R"({"url": ["https://h/"]})", R"({"url": {}})"}) {
    EXPECT_EQ(Read(body), "string_type at body url") << body;
  }
}

TEST(VisitBodyTest, RefusesABadUrl) {
  for (const char* url : {"", " ", "h", "ftp://h/", "https://h/\\u0000", "https://h%00/", "https://h/a b",
                          "https://u@h/", "javascript:alert(1)", "https://h/\\udc00", "https://h/\\n"}) {
    EXPECT_EQ(Read(R"({"url": ")" + std::string(url) + "\"}"), "value_error at body url") << url;
  }
}

TEST(VisitBodyTest, ReadsTheUrlOfAForm) {
  EXPECT_EQ(ReadForm("url=https%3A%2F%2Fh%2Fa%3Fb%3D1%26c%3D2"), "https://h/a?b=1&c=2");
  EXPECT_EQ(ReadForm("x=1&url=https://h/a+b&y=2"), "https://h/a+b");
  EXPECT_EQ(ReadForm("url=https://h/1&url=https://h/2"), "https://h/2");
  EXPECT_EQ(ReadForm("url=https://h/100%25%3Fq%3D%5C%250D%250A"), "https://h/100%25?q=%5C%0D%0A");
}

TEST(VisitBodyTest, SaysWhatIsWrongWithAForm) {
  EXPECT_EQ(ReadForm(""), "missing at body url");
  EXPECT_EQ(ReadForm("URL=https://h/"), "missing at body url");
  EXPECT_EQ(ReadForm("{\"url\": \"https://h/\"}"), "missing at body url");
  EXPECT_EQ(ReadForm("url=https://h%25zz/"), "value_error at body url");
  EXPECT_EQ(ReadForm("url=https://h/%ff"), "string_unicode at body url");
  EXPECT_EQ(ReadForm("url="), "value_error at body url");
}

TEST(VisitBodyTest, ReadsAnEntryOfAListAsAnObjectOrAText) {
  EXPECT_EQ(ReadEntry(R"({"url": "https://h/"})"), "https://h/");
  EXPECT_EQ(ReadEntry(R"("https://h/")"), "https://h/");
  EXPECT_EQ(ReadEntry(R"("h")"), "value_error at body 3 url");
  EXPECT_EQ(ReadEntry("{}"), "missing at body 3 url");
  EXPECT_EQ(ReadEntry("[]"), "model_attributes_type at body 3");
  EXPECT_EQ(ReadEntry(R"("https://h/")", false), "model_attributes_type at body 3");
}

}  // namespace
}  // namespace page_count
