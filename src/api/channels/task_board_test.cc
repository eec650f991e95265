#include "api/channels/task_board.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace livetape::api {
namespace {

using tape::RecordKind;

class TaskBoardTest : public testing::Test {
 protected:
  void Put(RecordKind kind, std::string topic, std::string data) {
    const tape::RecordRef record =
        std::make_shared<const tape::Record>(tape::Record{.seq = ++head_,
                                                          .time = {},
                                                          .kind = kind,
                                                          .topic = std::move(topic),
                                                          .type = "t",
                                                          .data = std::move(data)});
    board_.Apply(std::span(&record, 1));
  }
  void Task(const std::string& topic, const std::string& status) {
    Put(RecordKind::kJob, topic, R"({"status":")" + status + "\"}");
  }
  void Alert(const std::string& severity = "low") {
    Put(RecordKind::kAlert, "alerts/" + severity, "{}");
  }
  // The numbers of the records that a new screen gets.
  std::string Shown(std::string_view channel) const {
    std::string out;
    for (const auto& record : board_.CopiesOf(*FindChannel(channel)).records) {
      out += (out.empty() ? "" : " ") + std::to_string(record->seq);
    }
    return out;
  }

  TaskBoard board_;
  uint64_t head_ = 0;
};

TEST_F(TaskBoardTest, ShowsTheLatestOfEachUnfinishedTask) {
  Task("jobs/training/a", "queued");
  Task("jobs/training/b", "running");
  Task("jobs/backtest/a", "started");
  Task("jobs/training/a", "running");
  EXPECT_EQ(Shown("training"), "2 4");
  EXPECT_EQ(Shown("backtest"), "3");
  EXPECT_EQ(Shown("alerts"), "");
  EXPECT_EQ(Shown("dashboard"), "");
}

TEST_F(TaskBoardTest, AFinishedTaskIsGoneUntilItStartsAgain) {
  for (const auto* status : {"completed", "failed", "cancelled"}) {
    Task("jobs/training/a", "running");
    EXPECT_NE(Shown("training"), "");
    Task("jobs/training/a", status);
    EXPECT_EQ(Shown("training"), "") << status;
  }
  Task("jobs/training/a", "queued");
  EXPECT_EQ(Shown("training"), "7");
}

TEST_F(TaskBoardTest, OtherRecordsOnlyMoveThePosition) {
  Task("jobs/training/a", "running");
  Task("jobs/import/a", "running");
  Put(RecordKind::kMessage, "jobs/training/b", R"({"status":"running"})");
  Put(RecordKind::kAlert, "jobs/training/c", "{}");
  Put(RecordKind::kJob, "jobs/training", "{}");
  Put(RecordKind::kKeyedAnswer, "", "{}");
  EXPECT_EQ(Shown("training"), "1");
  EXPECT_EQ(Shown("alerts"), "");
  EXPECT_EQ(board_.position(), 6U);
  EXPECT_EQ(board_.CopiesOf(*FindChannel("training")).through, 6U);
}

TEST_F(TaskBoardTest, ATaskWhoseDataIsBrokenIsShown) {
  Put(RecordKind::kJob, "jobs/training/a", "{");
  EXPECT_EQ(Shown("training"), "1");
}

TEST_F(TaskBoardTest, ForgetsTheLeastRecentlyUpdatedTaskAtTheLimit) {
  for (size_t i = 0; i < TaskBoard::kTasksMax; ++i) {
    Task("jobs/training/" + std::to_string(i), "running");
  }
  Task("jobs/training/0", "running");
  Task("jobs/training/new", "running");
  const auto copies = board_.CopiesOf(*FindChannel("training"));
  ASSERT_EQ(copies.records.size(), TaskBoard::kTasksMax);
  EXPECT_EQ(copies.records.front()->topic, "jobs/training/2");
  EXPECT_EQ(copies.records.back()->topic, "jobs/training/new");
}

TEST_F(TaskBoardTest, BoundsTheBytesOfAChannel) {
  const std::string large(60'000, ' ');
  for (int i = 0; i < 200; ++i) {
    Put(RecordKind::kJob, "jobs/training/" + std::to_string(i), "{\"status\":\"running\"}" + large);
  }
  size_t bytes = 0;
  const auto copies = board_.CopiesOf(*FindChannel("training"));
  for (const auto& record : copies.records) bytes += tape::CostOf(*record);
  EXPECT_LE(bytes, TaskBoard::kShownBytesMax);
  EXPECT_GT(bytes, TaskBoard::kShownBytesMax - 2 * large.size());
  EXPECT_EQ(copies.records.back()->topic, "jobs/training/199");
}

TEST_F(TaskBoardTest, ShowsTheNewestAlertsThatNobodyHasAcknowledged) {
  for (int i = 0; i < 120; ++i) Alert(i % 2 == 0 ? "low" : "critical");
  auto copies = board_.CopiesOf(*FindChannel("alerts"));
  ASSERT_EQ(copies.records.size(), TaskBoard::kAlertsShown);
  EXPECT_EQ(copies.records.front()->seq, 21U);
  EXPECT_EQ(copies.records.back()->seq, 120U);
  board_.Acknowledge(120);
  board_.Acknowledge(77);
  board_.Acknowledge(5000);
  copies = board_.CopiesOf(*FindChannel("alerts"));
  EXPECT_EQ(copies.records.front()->seq, 19U);
  EXPECT_EQ(copies.records.back()->seq, 119U);
}

TEST_F(TaskBoardTest, AcknowledgingTouchesNoTask) {
  Task("jobs/training/a", "running");
  board_.Acknowledge(1);
  EXPECT_EQ(Shown("training"), "1");
}

TEST_F(TaskBoardTest, AgreesWithAModelOfLatestEvents) {
  constexpr uint64_t kSeed = 3;
  base::Random random(kSeed);
  std::map<std::string, uint64_t> latest;  // of unfinished tasks
  for (int step = 0; step < 5000; ++step) {
    const std::string topic = "jobs/backtest/" + std::to_string(random.Below(30));
    const bool finished = random.Below(3) == 0;
    Task(topic, finished ? "failed" : "running");
    latest.erase(topic);
    if (!finished) latest[topic] = head_;
    std::map<std::string, uint64_t> shown;
    uint64_t before = 0;
    for (const auto& record : board_.CopiesOf(*FindChannel("backtest")).records) {
      ASSERT_LT(before, record->seq);
      before = record->seq;
      shown[record->topic] = record->seq;
    }
    ASSERT_EQ(shown, latest) << "seed " << kSeed << " step " << step;
  }
}

}  // namespace
}  // namespace livetape::api
