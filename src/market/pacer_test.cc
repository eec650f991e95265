#include "market/pacer.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::market {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

const base::WallTime kEvent = *base::ParseRfc3339("2024-08-08T23:54:13Z");

class PacerTest : public testing::Test {
 protected:
  base::ManualClock clock_{*base::ParseRfc3339("2026-11-20T15:00:00Z")};
};

TEST_F(PacerTest, TheFirstEventIsDueAtOnceWheneverItComes) {
  Pacer pacer(clock_, 1);
  clock_.Advance(hours(5));
  EXPECT_EQ(pacer.UntilDue(kEvent), nanoseconds(0));
  EXPECT_EQ(pacer.UntilDue(kEvent + seconds(2)), seconds(2));
}

TEST_F(PacerTest, AFeedThatHasBegunKeepsItsTimes) {
  Pacer pacer(clock_, 1);
  pacer.Begin(kEvent);
  clock_.Advance(milliseconds(200));
  EXPECT_EQ(pacer.UntilDue(kEvent), nanoseconds(0));
  EXPECT_EQ(pacer.UntilDue(kEvent + seconds(2)), milliseconds(1800));
}

TEST_F(PacerTest, AFeedOfTheWallFollowsItsClockAheadAndNeverBack) {
  Pacer pacer(clock_, 1);
  pacer.Begin(kEvent);
  clock_.Advance(seconds(5));
  EXPECT_EQ(pacer.Stamp(kEvent + seconds(5)), kEvent + seconds(5));
  clock_.StepWall(hours(10));
  EXPECT_EQ(pacer.UntilDue(kEvent + seconds(6)), seconds(1));
  clock_.Advance(seconds(1));
  EXPECT_EQ(pacer.Stamp(kEvent + seconds(6)), kEvent + hours(10) + seconds(6));
  clock_.StepWall(-hours(5));
  EXPECT_EQ(pacer.Stamp(kEvent + seconds(7)), kEvent + hours(10) + seconds(7));
  clock_.StepWall(hours(5) + milliseconds(900));
  EXPECT_EQ(pacer.Stamp(kEvent + seconds(8)), kEvent + hours(10) + seconds(8));
  clock_.StepWall(milliseconds(200));
  EXPECT_EQ(pacer.Stamp(kEvent + seconds(9)), kEvent + hours(10) + milliseconds(1100) + seconds(9));
}

TEST_F(PacerTest, TheTimesOfARecordingAreItsOwn) {
  Pacer pacer(clock_, 1);
  pacer.UntilDue(kEvent);
  clock_.StepWall(hours(10));
  EXPECT_EQ(pacer.Stamp(kEvent + seconds(2)), kEvent + seconds(2));
}

TEST_F(PacerTest, WaitsShrinkAsTimePasses) {
  Pacer pacer(clock_, 1);
  pacer.UntilDue(kEvent);
  clock_.Advance(milliseconds(1500));
  EXPECT_EQ(pacer.UntilDue(kEvent + seconds(2)), milliseconds(500));
  clock_.Advance(milliseconds(500));
  EXPECT_EQ(pacer.UntilDue(kEvent + seconds(2)), nanoseconds(0));
}

TEST_F(PacerTest, SpeedDividesTheDistance) {
  Pacer fast(clock_, 20);
  fast.UntilDue(kEvent);
  EXPECT_EQ(fast.UntilDue(kEvent + seconds(2)), milliseconds(100));
  Pacer slow(clock_, 0.5);
  slow.UntilDue(kEvent);
  EXPECT_EQ(slow.UntilDue(kEvent + seconds(2)), seconds(4));
}

TEST_F(PacerTest, AtSpeedZeroEverythingIsDue) {
  Pacer pacer(clock_, 0);
  EXPECT_EQ(pacer.UntilDue(kEvent), nanoseconds(0));
  EXPECT_EQ(pacer.UntilDue(kEvent + hours(1000)), nanoseconds(0));
}

TEST_F(PacerTest, WhoFellBehindCatchesUpWithoutAddingUp) {
  Pacer pacer(clock_, 1);
  pacer.UntilDue(kEvent);
  clock_.Advance(seconds(10));  // stalled
  for (int second = 1; second <= 10; ++second) {
    EXPECT_EQ(pacer.UntilDue(kEvent + seconds(second)), nanoseconds(0));
  }
  EXPECT_EQ(pacer.UntilDue(kEvent + seconds(11)), seconds(1));
}

TEST_F(PacerTest, WhatBeginsAgainIsDueASecondLaterHoweverFarItsTimesJump) {
  Pacer pacer(clock_, 2);
  pacer.UntilDue(kEvent);
  clock_.Advance(milliseconds(500));
  EXPECT_EQ(pacer.UntilDue(kEvent + seconds(1)), nanoseconds(0));
  pacer.BeginAgain(kEvent + hours(24));
  EXPECT_EQ(pacer.UntilDue(kEvent + hours(24)), milliseconds(500));
  EXPECT_EQ(pacer.UntilDue(kEvent + hours(24) + seconds(1)), seconds(1));
  pacer.BeginAgain(kEvent + hours(48));
  EXPECT_EQ(pacer.UntilDue(kEvent + hours(48)), milliseconds(1500));
}

TEST_F(PacerTest, ARoundThatFollowsSoonerKeepsItsTimes) {
  Pacer pacer(clock_, 1);
  pacer.UntilDue(kEvent);
  pacer.BeginAgain(kEvent + milliseconds(100));
  EXPECT_EQ(pacer.UntilDue(kEvent + milliseconds(100)), milliseconds(100));
}

TEST_F(PacerTest, WhoIsBehindStaysSoInTheNextRound) {
  Pacer pacer(clock_, 1);
  pacer.UntilDue(kEvent);
  clock_.Advance(seconds(10));
  pacer.BeginAgain(kEvent + hours(24));
  EXPECT_EQ(pacer.UntilDue(kEvent + hours(24) + seconds(8)), nanoseconds(0));
  EXPECT_EQ(pacer.UntilDue(kEvent + hours(24) + seconds(10)), seconds(1));
}

TEST_F(PacerTest, AnEventFromBeforeTheFirstIsDue) {
  Pacer pacer(clock_, 1);
  pacer.UntilDue(kEvent);
  EXPECT_EQ(pacer.UntilDue(kEvent - hours(1)), nanoseconds(0));
}

TEST_F(PacerTest, ALongWaitIsToldADayAtATime) {
  Pacer pacer(clock_, 0.001);
  pacer.UntilDue(kEvent);
  EXPECT_EQ(pacer.UntilDue(kEvent + hours(24 * 365 * 100)), hours(24));
}

}  // namespace
}  // namespace livetape::market
