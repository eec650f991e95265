#include "hub/record_runs.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "hub/testing.h"

namespace livetape::hub {
namespace {

class RecordRunsTest : public ::testing::Test {
 protected:
  RecordRunsTest() : runs_(log_, "e1") { cohort_.subscribers = 2; }

  StreamSpec Spec() const {
    StreamSpec spec;
    spec.patterns = {*TopicPattern::Parse("t/*")};
    spec.rendering = &rendering_;
    return spec;
  }
  void Publish(uint64_t count, const std::string& data = "x") {
    for (uint64_t i = 0; i < count; ++i) log_.Append(i % 3 == 0 ? "other" : "t/a", data);
  }
  // All that a subscriber with this cursor gets, or nothing if it is not in memory.
  std::optional<std::string> All(uint64_t cursor) {
    std::string text;
    while (cursor < log_.head()) {
      const RecordRun* const run = runs_.Get(cohort_, cursor, log_.head());
      if (run == nullptr) return std::nullopt;
      const auto part = run->After(cursor);
      EXPECT_GT(part.through, cursor);
      text += part.text;
      cursor = part.through;
    }
    return text;
  }
  std::string Expected(uint64_t cursor) const {
    std::string text;
    for (uint64_t seq = cursor + 1; seq <= log_.head(); ++seq) {
      const auto& entry = log_.entry(seq);
      if (entry.topic == "t/a") text += fmt::format("R {} t/a {}\n", seq, entry.data);
    }
    return text;
  }

  testing::FakeLog log_;
  testing::LineRendering rendering_;
  StateTable table_;
  Cohort cohort_{1, Spec(), table_, base::MonoTime{}};
  RecordRuns runs_;
};

TEST_F(RecordRunsTest, AnyCursorGetsTheSameAsAlone) {
  base::Random random(3);
  for (int i = 0; i < 300; ++i) {
    Publish(random.Below(20), random.Below(50) == 0 ? std::string(20'000, 'x') : "x");
    const uint64_t cursor = random.Below(log_.head() + 1);
    ASSERT_EQ(All(cursor), Expected(cursor)) << "seed 3, after " << cursor;
  }
  EXPECT_LE(rendering_.record_renders, static_cast<int>(log_.head())) << "some rendered twice";
}

TEST_F(RecordRunsTest, WhatMemoryHasLostMayStillBeHere) {
  Publish(600);
  All(0);
  log_.EvictUpTo(500);
  EXPECT_EQ(All(100), Expected(100));
  RecordRuns others(log_, "e1");
  EXPECT_EQ(others.Get(cohort_, 100, 600), nullptr);
  EXPECT_NE(others.Get(cohort_, 520, 600), nullptr) << "though its block begins before";
}

TEST_F(RecordRunsTest, FetchedRecordsStandInForThoseOfMemory) {
  Publish(1000);
  log_.EvictUpTo(900);
  std::vector<RecordView> fetched;
  for (uint64_t seq = 101; seq <= 950; ++seq) {
    const auto& entry = log_.entry(seq);
    fetched.push_back({seq, {}, entry.topic, entry.type, entry.data, nullptr});
  }
  EXPECT_EQ(All(100), std::nullopt);
  runs_.Insert(cohort_, 100, fetched, 950);
  EXPECT_EQ(All(100), Expected(100));
  EXPECT_EQ(All(333), Expected(333));
}

TEST_F(RecordRunsTest, BytesAreBoundedAndTheUnusedGo) {
  Publish(3000, std::string(20'000, 'x'));
  EXPECT_EQ(All(0), Expected(0));
  EXPECT_LE(runs_.bytes(), kRunsBytesMax);
  for (int i = 0; i < 4; ++i) runs_.ForgetUnused();
  EXPECT_EQ(runs_.bytes(), 0u);
}

TEST_F(RecordRunsTest, PartOfARunEndsAtAWholeRecord) {
  Publish(100);
  const RecordRun* const run = runs_.Get(cohort_, 0, 100);
  const auto part = run->After(10, 25);
  EXPECT_EQ(part.text, "R 11 t/a x\nR 12 t/a x\n");
  EXPECT_EQ(part.through, 13u) << "13 is of another topic, 14 does not fit";
  EXPECT_EQ(part.events, 2u);
  EXPECT_EQ(run->After(10, 3).text, "");
  EXPECT_EQ(run->After(10, 3).through, 10u);
}

}  // namespace
}  // namespace livetape::hub
