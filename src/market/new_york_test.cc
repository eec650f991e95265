#include "market/new_york.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::market {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

base::WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }

std::string InNewYork(std::string_view utc) {
  std::string out;
  AppendNewYorkRfc3339(out, At(utc));
  return out;
}

struct Change {
  const char* last_before;  // the last second of the old clock, in UTC
  const char* before;
  const char* first_after;
  const char* after;
};

// Dates of the changes as the time zone database of IANA has them.
TEST(NewYork, ChangesItsClockOnTheDaysOfTheLaw) {
  const Change changes[] = {
      {"2024-03-10T06:59:59Z", "2024-03-10T01:59:59-05:00", "2024-03-10T07:00:00Z",
       "2024-03-10T03:00:00-04:00"},
      {"2024-11-03T05:59:59Z", "2024-11-03T01:59:59-04:00", "2024-11-03T06:00:00Z",
       "2024-11-03T01:00:00-05:00"},
      {"2026-03-08T06:59:59Z", "2026-03-08T01:59:59-05:00", "2026-03-08T07:00:00Z",
       "2026-03-08T03:00:00-04:00"},
      {"2026-11-01T05:59:59Z", "2026-11-01T01:59:59-04:00", "2026-11-01T06:00:00Z",
       "2026-11-01T01:00:00-05:00"},
      {"2007-03-11T06:59:59Z", "2007-03-11T01:59:59-05:00", "2007-03-11T07:00:00Z",
       "2007-03-11T03:00:00-04:00"},
      {"2006-04-02T06:59:59Z", "2006-04-02T01:59:59-05:00", "2006-04-02T07:00:00Z",
       "2006-04-02T03:00:00-04:00"},
      {"2006-10-29T05:59:59Z", "2006-10-29T01:59:59-04:00", "2006-10-29T06:00:00Z",
       "2006-10-29T01:00:00-05:00"},
      {"1987-04-05T06:59:59Z", "1987-04-05T01:59:59-05:00", "1987-04-05T07:00:00Z",
       "1987-04-05T03:00:00-04:00"},
      {"1986-04-27T06:59:59Z", "1986-04-27T01:59:59-05:00", "1986-04-27T07:00:00Z",
       "1986-04-27T03:00:00-04:00"},
      {"1974-01-06T06:59:59Z", "1974-01-06T01:59:59-05:00", "1974-01-06T07:00:00Z",
       "1974-01-06T03:00:00-04:00"},
      {"1975-02-23T06:59:59Z", "1975-02-23T01:59:59-05:00", "1975-02-23T07:00:00Z",
       "1975-02-23T03:00:00-04:00"},
      {"1967-10-29T05:59:59Z", "1967-10-29T01:59:59-04:00", "1967-10-29T06:00:00Z",
       "1967-10-29T01:00:00-05:00"},
  };
  for (const Change& change : changes) {
    EXPECT_EQ(InNewYork(change.last_before), change.before);
    EXPECT_EQ(InNewYork(change.first_after), change.after);
  }
}

TEST(NewYork, IsADayBehindBeforeItsMidnight) {
  EXPECT_EQ(InNewYork("2024-01-01T04:59:59Z"), "2023-12-31T23:59:59-05:00");
  EXPECT_EQ(InNewYork("2024-01-01T05:00:00Z"), "2024-01-01T00:00:00-05:00");
  EXPECT_EQ(InNewYork("1969-12-31T23:00:00Z"), "1969-12-31T18:00:00-05:00");
}

TEST(NewYork, MicrosecondsAreToldIfThereAreAny) {
  EXPECT_EQ(InNewYork("2026-11-20T15:04:05.123456789Z"), "2026-11-20T10:04:05.123456-05:00");
  EXPECT_EQ(InNewYork("2026-11-20T15:04:05.000000789Z"), "2026-11-20T10:04:05-05:00");
}

TEST(NewYork, ATimeOfDayIsAMoment) {
  const Day winter{2024y / 1 / 2}, summer{2024y / 7 / 2};
  EXPECT_EQ(FromNewYork(winter, 9h + 30min), At("2024-01-02T14:30:00Z"));
  EXPECT_EQ(FromNewYork(summer, 9h + 30min), At("2024-07-02T13:30:00Z"));
  EXPECT_EQ(FromNewYork(summer, 0min), At("2024-07-02T04:00:00Z"));
  EXPECT_EQ(FromNewYork(Day{2024y / 12 / 31}, 23h + 59min), At("2025-01-01T04:59:00Z"));
}

TEST(NewYork, TheHourThatComesTwiceMeansTheFirst) {
  EXPECT_EQ(FromNewYork(Day{2024y / 11 / 3}, 1h + 30min), At("2024-11-03T05:30:00Z"));
  EXPECT_EQ(FromNewYork(Day{2024y / 11 / 3}, 2h), At("2024-11-03T07:00:00Z"));
}

TEST(NewYork, TheHourThatIsLeftOutIsTakenAsAnHourLater) {
  EXPECT_EQ(FromNewYork(Day{2024y / 3 / 10}, 2h + 30min), At("2024-03-10T07:30:00Z"));
  EXPECT_EQ(FromNewYork(Day{2024y / 3 / 10}, 3h), At("2024-03-10T07:00:00Z"));
}

TEST(NewYork, ThereAndBackIsTheSameTime) {
  for (base::WallTime time = At("1990-01-01T05:00:00Z"); time < At("2040-01-01T00:00:00Z");
       time += 24h + 7h) {
    const NewYorkTime local = ToNewYork(time);
    const auto back =
        FromNewYork(local.day, std::chrono::floor<std::chrono::minutes>(local.time_of_day));
    // The second pass of the hour that comes twice goes to the first.
    EXPECT_TRUE(back == time || time - back == 1h) << base::FormatRfc3339(time);
    EXPECT_EQ(ToNewYork(back).time_of_day, local.time_of_day) << base::FormatRfc3339(time);
  }
}

}  // namespace
}  // namespace livetape::market
