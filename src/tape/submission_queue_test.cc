#include "tape/submission_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace livetape::tape {
namespace {

using Lanes = SubmissionQueue::Lanes;

class Named : public Submission {
 public:
  Named(std::string its_name, size_t count) : name(std::move(its_name)) {
    for (size_t i = 0; i < count; ++i) records.push_back({.topic = "t", .type = "m", .data = "1"});
  }
  void OnCommitted(uint64_t, base::WallTime) override {}
  void OnRefused(Refusal) override {}

  const std::string name;
};

class SubmissionQueueTest : public testing::Test {
 protected:
  std::optional<Refusal> Push(std::string name, size_t records, bool bulky = false,
                              bool must_be_kept = false) {
    std::unique_ptr<Submission> submission = std::make_unique<Named>(std::move(name), records);
    submission->bulky = bulky;
    submission->must_be_kept = must_be_kept;
    return queue_.Push(submission);
  }
  static std::string NamesOf(const SubmissionQueue::Batch& batch) {
    std::string names;
    for (const auto& one : batch) names += (names.empty() ? "" : " ") + NameOf(*one);
    return names;
  }
  static std::string NameOf(const Submission& submission) {
    return dynamic_cast<const Named&>(submission).name;
  }
  std::string Take(Lanes lanes = Lanes::kBoth, size_t records_max = kGroupRecordsMax) {
    SubmissionQueue::Batch group;
    const bool taken = queue_.Take(group, lanes, records_max);
    EXPECT_EQ(taken, !group.empty());
    return NamesOf(group);
  }

  metrics::Registry metrics_;
  SubmissionQueue queue_{100'000, size_t{1} << 30, metrics_};
};

TEST_F(SubmissionQueueTest, EachLaneKeepsItsOrderAndTheyTakeTurns) {
  for (int i = 0; i < 4; ++i) {
    Push("b" + std::to_string(i), 1000, true);
    Push("p" + std::to_string(i), 1500);
  }
  EXPECT_EQ(Take(), "b0");
  EXPECT_EQ(Take(), "p0 p1") << "a group of those that are not bulky is 4,096 records";
  EXPECT_EQ(Take(), "b1");
  EXPECT_EQ(Take(), "p2 p3");
  EXPECT_EQ(Take(), "b2 b3") << "alone they need not be short";
  EXPECT_EQ(Take(), "");
}

TEST_F(SubmissionQueueTest, ALargeOneIsAGroupOfItsOwn) {
  Push("small", 1);
  Push("huge", 10'000, true);
  Push("after", 10, true);
  EXPECT_EQ(Take(Lanes::kPrompt), "small");
  EXPECT_EQ(Take(), "huge");
  EXPECT_EQ(Take(), "after");
}

TEST_F(SubmissionQueueTest, GroupsAreAsSmallAsIsAskedFor) {
  for (int i = 0; i < 3; ++i) Push("b" + std::to_string(i), 100, true);
  EXPECT_EQ(Take(Lanes::kBoth, 200), "b0 b1");
  EXPECT_EQ(Take(Lanes::kBoth, 1), "b2");
}

TEST_F(SubmissionQueueTest, BulkyOnesCanBeHeldBack) {
  Push("bulky", 100, true);
  EXPECT_EQ(Take(Lanes::kPrompt), "");
  Push("small", 1);
  EXPECT_EQ(Take(Lanes::kNone), "");
  EXPECT_EQ(Take(Lanes::kPrompt), "small");
  EXPECT_EQ(Take(), "bulky");
}

TEST_F(SubmissionQueueTest, LanesThatAreNotTakenAreRefusedButWhatMustBeKept) {
  Push("bulky", 100, true);
  Push("small", 1);
  Push("kept", 1, false, true);
  EXPECT_EQ(NamesOf(queue_.TakeOnly(Lanes::kPrompt)), "bulky");
  EXPECT_EQ(Push("bulky", 100, true), Refusal::kNotCommitting);
  EXPECT_EQ(Push("small 2", 1), std::nullopt);
  EXPECT_TRUE(queue_.committing());
  EXPECT_EQ(NamesOf(queue_.TakeOnly(Lanes::kNone)), "small small 2");
  EXPECT_EQ(Push("small", 1), Refusal::kNotCommitting);
  EXPECT_EQ(Push("kept 2", 1, false, true), std::nullopt);
  EXPECT_FALSE(queue_.committing());
  EXPECT_EQ(NamesOf(queue_.TakeOnly(Lanes::kBoth)), "");
  EXPECT_EQ(Push("bulky", 100, true), std::nullopt);
  EXPECT_EQ(NamesOf(queue_.TakeAll()), "kept kept 2 bulky");
}

}  // namespace
}  // namespace livetape::tape
