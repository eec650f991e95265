// What the store does when the disk fails or the process dies, and after it.

#include <gtest/gtest.h>

#include "store/testing.h"

namespace livetape::store {
namespace {

Batch Numbered(uint64_t first, uint64_t last) {
  Batch batch{.through = last};
  for (uint64_t i = first; i <= last; ++i) {
    batch.orders.push_back(SomeOrder(i));
    batch.fills.push_back(SomeFill(i));
    batch.points.push_back(SomePoint(kNoon + seconds(i)));
  }
  batch.accounts.push_back({.account = "a", .through = last});
  return batch;
}

class StoreFault : public StoreFixture {
 protected:
  void SetUp() override { Write(Numbered(1, 3)); }
  void ExpectAll(uint64_t count) {
    EXPECT_EQ(store_->through(), count);
    EXPECT_EQ(store_->reach(), count);
    EXPECT_EQ(Ids({.account = "a", .limit = 100'000}).size(), count);
    EXPECT_EQ(Numbers({.account = "a", .limit = 100'000}).size(), count);
    EXPECT_EQ(Got(reader_->CountFills({.account = "a"})), count);
    EXPECT_EQ(Points().size(), count);
    ASSERT_EQ(Got(store_->Accounts()).size(), 1u);
    EXPECT_EQ(Got(store_->Accounts())[0].through, count);
  }
};

TEST_F(StoreFault, WhatWasWrittenIsThereAfterACrash) {
  Crash();
  ExpectAll(3);
}

TEST_F(StoreFault, AFullDiskIsAnErrorAndTheNextWriteWorks) {
  disk_.SetFull(true);
  const auto written = store_->Write(Numbered(4, 9));
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("disk is full"), std::string::npos);
  EXPECT_NE(written.error().message.find(file().string()), std::string::npos);
  EXPECT_EQ(written.error().message.find("move store.db"), std::string::npos);
  ExpectAll(3);
  disk_.SetFull(false);
  Write(Numbered(4, 9));
  ExpectAll(9);
  Crash();
  ExpectAll(9);
}

TEST_F(StoreFault, ABatchIsWholeOrNotThereAtEachWriteThatIsCutShort) {
  // The n-th attempt fails one write later than the one before, until none is left that fails.
  Batch batch = Numbered(4, 60);
  bool failed = true;
  for (int healthy = 0; failed; ++healthy) {
    ASSERT_LT(healthy, 1000);
    disk_.ShortenWrites(1, healthy);
    failed = !store_->Write(batch);
    disk_.ShortenWrites(0);
    if (failed) ExpectAll(3);
    Crash();
    ExpectAll(failed ? 3 : 60);
  }
}

TEST_F(StoreFault, ALargeBatchThatWasCutIsCompletedByWritingItAgain) {
  const Batch batch = Numbered(4, 1800);
  // The second transaction fails.
  const uint64_t before = disk_.writes();
  Write(Numbered(4, 500));
  const auto of_one = static_cast<int>(disk_.writes() - before);
  Reopen();
  disk_.ShortenWrites(1, of_one);
  ASSERT_FALSE(store_->Write(batch));
  disk_.ShortenWrites(0);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(store_->through(), 500u);
    EXPECT_EQ(store_->reach(), 1800u);
    const size_t orders = Ids({.account = "a", .limit = 100'000}).size();
    EXPECT_GT(orders, 500u);
    EXPECT_LT(orders, 1800u);
    EXPECT_EQ(Got(store_->Accounts())[0].through, 500u);
    Crash();
  }
  Write(batch);
  ExpectAll(1800);
}

TEST_F(StoreFault, WhatACutBatchLeftIsTakenBackIfTheTapeLostIt) {
  const uint64_t before = disk_.writes();
  Write(Numbered(4, 500));
  disk_.ShortenWrites(1, static_cast<int>(2 * (disk_.writes() - before)));
  ASSERT_FALSE(store_->Write(Numbered(501, 3000)));
  disk_.ShortenWrites(0);
  Crash();
  ASSERT_EQ(store_->reach(), 3000u);
  ASSERT_TRUE(store_->CutBack(500));
  ExpectAll(500);
}

TEST_F(StoreFault, ACheckpointThatIsCutCountsWhenAllOfItIsThere) {
  Write({.through = 4, .accounts = {{.account = "a", .through = 4}}, .checkpoint = 4});
  Batch batch{.through = 9, .checkpoint = 9};
  for (int i = 0; i < 1200; ++i) {
    batch.accounts.push_back({.account = std::to_string(i), .through = 9});
  }
  bool cut = false, failed = true;
  for (int healthy = 0; failed; ++healthy) {
    ASSERT_LT(healthy, 1000);
    disk_.ShortenWrites(1, healthy);
    failed = !store_->Write(batch);
    disk_.ShortenWrites(0);
    Crash();
    EXPECT_EQ(store_->checkpoint(), failed ? 4u : 9u);
    EXPECT_GE(store_->through(), store_->checkpoint());
    cut = cut || (failed && Got(store_->Accounts()).size() > 1);
  }
  EXPECT_TRUE(cut);
  ASSERT_TRUE(store_->CutBack(9));
  EXPECT_EQ(store_->checkpoint(), 0u);
  Reopen();
  EXPECT_EQ(store_->checkpoint(), 0u);
}

// The tape forgets what a checkpoint has, so that must not be what a crash of the machine takes.
TEST_F(StoreFault, ACheckpointIsSyncedAndCountsOnlyThen) {
  uint64_t before = disk_.syncs();
  Write(Numbered(4, 9));
  EXPECT_EQ(disk_.syncs(), before);
  Batch batch = Numbered(10, 12);
  batch.checkpoint = 12;
  disk_.FailSyncs(1);
  ASSERT_FALSE(store_->Write(batch));
  EXPECT_EQ(store_->checkpoint(), 0u);
  before = disk_.syncs();
  Write(batch);
  EXPECT_EQ(disk_.syncs(), before + 1);
  EXPECT_EQ(store_->checkpoint(), 12u);
  before = disk_.syncs();
  Write(Numbered(13, 14));
  EXPECT_EQ(disk_.syncs(), before);
  ExpectAll(14);
}

TEST_F(StoreFault, ACutBackThatTheDiskDoesNotTakeChangesNothing) {
  disk_.SetFull(true);
  EXPECT_FALSE(store_->CutBack(1));
  EXPECT_EQ(store_->through(), 3u);
  disk_.SetFull(false);
  ExpectAll(3);
  ASSERT_TRUE(store_->CutBack(1));
  EXPECT_EQ(store_->through(), 1u);
}

TEST_F(StoreFault, ThinningThatFailsIsDoneLater) {
  disk_.SetFull(true);
  EXPECT_FALSE(store_->ThinEquity(kNoon + hours(48)));
  disk_.SetFull(false);
  EXPECT_EQ(Points().size(), 3u);
  EXPECT_FALSE(Got(store_->ThinEquity(kNoon + hours(48))));
  EXPECT_EQ(Points().size(), 1u);
}

TEST_F(StoreFault, FailedSyncsWhenTheLogIsCopiedLoseNothing) {
  // Enough for the log to be copied several times, each of them failing at first.
  Batch batch = Numbered(1, 400);
  for (OrderRow& order : batch.orders) order.json = std::string(20'000, 'j');
  batch.through = 3;
  batch.accounts.clear();
  for (int i = 0; i < 20; ++i) {
    disk_.FailSyncs(2);
    // The first commit in a log that begins anew syncs its head: it may fail, and is made again.
    while (!store_->Write(batch)) {
    }
  }
  disk_.FailSyncs(0);
  Write(batch);
  Crash();
  EXPECT_EQ(Ids({.account = "a", .limit = 1000}).size(), 400u);
}

TEST_F(StoreFault, TheLogIsCopiedAndBegunAnew) {
  Batch batch = Numbered(1, 400);
  for (OrderRow& order : batch.orders) order.json = std::string(20'000, 'j');
  for (int i = 0; i < 60; ++i) Write(batch);  // about 8 MB each
  EXPECT_LT(std::filesystem::file_size(file().string() + "-wal"), 160'000'000u);
  Reopen();
  EXPECT_EQ(Ids({.account = "a", .limit = 1000}).size(), 400u);
}

TEST_F(StoreFault, AnUnreadableFileIsAnErrorOfTheQuery) {
  Close();
  Open();
  disk_.SetUnreadable(true);
  const auto orders = reader_->Orders({.account = "a"});
  disk_.SetUnreadable(false);
  ASSERT_FALSE(orders);
  EXPECT_NE(orders.error().message.find("does not read"), std::string::npos);
  EXPECT_EQ(Ids({.account = "a"}).size(), 3u);
}

TEST_F(StoreFault, OpeningOnAFullDiskSaysSo) {
  Close();
  std::filesystem::remove(file());
  disk_.SetFull(true);
  const auto opened = TryOpen();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("disk is full"), std::string::npos);
  disk_.SetFull(false);
  Open();
  EXPECT_EQ(store_->through(), 0u);
}

}  // namespace
}  // namespace livetape::store
