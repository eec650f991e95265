#include "api/paper/written_members.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"

namespace livetape::api {
namespace {

TEST(WrittenMembers, ReadsThePlainForm) {
  WrittenMembers members;
  ASSERT_TRUE(members.Read(
      R"({"a":"text","b":null,"c":true,"d":false,"e":-12.5,"f":{"g":"}\"","h":{}},"i":""})"));
  const JsonObject object = members.object();
  ASSERT_EQ(object.members.size(), 7u);
  EXPECT_EQ(object.Find("a")->kind, JsonKind::kString);
  EXPECT_EQ(object.Find("a")->text, "text");
  EXPECT_EQ(object.Find("a")->json, "\"text\"");
  EXPECT_EQ(object.Find("b")->kind, JsonKind::kNull);
  EXPECT_EQ(object.Find("c")->json, "true");
  EXPECT_EQ(object.Find("d")->kind, JsonKind::kBool);
  EXPECT_EQ(object.Find("e")->json, "-12.5");
  EXPECT_EQ(object.Find("e")->kind, JsonKind::kNumber);
  EXPECT_EQ(object.Find("f")->json, R"({"g":"}\"","h":{}})");
  EXPECT_EQ(object.Find("f")->kind, JsonKind::kObject);
  EXPECT_EQ(object.Find("i")->text, "");
}

TEST(WrittenMembers, LeavesOtherFormsToTheReader) {
  WrittenMembers members;
  for (const std::string_view json : {"",
                                      "{",
                                      "{}",
                                      "null",
                                      "[]",
                                      "{\"a\":1} ",
                                      "{ \"a\":1}",
                                      "{\"a\": 1}",
                                      "{\"a\":[1]}",
                                      "{\"a\":\"\\n\"}",
                                      "{\"\\u0061\":1}",
                                      "{\"a\":1e5}",
                                      "{\"a\":1,}",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":nul}",
                                      "{\"a\":\"b}",
                                      "{\"a\":{\"b\":1}",
                                      "{\"a\":{\"b\":\"}",
                                      "{\"a\":1}}",
                                      "{\"a\":{\"b\\"}) {
    EXPECT_FALSE(members.Read(json)) << json;
  }
}

TEST(WrittenMembers, LeaveLargeObjectsToTheReader) {
  const auto object_of = [](int count) {
    std::string json = "{";
    for (int i = 0; i < count; ++i) json += (i == 0 ? "\"a\":1" : ",\"a\":1");
    return json + "}";
  };
  WrittenMembers members;
  EXPECT_TRUE(members.Read(object_of(64)));
  EXPECT_EQ(members.object().members.size(), 64u);
  EXPECT_FALSE(members.Read(object_of(65)));
}

TEST(WrittenMembers, TakeNoHarmFromAnyBytes) {
  constexpr uint64_t kSeed = 11;
  base::Random random(kSeed);
  constexpr std::string_view kAlphabet = "{}\":,\\ntrue1.-[]a";
  WrittenMembers members;
  size_t accepted = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string json = "{\"a\":";
    const size_t size = random.Below(20);
    for (size_t k = 0; k < size; ++k) json += kAlphabet[random.Below(kAlphabet.size())];
    if (!members.Read(json)) continue;
    ++accepted;
    for (const JsonMember& member : members.object().members) {
      ASSERT_GE(member.json.data(), json.data()) << "seed " << kSeed << ": " << json;
      ASSERT_LE(member.json.data() + member.json.size(), json.data() + json.size()) << json;
    }
  }
  EXPECT_GT(accepted, 0u);
}

}  // namespace
}  // namespace livetape::api
