#include "auth/strict_json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/value.hpp>
#include <string>

namespace livetape::auth {
namespace {

TEST(StrictJson, ReadsAnObject) {
  const auto object = ParseStrictObject(R"( {"sub":"alice","exp":12,"n":{"sub":[{"sub":1}]}} )");
  ASSERT_TRUE(object);
  EXPECT_EQ(object->at("sub").as_string(), "alice");
  EXPECT_EQ(object->at("exp").as_int64(), 12);
}

TEST(StrictJson, AMemberTwiceIsRefused) {
  EXPECT_FALSE(ParseStrictObject(R"({"sub":"alice","sub":"bob"})"));
  EXPECT_FALSE(ParseStrictObject(R"({"sub":"alice","su\u0062":"bob"})"));
  EXPECT_FALSE(ParseStrictObject(R"({"a":[{"b":1,"b":1}]})"));
  EXPECT_TRUE(ParseStrictObject(R"({"a":{"b":1},"c":{"b":1},"b":1})"));
}

TEST(StrictJson, OnlyAnObjectIsOne) {
  for (const std::string_view text : {"", " ", "null", "[]", "\"a\"", "1", "{", "{}{}", "{} x",
                                      "{a:1}", "{\"a\":1,}", "{\"a\":\"\xff\"}", "/**/{}"}) {
    EXPECT_FALSE(ParseStrictObject(text)) << text;
  }
}

std::string Nested(size_t depth) {
  return fmt::format("{{\"a\":{}{}}}", std::string(depth - 1, '['), std::string(depth - 1, ']'));
}

TEST(StrictJson, NestingHasALimit) {
  EXPECT_TRUE(ParseStrictObject(Nested(kJsonDepthMax)));
  EXPECT_FALSE(ParseStrictObject(Nested(kJsonDepthMax + 1)));
  EXPECT_FALSE(ParseStrictObject(Nested(100'000)));
}

}  // namespace
}  // namespace livetape::auth
