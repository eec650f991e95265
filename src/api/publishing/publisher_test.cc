#include "api/publishing/publisher.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "api/publishing/tape_folds.h"
#include "hub/testing.h"

namespace livetape::api {
namespace {

// A floor that takes ticks when the test says so.
class FakeFloor final : public TickFloor {
 public:
  bool Reserve(size_t count) override {
    if (reserved + count > room) return false;
    reserved += count;
    return true;
  }
  void Release(size_t count) override { reserved -= count; }
  void Put(std::vector<model::PublishedTick> ticks,
           std::move_only_function<void()> taken) override {
    waiting.push_back(std::move(taken));
    reserved -= ticks.size();
  }
  bool HasRoomForSymbols(size_t) const override { return true; }
  void TakeAll() {
    for (auto& taken : waiting) taken();
    waiting.clear();
  }

  size_t room = 2, reserved = 0;
  std::vector<std::move_only_function<void()>> waiting;
};

// A client that keeps what it is answered.
class Client final : public http::Responder::Taker {
 public:
  void TakeAnswer(uint64_t, http::Responder::Answer answer) override {
    answers.push_back(std::get<http::Response>(std::move(answer)));
  }
  std::vector<http::Response> answers;
};

class PublisherTest : public testing::Test {
 protected:
  PublisherTest() {
    std::filesystem::remove_all(folder_);
    Open();
  }
  ~PublisherTest() override {
    Close();
    std::filesystem::remove_all(folder_);
  }

  void Open() {
    tape::Tape::Options options;
    options.folder = folder_;
    auto tape = tape::Tape::Open(options, clock_, base::Random(1), metrics_, log_);
    ASSERT_TRUE(tape.has_value()) << tape.error().message;
    tape_ = *std::move(tape);
    folds_ = std::make_unique<TapeFolds>(
        [this](const std::string& session) { revoked_.push_back(session); });
    const auto restored = folds_->Restore(*tape_, clock_.Wall());
    ASSERT_TRUE(restored.has_value()) << restored.error().message;
    tape_->SetFollower([this](auto records) { folds_->Follow(records); });
    publisher_ = std::make_unique<Publisher>(Publisher::Surroundings{
        *tape_, state_, folds_->idempotency(), floor_, clock_, {&mailbox_}});
  }
  void Close() {
    publisher_.reset();
    tape_.reset();
    folds_.reset();
  }

  static Publication Records(size_t count) {
    Publication publication;
    Receipt receipt;
    for (size_t i = 0; i < count; ++i) {
      publication.records.push_back({.topic = "a/b", .type = "t", .data = "1"});
      receipt.Add(true);
    }
    publication.receipt = std::move(receipt);
    return publication;
  }
  static Publication Tick() {
    Publication publication;
    publication.ticks.emplace_back().symbol = "X";
    publication.receipt.emplace().Add(false);
    return publication;
  }
  // Sends a request; its answer comes when the tape, the floor and the loop have worked.
  void Send(Publication publication, std::string key = "", std::string body = "body") {
    http::Request request;
    request.method = "POST";
    request.path = "/p";
    request.body = std::move(body);
    if (!key.empty()) request.headers.Add("Idempotency-Key", key);
    auto reply = publisher_->Publish(request, {}, 0, std::move(publication));
    if (auto* deferred = std::get_if<http::DeferredReply>(&reply)) {
      deferred->begin(http::Responder(client_, 1));
    } else {
      client_->answers.push_back(std::get<http::Response>(std::move(reply)));
    }
  }
  void Work() {
    while (tape_->DoWork()) {
    }
    floor_.TakeAll();
    const auto tasks = std::move(posted_);
    posted_.clear();
    for (const auto& task : tasks) task();
  }
  // The answers since the last call: "200 {...}".
  std::string Answers() {
    std::string text;
    for (const http::Response& response : client_->answers) {
      text += (text.empty() ? "" : " | ") + std::to_string(response.status);
      if (response.status == 200) text += " " + response.body;
    }
    client_->answers.clear();
    return text;
  }
  std::string Id(uint64_t seq) const {
    return "\"" + std::string(tape_->epoch()) + "-" + std::to_string(seq) + "\"";
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / "publisher_test";
  base::ManualClock clock_{base::WallTime(std::chrono::hours(500'000))};
  base::Log log_{base::LogLevel::kError, [](base::LogLevel, std::string_view) {}};
  metrics::Registry metrics_;
  hub::testing::FakeLog records_;
  hub::testing::FakeSockets sockets_;
  hub::Shard shard_{{}, records_, sockets_, clock_, metrics_, [] {}};
  PublishedState state_{{&shard_}, metrics_, {.keys = 1}};
  FakeFloor floor_;
  std::vector<std::string> revoked_;
  std::vector<std::function<void()>> posted_;
  Mailbox mailbox_{[this](std::function<void()> task) { posted_.push_back(std::move(task)); }};
  const std::shared_ptr<Client> client_ = std::make_shared<Client>();
  std::unique_ptr<tape::Tape> tape_;
  std::unique_ptr<TapeFolds> folds_;
  std::unique_ptr<Publisher> publisher_;
};

TEST_F(PublisherTest, AnswersWhenItIsCommitted) {
  Send(Records(2));
  EXPECT_EQ(Answers(), "");
  Work();
  EXPECT_EQ(Answers(), "200 {\"ids\":[" + Id(1) + "," + Id(2) + "]}");
}

TEST_F(PublisherTest, GroupWakesTheLoopOnce) {
  Send(Records(1));
  Send(Records(1));
  while (tape_->DoWork()) {
  }
  EXPECT_EQ(posted_.size(), 1U);
  Work();
  EXPECT_EQ(Answers(), "200 {\"ids\":[" + Id(1) + "]} | 200 {\"ids\":[" + Id(2) + "]}");
}

TEST_F(PublisherTest, SameKeyGetsTheFirstAnswer) {
  Send(Records(1), "k");
  Work();
  const std::string first = Answers();
  Send(Records(1), "k");
  Work();
  EXPECT_EQ(Answers(), first);
  EXPECT_EQ(tape_->head(), 2U) << "a record and its kept answer, once";
}

TEST_F(PublisherTest, SameKeyGetsTheFirstAnswerAfterARestartToo) {
  Send(Records(2), "k");
  Work();
  const std::string first = Answers();
  Close();
  clock_.Advance(std::chrono::hours(23));
  Open();
  Send(Records(2), "k");
  Work();
  EXPECT_EQ(Answers(), first);
  EXPECT_EQ(tape_->head(), 3U);
}

TEST_F(PublisherTest, KeyedAnswerWithoutIdsSurvivesARestart) {
  const auto without_ids = [] {
    Publication publication = Records(1);
    publication.receipt.reset();
    return publication;
  };
  Send(without_ids(), "k");
  Work();
  EXPECT_EQ(Answers(), "204");
  Close();
  Open();
  Send(without_ids(), "k");
  Work();
  EXPECT_EQ(Answers(), "204");
  EXPECT_EQ(tape_->head(), 2U);
}

TEST_F(PublisherTest, KeyWithAnotherBodyIsRefused) {
  Send(Records(1), "k");
  Work();
  Answers();
  Send(Records(1), "k", "another");
  EXPECT_EQ(Answers(), "422");
}

TEST_F(PublisherTest, KeyUnderWayIsAConflict) {
  Send(Records(1), "k");
  Send(Records(1), "k");
  EXPECT_EQ(Answers(), "409");
  Work();
  EXPECT_EQ(Answers(), "200 {\"ids\":[" + Id(1) + "]}");
}

TEST_F(PublisherTest, RefusedKeyMayBeTriedAgain) {
  floor_.room = 0;
  Send(Tick(), "k");
  EXPECT_EQ(Answers(), "503");
  floor_.room = 1;
  Send(Tick(), "k");
  Work();
  Work();
  EXPECT_EQ(Answers(), "200 {\"ids\":[null]}");
  EXPECT_EQ(floor_.reserved, 0U);
}

TEST_F(PublisherTest, TicksAreAnsweredWhenTheFloorHasTakenThem) {
  Send(Tick());
  EXPECT_EQ(Answers(), "");
  ASSERT_EQ(floor_.waiting.size(), 1U) << "they need not wait for the tape";
  Work();
  EXPECT_EQ(Answers(), "200 {\"ids\":[null]}");
}

TEST_F(PublisherTest, TooManyKeysOfStateLeaveNothingBehind) {
  const auto with_state = [](std::string topic) {
    Publication publication = Records(1);
    publication.states.push_back(
        {.key = std::make_shared<const hub::StateKey>(std::move(topic), "t"), .data = "1"});
    publication.receipt->Add(false);
    return publication;
  };
  Send(with_state("s/1"));
  Work();
  EXPECT_EQ(Answers(), "200 {\"ids\":[" + Id(1) + ",null]}");
  Send(with_state("s/2"), "k");
  Work();
  EXPECT_EQ(Answers(), "507");
  EXPECT_EQ(tape_->head(), 1U);
  Send(with_state("s/1"), "k");
  Work();
  EXPECT_EQ(Answers(), "200 {\"ids\":[" + Id(2) + ",null]}");
}

TEST_F(PublisherTest, RevocationsAreKnownAfterARestartAndRenewed) {
  ASSERT_TRUE(publisher_->Submit({RevocationRecord("s1")}, [](bool) {}));
  Work();
  EXPECT_TRUE(folds_->revoked().Contains("s1"));
  Close();
  Open();
  EXPECT_TRUE(folds_->revoked().Contains("s1"));
  EXPECT_TRUE(folds_->RevocationsToRenew(*tape_, base::WallTime::min(), 10).empty());
  Send(Records(20));
  Work();
  EXPECT_EQ(folds_->RevocationsToRenew(*tape_, base::WallTime::min(), 10),
            std::vector<std::string>{"s1"});
  EXPECT_EQ(folds_->oldest_needed(), 1U);
  ASSERT_TRUE(publisher_->Submit({RevocationRecord("s1")}, [](bool) {}));
  Work();
  EXPECT_EQ(folds_->oldest_needed(), 22U);
}

TEST_F(PublisherTest, RenewedRevocationClosesNoStreamAgain) {
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(publisher_->Submit({RevocationRecord("s1")}, [](bool) {}));
    Work();
  }
  EXPECT_EQ(revoked_, std::vector<std::string>{"s1"});
}

TEST_F(PublisherTest, CopiesOfTasksAreRightUpToTheHead) {
  Publication publication;
  publication.records.push_back({.topic = "jobs/training/t1",
                                 .type = "training_progress",
                                 .data = R"({"task_id":"t1","progress":1,"status":"running"})",
                                 .kind = tape::RecordKind::kJob});
  publication.receipt.emplace().Add(true);
  Send(std::move(publication));
  Send(Records(3));
  Work();
  const Channel& training = *FindChannel("training");
  EXPECT_EQ(folds_->CopiesOf(training).records.size(), 1U);
  EXPECT_EQ(folds_->CopiesOf(training).through, 4U);
  Close();
  Open();
  EXPECT_EQ(folds_->CopiesOf(training).records.size(), 1U);
  EXPECT_EQ(folds_->CopiesOf(training).through, 4U);
}

}  // namespace
}  // namespace livetape::api
