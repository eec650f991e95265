#include "base/json_text.h"

#include <gtest/gtest.h>

namespace livetape::base {
namespace {

std::string Json(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(JsonText, EscapesWhatJsonDemands) {
  EXPECT_EQ(Json(""), R"("")");
  EXPECT_EQ(Json("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Json(std::string_view("\n\r\t\x00\x1f", 5)), R"("\n\r\t\u0000\u001f")");
}

TEST(JsonText, WellFormedUtf8Passes) {
  const std::string_view text =
      "caf\xc3\xa9 \xe2\x82\xac \xed\x9f\xbf \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf";
  EXPECT_EQ(Json(text), "\"" + std::string(text) + "\"");
}

TEST(JsonText, EachByteThatIsNotUtf8BecomesTheReplacementCharacter) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(Json("a\xff"
                 "b"),
            "\"a" + r + "b\"");
  EXPECT_EQ(Json("\x80"), "\"" + r + "\"");
  EXPECT_EQ(Json("\xc0\x80"), "\"" + r + r + "\"") << "overlong NUL";
  EXPECT_EQ(Json("\xe0\x80\xaf"), "\"" + r + r + r + "\"") << "overlong slash";
  EXPECT_EQ(Json("\xed\xa0\x80"), "\"" + r + r + r + "\"") << "surrogate";
  EXPECT_EQ(Json("\xf4\x90\x80\x80"), "\"" + r + r + r + r + "\"") << "above U+10FFFF";
}

TEST(JsonText, ACharacterCutShortIsReplacedAndEscapingGoesOn) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(Json("\xf0\x9f\x98"), "\"" + r + r + r + "\"");
  EXPECT_EQ(Json("\xc3\""), "\"" + r + "\\\"\"");
  EXPECT_EQ(Json("\xe2\x82\n"), "\"" + r + r + "\\n\"");
}

}  // namespace
}  // namespace livetape::base
