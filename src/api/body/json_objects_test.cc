#include "api/body/json_objects.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <vector>

#include "base/random.h"

namespace livetape::api {
namespace {

std::string Minified(std::string_view json) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(json);
  return object ? std::string(object->json) : object.error().detail;
}

// The objects of `json`, each on a line behind its index; or the error behind its field.
std::string Each(std::string_view json) {
  JsonObjectReader reader;
  std::string out;
  const auto read = reader.ReadEach(
      json, "the body",
      [&](std::optional<size_t> index, const JsonObject& object) -> std::optional<BodyError> {
        out += (index ? std::to_string(*index) : "-") + " " + std::string(object.json) + "\n";
        return std::nullopt;
      });
  return read ? out : read.error().field + "|" + read.error().detail;
}

TEST(JsonObjectReader, GivesMembersWithTheirTextAsSent) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(
      R"( {"a" : "x\ty\u00e9" , "n":  1.50e+0, "o": { "k" : [ 1 , {} ] }, "t":true,"z":null,"":[]} )");
  ASSERT_TRUE(object) << object.error().detail;
  ASSERT_EQ(object->members.size(), 6U);
  const JsonMember& a = object->members[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.kind, JsonKind::kString);
  EXPECT_EQ(a.text, "x\ty\u00e9");
  EXPECT_EQ(a.json, "\"x\\ty\u00e9\"");
  EXPECT_EQ(object->Find("n")->json, "1.50e+0");
  EXPECT_EQ(object->Find("o")->json, R"({"k":[1,{}]})");
  EXPECT_EQ(object->Find("o")->kind, JsonKind::kObject);
  EXPECT_EQ(object->Find("t")->json, "true");
  EXPECT_EQ(object->Find("z")->kind, JsonKind::kNull);
  EXPECT_EQ(object->Find("")->json, "[]");
  EXPECT_EQ(object->Find("k"), nullptr);
  EXPECT_EQ(object->Count("a"), 1U);
  EXPECT_EQ(object->Count("k"), 0U);
}

TEST(JsonObjectReader, WritesOneLineOfJson) {
  EXPECT_EQ(Minified("{\r\n \"a\" :\n[1,\t2] }\n"), R"({"a":[1,2]})");
  EXPECT_EQ(Minified(R"({"a":"\u0000\b\f\n\r\t\"\\\/\u2028"})"),
            "{\"a\":\"\\u0000\\u0008\\u000c\\n\\u000d\\t\\\"\\\\/\u2028\"}");
  EXPECT_EQ(Minified(R"({"\n":{"\"":"\ud83d\ude00"}})"), "{\"\\n\":{\"\\\"\":\"\U0001F600\"}}");
}

TEST(JsonObjectReader, KeepsDigitsThatNoNumberTypeHolds) {
  const std::string json =
      R"({"a":[-0,0.10,123456789012345678901234567890,1e999,0.30000000000000004,1E-7]})";
  EXPECT_EQ(Minified(json), json);
}

TEST(JsonObjectReader, KeepsLongStringsWithEscapesWhole) {
  std::string json = "{\"a\":\"", text;
  for (int i = 0; i < 5000; ++i) {
    json += "\\u00e9z\\n\U0001F600";
    text += "\u00e9z\n\U0001F600";
  }
  json += "\"}";
  JsonObjectReader reader;
  const auto object = reader.ReadOne(json);
  ASSERT_TRUE(object);
  EXPECT_EQ(object->members[0].text, text);
  EXPECT_EQ(boost::json::parse(std::string(object->json)).at("a").as_string(), text);
}

TEST(JsonObjectReader, ReadsAnObjectOrAnArrayOfObjects) {
  EXPECT_EQ(Each(R"({"a":1})"), "- {\"a\":1}\n");
  EXPECT_EQ(Each(R"( [ {"a":[{}]} , {} ] )"), "0 {\"a\":[{}]}\n1 {}\n");
  EXPECT_EQ(Each("[]"), "");
}

TEST(JsonObjectReader, SaysWhatIsWrong) {
  struct Case {
    std::string json, error;
  };
  for (const Case& c : std::vector<Case>{
           {"7", "the body: expected an object, got a number"},
           {"\"x\"", "the body: expected an object, got a string"},
           {"[{}]", "the body: expected an object, got an array"},
           {"null", "the body: expected an object, got null"},
       }) {
    EXPECT_EQ(Minified(c.json), c.error) << c.json;
  }
  EXPECT_EQ(Each("7"), "|the body: expected an object or an array of objects, got a number");
  EXPECT_EQ(Each("[{},true]"), "items[1]|items[1] must be an object, got true or false");
  EXPECT_EQ(Each("[[]]"), "items[0]|items[0] must be an object, got an array");
}

TEST(JsonObjectReader, RefusesWhatIsNotJsonInUtf8) {
  const std::vector<std::string> cases = {"",
                                          " ",
                                          "{",
                                          "{}{}",
                                          "{} x",
                                          "{\"a\":1,}",
                                          "{\"a\" 1}",
                                          "{'a':1}",
                                          "{\"a\":01}",
                                          "{\"a\":NaN}",
                                          "{\"a\":flase}",
                                          "{\"a\":\"\x01\"}",
                                          "{\"a\":\"\xff\"}",
                                          "{\"a\":\"\xc3\"}",
                                          "{\"a\":\"\\ud800\"}",
                                          "{\"a\":\"\\x\"}",
                                          "{\"a\":[1,2}",
                                          "{\"a\":1.}",
                                          "{\"a\":+1}",
                                          std::string("{\"a\":\"\0\"}", 9),
                                          "\xef\xbb\xbf{}",
                                          "{\"\xed\xa0\x80\":1}",
                                          "//x\n{}"};
  for (const std::string& json : cases) {
    EXPECT_NE(Minified(json).find("is not valid JSON in UTF-8"), std::string::npos)
        << json << ": " << Minified(json);
  }
  EXPECT_EQ(Minified("{\"a\":flase}"),
            "the body is not valid JSON in UTF-8: syntax error at byte 5");
}

TEST(JsonObjectReader, BoundsDepthAndMembers) {
  const auto nested = [](size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(Minified(nested(kJsonDepthMax)), nested(kJsonDepthMax));
  EXPECT_NE(Minified(nested(kJsonDepthMax + 1)).find("too deep"), std::string::npos);

  const auto wide = [](size_t members) {
    std::string json = "{\"m\":0";
    for (size_t i = 1; i < members; ++i) json += ",\"m\":0";
    return json + "}";
  };
  EXPECT_EQ(Minified(wide(kJsonMembersMax)), wide(kJsonMembersMax));
  EXPECT_EQ(Minified(wide(kJsonMembersMax + 1)),
            "the body: an object of more than 1000 members; send fewer");
}

TEST(JsonObjectReader, IsUsedAgainAfterAnError) {
  JsonObjectReader reader;
  EXPECT_FALSE(reader.ReadOne(R"({"a":[{"b":"unfinished)"));
  const auto object = reader.ReadOne(R"({"c":1})");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->json, R"({"c":1})");
  EXPECT_EQ(object->members.size(), 1U);
}

// Any text is either refused, or given as JSON that means the same to another parser.
TEST(JsonObjectReader, AgreesWithATreeParser) {
  constexpr uint64_t kSeed = 20261120;
  base::Random random(kSeed);
  const std::vector<std::string> pieces = {
      "{",           "}",      "[",        "]",       ",",    ":",   "\"a\"", "\"\"",
      "\"\\u00e9\"", "\"\n\"", "\"\xff\"", "1",       "-0.5", "1e5", "true",  "null",
      " ",           "\n",     "\"b\":",   "\"c\":{", "0",    "\\"};
  size_t accepted = 0;
  JsonObjectReader reader;
  for (int round = 0; round < 200'000; ++round) {
    std::string json = "{\"x\":";
    const uint64_t count = 1 + random.Below(6);
    for (uint64_t i = 0; i < count; ++i) json += pieces[random.Below(pieces.size())];
    json += '}';
    boost::json::error_code ec;
    const auto tree = boost::json::parse(json, ec);
    const auto object = reader.ReadOne(json);
    ASSERT_EQ(object.has_value(), !ec) << "seed " << kSeed << ": " << json;
    if (!object) continue;
    ++accepted;
    ASSERT_EQ(boost::json::parse(std::string(object->json)), tree) << json;
    ASSERT_EQ(object->json.find_first_of("\r\n"), std::string_view::npos) << json;
  }
  EXPECT_GT(accepted, 1000U);
}

TEST(NumberOf, GivesFiniteNumbers) {
  EXPECT_EQ(NumberOf("-1.5e1"), -15.0);
  EXPECT_EQ(NumberOf("0"), 0.0);
  EXPECT_EQ(NumberOf("1e999"), std::nullopt);
}

}  // namespace
}  // namespace livetape::api
