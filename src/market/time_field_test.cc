#include "market/time_field.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::market {
namespace {

std::string Read(std::string_view text) {
  const auto time = ParseTimeField(text);
  return time ? base::FormatRfc3339(*time) : "error";
}

TEST(TimeField, ReadsDates) {
  EXPECT_EQ(Read("2004-08-19"), "2004-08-19T00:00:00.000000Z");
  EXPECT_EQ(Read("20131007"), "2013-10-07T00:00:00.000000Z");
}

TEST(TimeField, ReadsDatesWithATimeOfDay) {
  EXPECT_EQ(Read("2026-11-20T15:04:05.5Z"), "2026-11-20T15:04:05.500000Z");
  EXPECT_EQ(Read("2026-11-20T15:04:05+01:00"), "2026-11-20T14:04:05.000000Z");
  EXPECT_EQ(Read("2026-11-20 15:04:05"), "2026-11-20T15:04:05.000000Z");
  EXPECT_EQ(Read("2026-11-20 15:04"), "2026-11-20T15:04:00.000000Z");
  EXPECT_EQ(Read("20131007 09:31"), "2013-10-07T09:31:00.000000Z");
}

TEST(TimeField, TellsEpochUnitsBySize) {
  EXPECT_EQ(Read("1723161253"), "2024-08-08T23:54:13.000000Z");
  EXPECT_EQ(Read("1723161253.937085"), "2024-08-08T23:54:13.937085Z");
  EXPECT_EQ(Read("1723161253937"), "2024-08-08T23:54:13.937000Z");
  EXPECT_EQ(Read("1723161253937085"), "2024-08-08T23:54:13.937085Z");
  EXPECT_EQ(Read("1723161253937085768"), "2024-08-08T23:54:13.937085Z");
  EXPECT_EQ(Read("0"), "1970-01-01T00:00:00.000000Z");
}

TEST(TimeField, RefusesWhatIsNotATime) {
  for (const char* text :
       {"", "abc", "-5", "2026-13-01", "20261301", "1.2.3", "1.", "08/19/2004", "2026-11-20T15",
        "99999999999999999999", "9223372036854775807", "1969-12-31", "2201-01-01", "1e9"}) {
    EXPECT_EQ(Read(text), "error") << text;
  }
}

}  // namespace
}  // namespace livetape::market
