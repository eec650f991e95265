#include "tape/fetch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "sqlite/database.h"
#include "tape/testing.h"

namespace livetape::tape {
namespace {

class Fetching : public TapeFixture {
 protected:
  Fetching() { options_.ring_records = 8; }
  // `groups` of ten records each; every fifth of another topic.
  void Prepare(int groups) {
    Open();
    for (int i = 1; i <= groups; ++i) {
      Publish(10, i % 5 == 0 ? "user/rare" : "user/u" + std::to_string(i));
    }
    tape_->Start();
  }
  static Tape::Fetch From(uint64_t after, size_t bytes_max) {
    return {.after = after,
            .bytes_max = bytes_max,
            .matches = nullptr,
            .may_match = nullptr,
            .done = nullptr};
  }
};

TEST_F(Fetching, GivesAllInOrderInAsManyStepsAsItTakes) {
  Prepare(20);
  const auto records = FetchAll(0, 1500);
  ASSERT_EQ(records.size(), 200u);
  for (uint64_t seq = 1; seq <= 200; ++seq) {
    EXPECT_EQ(records[seq - 1]->seq, seq);
    EXPECT_EQ(records[seq - 1]->data, std::to_string(seq));
  }
}

TEST_F(Fetching, BeginsInTheMiddleOfABlock) {
  Prepare(3);
  const auto fetched = FetchFrom(From(14, 1));
  EXPECT_EQ(fetched.through, 20u);
  ASSERT_EQ(fetched.records.size(), 6u);
  EXPECT_EQ(fetched.records.front()->seq, 15u);
}

TEST_F(Fetching, EndsAtTheBlockThatFillsIt) {
  Prepare(20);
  const size_t ten = 10 * (64 + 7 + 7 + 2);
  const auto fetched = FetchFrom(From(0, ten + 1));
  EXPECT_EQ(fetched.through, 20u);
  EXPECT_EQ(fetched.records.size(), 20u);
}

TEST_F(Fetching, AtTheHeadThereIsNothing) {
  Prepare(2);
  const auto fetched = FetchFrom(From(20, 100));
  EXPECT_FALSE(fetched.gone);
  EXPECT_EQ(fetched.through, 20u);
  EXPECT_TRUE(fetched.records.empty());
}

TEST_F(Fetching, AFilterSkipsBlocksByTheirSummary) {
  Prepare(20);
  int asked = 0;
  Tape::Fetch fetch = From(0, 100'000);
  fetch.matches = [&](std::string_view topic, std::string_view) {
    ++asked;
    return topic == "user/rare";
  };
  fetch.may_match = [](const TopicSummary& topics) { return topics.MayBeginWith("user/rare"); };
  const auto fetched = FetchFrom(std::move(fetch));
  EXPECT_EQ(fetched.through, 200u);
  EXPECT_EQ(fetched.records.size(), 40u);
  EXPECT_LE(asked, 60);  // the summary may err, but not often
}

TEST_F(Fetching, InternalRecordsAreNeverGiven) {
  Open();
  Submit({{.topic = "", .type = "", .data = "secret", .kind = RecordKind::kKeyedAnswer},
          Message("2")});
  Work();
  tape_->Start();
  const auto fetched = FetchFrom(From(0, 1000));
  EXPECT_EQ(fetched.through, 2u);
  ASSERT_EQ(fetched.records.size(), 1u);
  EXPECT_EQ(fetched.records[0]->data, "2");
}

TEST_F(Fetching, WhatRetentionTookIsGone) {
  options_.keep_records = 50;
  Open();
  for (int i = 0; i < 10; ++i) Publish(10);
  Wait(std::chrono::seconds(2));
  ASSERT_EQ(tape_->oldest(), 51u);
  tape_->Start();
  const auto fetched = FetchFrom(From(20, 1000));
  EXPECT_TRUE(fetched.gone);
  EXPECT_EQ(fetched.through, 50u);
  EXPECT_TRUE(fetched.records.empty());
  EXPECT_FALSE(FetchFrom(From(50, 1000)).gone);
}

TEST_F(Fetching, SeeksByTimeOnDiskAndInTheRing) {
  Open();
  const auto start = clock_.Wall();
  for (int i = 0; i < 10; ++i) {
    Publish(10);
    Wait(std::chrono::seconds(10));
  }
  tape_->Start();
  const auto seek = [&](base::WallTime time) { return Seek(time).value(); };
  using std::chrono::seconds;
  EXPECT_EQ(seek(start - seconds(1)), 0u);
  EXPECT_EQ(seek(start), 0u);
  EXPECT_EQ(seek(start + seconds(1)), 10u);
  EXPECT_EQ(seek(start + seconds(35)), 40u);
  EXPECT_EQ(seek(start + seconds(80)), 80u);
  EXPECT_EQ(seek(start + seconds(81)), 90u);
  EXPECT_EQ(seek(start + seconds(1000)), 100u);
}

TEST_F(Fetching, ATimeBeforeAllThatIsKeptSaysThatMoreMayHaveBeenThere) {
  options_.keep_records = 50;
  Open();
  const auto start = clock_.Wall();
  for (int i = 0; i < 10; ++i) {
    Publish(10);
    Wait(std::chrono::seconds(10));
  }
  ASSERT_EQ(tape_->oldest(), 51u);
  tape_->Start();
  using std::chrono::seconds;
  const auto seek = [&](seconds after) { return SeekTime(start + after).value(); };
  EXPECT_EQ(seek(seconds(0)).last_before, 50u);
  EXPECT_FALSE(seek(seconds(0)).all_kept);
  EXPECT_FALSE(seek(seconds(50)).all_kept) << "others of that time may have gone";
  EXPECT_EQ(seek(seconds(51)).last_before, 60u);
  EXPECT_TRUE(seek(seconds(51)).all_kept);
  EXPECT_TRUE(seek(seconds(1000)).all_kept);
}

// The descriptors of a process that may open no more. The old limit comes back at the end.
class NoDescriptors {
 public:
  NoDescriptors() {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    const rlimit none{.rlim_cur = 0, .rlim_max = before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    EXPECT_LT(::open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
  }
  ~NoDescriptors() { EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before_), 0); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(Fetching, NeedsNoDescriptorOfItsOwn) {
  Prepare(20);
  const NoDescriptors none;
  EXPECT_EQ(FetchAll(0).size(), 200u);
  EXPECT_EQ(Seek(clock_.Wall()).value(), 0u);
}

TEST_F(Fetching, WhatIsDamagedIsGone) {
  Open();
  for (int i = 0; i < 10; ++i) Publish(10);
  Close();
  {
    auto database = sqlite::Database::Open(file(), sqlite::OpenMode::kReadWrite);
    ASSERT_TRUE(database && database->Exec("UPDATE blocks SET bytes_checksum = bytes_checksum + 1"
                                           " WHERE first_seq = 31"));
  }
  Open();
  tape_->Start();
  EXPECT_EQ(FetchFrom(From(0, 1'000'000)).through, 30u);
  const auto fetched = FetchFrom(From(30, 1'000'000));
  EXPECT_TRUE(fetched.gone);
  EXPECT_EQ(fetched.through, tape_->ring().oldest() - 1);
}

TEST_F(Fetching, QueuedAtStopIsDropped) {
  Open();
  Publish(1);
  bool called = false;
  auto token = std::make_shared<int>();
  Tape::Fetch fetch = From(0, 100);
  fetch.done = [&called, token](const Tape::Fetched&) { called = true; };
  tape_->FetchOlder(std::move(fetch));
  tape_->Stop();
  EXPECT_FALSE(called);
  EXPECT_EQ(token.use_count(), 1);
}

}  // namespace
}  // namespace livetape::tape
