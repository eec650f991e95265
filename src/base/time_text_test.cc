#include "base/time_text.h"

#include <gtest/gtest.h>

namespace livetape::base {
namespace {

TEST(Rfc3339, RoundTripsWithMicroseconds) {
  EXPECT_EQ(FormatRfc3339(*ParseRfc3339("2026-11-20T15:04:05.123456Z")),
            "2026-11-20T15:04:05.123456Z");
}

TEST(Rfc3339, TakesOffsetsFractionsAndDates) {
  const auto format = [](std::string_view text) { return FormatRfc3339(*ParseRfc3339(text)); };
  EXPECT_EQ(format("2026-11-20T15:04:05+02:00"), "2026-11-20T13:04:05.000000Z");
  EXPECT_EQ(format("2026-11-20T23:30:00-01:00"), "2026-11-21T00:30:00.000000Z");
  EXPECT_EQ(format("2026-11-20"), "2026-11-20T00:00:00.000000Z");
  EXPECT_EQ(format("1969-12-31T23:59:59.5Z"), "1969-12-31T23:59:59.500000Z");
  EXPECT_EQ(format("2026-11-20 15:04:05.123456789Z"), "2026-11-20T15:04:05.123456Z");
}

TEST(Rfc3339, RefusesOtherForms) {
  for (const char* text :
       {"", "2026", "2026-13-01", "2026-02-30", "2026-11-20T25:00:00Z", "2026-11-20T15:04:05",
        "2026-11-20T15:04:05.Z", "9999-01-01", "2026-11-20T15:04:05Zx", "20261120T150405Z"}) {
    EXPECT_FALSE(ParseRfc3339(text)) << text;
  }
}

TEST(Rfc3339, AsABoundNamesTheNearestTimeThereIs) {
  const auto format = [](std::string_view text) { return FormatRfc3339(*ParseRfc3339Bound(text)); };
  EXPECT_EQ(format("0001-01-01T00:00:00Z"), "1678-01-01T00:00:00.000000Z");
  EXPECT_EQ(format("1677-12-31T23:59:59Z"), "1678-01-01T00:00:00.000000Z");
  EXPECT_EQ(format("1678-01-01T00:00:00.5Z"), "1678-01-01T00:00:00.500000Z");
  EXPECT_EQ(format("2261-12-31T23:59:59Z"), "2261-12-31T23:59:59.000000Z");
  EXPECT_EQ(format("2262-01-01"), "2261-12-31T23:59:59.999999Z");
  EXPECT_EQ(format("9999-12-31T23:59:59.999999999Z"), "2261-12-31T23:59:59.999999Z");
  for (const char* text : {"1677-12-31", "2262-01-01", "9999-12-31T23:59:59Z"}) {
    EXPECT_FALSE(ParseRfc3339(text)) << text;
  }
  for (const char* text : {"", "9999", "9999-13-01", "9999-01-01T25:00:00Z", "99999-01-01"}) {
    EXPECT_FALSE(ParseRfc3339Bound(text)) << text;
  }
}

TEST(Rfc3339, AsABoundMayHaveASpaceWhereAQueryHadAPlus) {
  const auto plus = ParseRfc3339Bound("2026-11-20T15:04:05.5 01:30");
  ASSERT_TRUE(plus);
  EXPECT_EQ(*plus, *ParseRfc3339("2026-11-20T15:04:05.5+01:30"));
  EXPECT_FALSE(ParseRfc3339("2026-11-20T15:04:05 00:00"));
  for (const char* text : {"2026-11-20T15:04:05 ", "2026-11-20T15:04:05 Z",
                           "2026-11-20T15:04:05  00:00", "2026-11-20T15:04:05 00:00 "}) {
    EXPECT_FALSE(ParseRfc3339Bound(text)) << text;
  }
}

TEST(Asctime, IsTheLibrarysForm) {
  EXPECT_EQ(FormatAsctime(*ParseRfc3339("2026-11-20T15:04:05Z")), "Fri Nov 20 15:04:05 2026");
  EXPECT_EQ(FormatAsctime(*ParseRfc3339("2026-11-02T05:04:05Z")), "Mon Nov  2 05:04:05 2026");
}

}  // namespace
}  // namespace livetape::base
