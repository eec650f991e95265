#include "base/utf8.h"

#include <gtest/gtest.h>

namespace livetape::base {
namespace {

TEST(IsUtf8, WellFormed) {
  for (const char* const text :
       {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "a\xc3\xa9z"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  EXPECT_TRUE(IsUtf8(std::string_view("\0", 1)));
}

TEST(IsUtf8, CutShortOverlongSurrogateOrTooLarge) {
  for (const char* const text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "a\xe8", "\xe8\xe2", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf0\x90\x80", "\xff"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

}  // namespace
}  // namespace livetape::base
