#include "market/sessions.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/time_text.h"

namespace livetape::market {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
using base::WallTime;

const Sessions kAlways{Hours::kAlways};
const Sessions kExchange{Hours::kExchange};

WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }

// "open 2024-07-03T13:30:00"
std::string Told(const SessionAt& event) {
  static constexpr std::array kNames = {"open ", "close ", "roll "};
  return kNames[static_cast<size_t>(event.kind)] + base::FormatRfc3339(event.time).substr(0, 19);
}

using Lines = std::vector<std::string>;

Lines After(const Sessions& sessions, std::string_view time, size_t count) {
  Lines lines;
  SessionAt event = sessions.NextAfter(At(time));
  while (lines.size() < count) {
    lines.push_back(Told(event));
    event = sessions.NextAfter(event);
  }
  return lines;
}

Lines TakeAll(SessionCursor& cursor, WallTime now) {
  Lines lines;
  while (const auto event = cursor.TakeUntil(now)) lines.push_back(Told(*event));
  return lines;
}

TEST(Sessions, AlwaysOnlyTheDayRolls) {
  EXPECT_EQ(After(kAlways, "2024-12-31T23:59:59.999999999Z", 2),
            (Lines{"roll 2025-01-01T00:00:00", "roll 2025-01-02T00:00:00"}));
  EXPECT_EQ(After(kAlways, "2025-01-01T00:00:00Z", 1), (Lines{"roll 2025-01-02T00:00:00"}));
  EXPECT_TRUE(kAlways.IsOpen(At("2025-01-01T03:00:00Z")));
  EXPECT_EQ(kAlways.NextClose(At("2025-01-01T03:00:00Z")), At("2025-01-02"));
  EXPECT_EQ(kAlways.NextOpen(At("2025-01-01T03:00:00Z")), At("2025-01-02"));
}

TEST(Sessions, TheExchangeOpensClosesAndThenTheDayRolls) {
  EXPECT_EQ(After(kExchange, "2024-01-02T00:00:00Z", 4),
            (Lines{"open 2024-01-02T14:30:00", "close 2024-01-02T21:00:00",
                   "roll 2024-01-02T21:00:00", "open 2024-01-03T14:30:00"}));
}

TEST(Sessions, HalfDaysCloseEarlyAndRollAsEver) {
  EXPECT_EQ(After(kExchange, "2024-07-02T20:00:00Z", 4),
            (Lines{"open 2024-07-03T13:30:00", "close 2024-07-03T17:00:00",
                   "roll 2024-07-03T20:00:00", "open 2024-07-05T13:30:00"}));
}

TEST(Sessions, HoursFollowTheClockOfNewYork) {
  EXPECT_EQ(After(kExchange, "2024-03-08T21:00:00Z", 1), (Lines{"open 2024-03-11T13:30:00"}))
      << "the Monday after the change to daylight time";
  EXPECT_EQ(After(kExchange, "2024-11-01T20:00:00Z", 1), (Lines{"open 2024-11-04T14:30:00"}));
}

TEST(Sessions, AnEveningBelongsToItsDayInNewYork) {
  // 00:30 UTC of Saturday is Friday evening.
  EXPECT_EQ(After(kExchange, "2024-07-06T00:30:00Z", 1), (Lines{"open 2024-07-08T13:30:00"}));
}

TEST(Sessions, TheExchangeIsOpenFromTheFirstMomentToBeforeTheLast) {
  EXPECT_FALSE(kExchange.IsOpen(At("2024-07-03T13:29:59.999999999Z")));
  EXPECT_TRUE(kExchange.IsOpen(At("2024-07-03T13:30:00Z")));
  EXPECT_TRUE(kExchange.IsOpen(At("2024-07-03T16:59:59.999999999Z")));
  EXPECT_FALSE(kExchange.IsOpen(At("2024-07-03T17:00:00Z")));
  EXPECT_FALSE(kExchange.IsOpen(At("2024-07-04T15:00:00Z")));
}

TEST(Sessions, NextOpenAndNextCloseAreLaterThanNow) {
  const WallTime open = At("2024-01-02T14:30:00Z"), close = At("2024-01-02T21:00:00Z");
  EXPECT_EQ(kExchange.NextOpen(open - 1ns), open);
  EXPECT_EQ(kExchange.NextOpen(open), At("2024-01-03T14:30:00Z"));
  EXPECT_EQ(kExchange.NextClose(open), close);
  EXPECT_EQ(kExchange.NextClose(close - 1ns), close);
  EXPECT_EQ(kExchange.NextClose(close), At("2024-01-03T21:00:00Z"));
}

TEST(Sessions, TheEndsOfTimeAreNoTrap) {
  for (const Sessions* sessions : {&kAlways, &kExchange}) {
    EXPECT_EQ(sessions->NextAfter(WallTime::max()).time, WallTime::max());
    EXPECT_EQ(sessions->NextClose(WallTime::max()), WallTime::max());
    EXPECT_LT(sessions->NextAfter(WallTime::min()).time, At("1678-01-10"));
    SessionCursor cursor(*sessions, WallTime::min());
    EXPECT_LE(TakeAll(cursor, WallTime::max()).size(), 3u);
    EXPECT_EQ(cursor.next(), WallTime::max());
  }
}

TEST(SessionCursor, GivesEachEventOnceInOrder) {
  SessionCursor cursor(kExchange, At("2024-07-03T12:00:00Z"));
  EXPECT_FALSE(cursor.open());
  EXPECT_EQ(cursor.next(), At("2024-07-03T13:30:00Z"));
  EXPECT_EQ(TakeAll(cursor, At("2024-07-03T13:29:59Z")), Lines{});
  EXPECT_EQ(TakeAll(cursor, At("2024-07-03T13:30:00Z")), (Lines{"open 2024-07-03T13:30:00"}));
  EXPECT_TRUE(cursor.open());
  EXPECT_EQ(TakeAll(cursor, At("2024-07-03T13:30:00Z")), Lines{});
  EXPECT_EQ(
      TakeAll(cursor, At("2024-07-08T12:00:00Z")),
      (Lines{"close 2024-07-03T17:00:00", "roll 2024-07-03T20:00:00", "open 2024-07-05T13:30:00",
             "close 2024-07-05T20:00:00", "roll 2024-07-05T20:00:00"}));
  EXPECT_FALSE(cursor.open());
}

TEST(SessionCursor, WhatIsDueAtTheStartIsPast) {
  SessionCursor open(kExchange, At("2024-07-05T13:30:00Z"));
  EXPECT_TRUE(open.open());
  EXPECT_EQ(open.next(), At("2024-07-05T20:00:00Z"));
  SessionCursor closed(kExchange, At("2024-07-05T20:00:00Z"));
  EXPECT_FALSE(closed.open());
  EXPECT_EQ(closed.next(), At("2024-07-08T13:30:00Z"));
}

TEST(SessionCursor, AClockThatGoesBackTakesNothing) {
  SessionCursor cursor(kExchange, At("2024-07-05T13:00:00Z"));
  EXPECT_EQ(TakeAll(cursor, At("2024-07-05T14:00:00Z")).size(), 1u);
  EXPECT_EQ(TakeAll(cursor, At("2024-07-01T14:00:00Z")), Lines{});
  EXPECT_TRUE(cursor.open());
}

TEST(SessionCursor, UpToAWeekEverythingIsTold) {
  SessionCursor cursor(kAlways, At("2024-01-01T12:00:00Z"));
  EXPECT_EQ(TakeAll(cursor, At("2024-01-09T00:00:00Z")).size(), 8u);
  SessionCursor exchange(kExchange, At("2001-09-10T20:00:00Z"));
  EXPECT_EQ(TakeAll(exchange, At("2001-09-17T13:30:00Z")), (Lines{"open 2001-09-17T13:30:00"}));
}

TEST(SessionCursor, AfterALongJumpOnlyTheNewestOfEachKind) {
  SessionCursor cursor(kExchange, At("2020-01-01T00:00:00Z"));
  EXPECT_EQ(
      TakeAll(cursor, At("2024-07-10T15:00:00Z")),
      (Lines{"close 2024-07-09T20:00:00", "roll 2024-07-09T20:00:00", "open 2024-07-10T13:30:00"}));
  EXPECT_TRUE(cursor.open());
  EXPECT_EQ(TakeAll(cursor, At("2024-07-10T20:00:00Z")),
            (Lines{"close 2024-07-10T20:00:00", "roll 2024-07-10T20:00:00"}));

  SessionCursor half(kExchange, At("2020-01-01T00:00:00Z"));
  EXPECT_EQ(
      TakeAll(half, At("2024-07-03T18:00:00Z")),
      (Lines{"roll 2024-07-02T20:00:00", "open 2024-07-03T13:30:00", "close 2024-07-03T17:00:00"}))
      << "closed, but not yet rolled";

  SessionCursor always(kAlways, At("2020-01-01T00:00:00Z"));
  EXPECT_EQ(TakeAll(always, At("2024-07-10T15:00:00Z")), (Lines{"roll 2024-07-10T00:00:00"}));
}

TEST(Sessions, TheLastEventOfAKind) {
  const auto last = [](const Sessions& sessions, SessionEventKind kind, std::string_view time) {
    const auto found = sessions.Last(kind, At(time));
    return found ? base::FormatRfc3339(*found).substr(0, 19) : "none";
  };
  using enum SessionEventKind;
  EXPECT_EQ(last(kAlways, kDayRoll, "2024-07-10T15:00:00Z"), "2024-07-10T00:00:00");
  EXPECT_EQ(last(kAlways, kDayRoll, "2024-07-10T00:00:00Z"), "2024-07-10T00:00:00");
  EXPECT_EQ(last(kAlways, kOpen, "2024-07-10T15:00:00Z"), "none");
  EXPECT_EQ(last(kExchange, kOpen, "2024-07-10T15:00:00Z"), "2024-07-10T13:30:00");
  EXPECT_EQ(last(kExchange, kOpen, "2024-07-10T13:29:59Z"), "2024-07-09T13:30:00");
  EXPECT_EQ(last(kExchange, kClose, "2024-07-10T15:00:00Z"), "2024-07-09T20:00:00");
  EXPECT_EQ(last(kExchange, kDayRoll, "2001-09-17T13:00:00Z"), "2001-09-10T20:00:00");
}

TEST(SessionCursor, AJumpIntoTheLongestPauseTellsWhatCameBefore) {
  SessionCursor cursor(kExchange, At("2001-01-01T00:00:00Z"));
  EXPECT_EQ(
      TakeAll(cursor, At("2001-09-17T13:00:00Z")),
      (Lines{"open 2001-09-10T13:30:00", "close 2001-09-10T20:00:00", "roll 2001-09-10T20:00:00"}));
  EXPECT_FALSE(cursor.open());
}

TEST(SessionCursor, AYearStepByStepIsTheCalendarsYear) {
  SessionCursor cursor(kExchange, At("2024-01-01T00:00:00Z"));
  size_t opens = 0, closes = 0, rolls = 0;
  for (WallTime now = At("2024-01-01T00:00:00Z"); now < At("2025-01-01T00:00:00Z"); now += 17min) {
    while (const auto event = cursor.TakeUntil(now)) {
      opens += event->kind == SessionEventKind::kOpen;
      closes += event->kind == SessionEventKind::kClose;
      rolls += event->kind == SessionEventKind::kDayRoll;
    }
    ASSERT_EQ(cursor.open(), kExchange.IsOpen(now)) << base::FormatRfc3339(now);
  }
  EXPECT_EQ(opens, 252u);
  EXPECT_EQ(closes, 252u);
  EXPECT_EQ(rolls, 252u);
}

}  // namespace
}  // namespace livetape::market
