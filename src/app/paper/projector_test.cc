#include "app/paper/projector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <future>

#include "app/paper/paper_fixture.h"

namespace livetape::app {
namespace {

using model::Side;

constexpr size_t kRing = 64;

// With a ring so small that one request is larger, and the projector worked by hand.
class ProjectorTest : public PaperFixture {
 protected:
  ProjectorTest() {
    Crash();
    config_.tape.ring = kRing;
    projecting_ = false;
    Start();
    storage_.store->Start();
  }

  // One request.
  void Publish(size_t count) {
    std::unique_ptr<tape::Submission> submission =
        std::make_unique<tape::NotedSubmission>(std::make_shared<tape::Outcome>());
    for (size_t i = 0; i < count; ++i) submission->records.push_back(tape::Message("1"));
    submission->bulky = true;
    ASSERT_FALSE(storage_.tape->Submit(submission));
    Work();
  }
  void Project() {
    while (paper_->projector().DoWork()) {
    }
  }
  size_t FillsInStore() {
    std::promise<size_t> fills;
    auto found = fills.get_future();
    EXPECT_TRUE(storage_.store->Read([&fills](store::Reader& reader) {
      const auto read = reader.Fills({.account = "paper"});
      EXPECT_TRUE(read) << read.error().message;
      fills.set_value(read ? read->size() : 0);
    }));
    return found.get();
  }
};

TEST_F(ProjectorTest, WhatHasLeftTheRingComesFromTheDisk) {
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL");
  Project();
  EXPECT_EQ(FillsInStore(), 1u);

  Place(Side::kBuy, "2", "AAPL");
  Publish(2 * kRing);
  Place(Side::kBuy, "3", "AAPL");
  ASSERT_GT(storage_.tape->ring().oldest(), paper_->projector().through() + 1);
  Project();
  EXPECT_EQ(paper_->projector().through(), storage_.tape->head());
  EXPECT_EQ(FillsInStore(), 3u) << "each once";
  EXPECT_TRUE(warnings_.empty()) << warnings_.front();
}

TEST_F(ProjectorTest, NothingButMessagesMayLeaveTheRing) {
  Project();
  Publish(2 * kRing);
  Project();
  EXPECT_EQ(paper_->projector().through(), storage_.tape->head());
}

TEST_F(ProjectorTest, ADiskThatCannotBeReadIsTriedAgain) {
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL");
  Publish(2 * kRing);
  const uint64_t before = paper_->projector().through();
  const auto file = folder_.path() / "data" / "tape.db";
  ASSERT_TRUE(std::filesystem::exists(file));
  std::filesystem::rename(file, file.string() + "-away");
  Project();
  EXPECT_EQ(paper_->projector().through(), before);
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_TRUE(warnings_[0].starts_with("records cannot be read for the store: ")) << warnings_[0];

  std::filesystem::rename(file.string() + "-away", file);
  Project();
  EXPECT_EQ(paper_->projector().through(), before) << "not before the pause is over";
  clock_.Advance(std::chrono::milliseconds(200));
  Project();
  EXPECT_EQ(paper_->projector().through(), storage_.tape->head());
  EXPECT_EQ(FillsInStore(), 1u);
}

}  // namespace
}  // namespace livetape::app
