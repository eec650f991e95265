#include "http/date_field.h"

#include <gtest/gtest.h>

namespace livetape::http {
namespace {

using namespace std::chrono_literals;

base::WallTime At(std::chrono::nanoseconds since_1970) { return base::WallTime{since_1970}; }

// The example of RFC 9110, section 5.6.7, and the borders of what follows from the calendar.
TEST(DateField, IsAnImfFixdate) {
  DateField date;
  EXPECT_EQ(date.At(At(784111777s)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.At(At(0s)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date.At(At(1709251199s)), "Thu, 29 Feb 2024 23:59:59 GMT");
  EXPECT_EQ(date.At(At(1798761600s - 1ns)), "Thu, 31 Dec 2026 23:59:59 GMT");
}

TEST(DateField, FollowsTheClockBothWays) {
  DateField date;
  EXPECT_EQ(date.At(At(784111777s + 999ms)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.At(At(784111778s)), "Sun, 06 Nov 1994 08:49:38 GMT");
  EXPECT_EQ(date.At(At(784111777s)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.At(At(-1ns)), "Wed, 31 Dec 1969 23:59:59 GMT");
}

}  // namespace
}  // namespace livetape::http
