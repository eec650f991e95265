#include "market/depth_sync.h"

#include <gtest/gtest.h>

#include <string>

namespace livetape::market {
namespace {

using Took = DepthSync::Took;

class DepthSyncTest : public testing::Test {
 protected:
  static std::vector<BookLevel> Level(int64_t price, int64_t quantity) {
    return {{base::Price::FromUnits(price), base::Quantity::FromUnits(quantity)}};
  }
  // A diff that sets the bid at 100 to its own id.
  Took Diff(uint64_t first, uint64_t last) {
    BinanceMessage message;
    message.kind = BinanceMessage::Kind::kDepth;
    message.first_id = first;
    message.id = last;
    message.bids = Level(100, static_cast<int64_t>(last));
    return sync_.TakeDiff(message);
  }
  bool Snapshot(uint64_t id) {
    BinanceMessage message;
    message.kind = BinanceMessage::Kind::kSnapshot;
    message.id = id;
    message.bids = Level(100, static_cast<int64_t>(id));
    message.asks = Level(101, 1);
    return sync_.TakeSnapshot(message);
  }
  int64_t BidQuantity() { return sync_.book().Top()->bid.quantity.units(); }

  std::string applied_;
  DepthSync sync_{[this](uint64_t id, const OrderBook&) { applied_ += std::to_string(id) + " "; }};
};

TEST_F(DepthSyncTest, DiffsBeforeTheSnapshotAreKeptAndAppliedFromIt) {
  EXPECT_EQ(Diff(1, 5), Took::kKept);
  EXPECT_EQ(Diff(6, 9), Took::kKept);
  EXPECT_EQ(Diff(10, 14), Took::kKept);
  EXPECT_FALSE(sync_.live());
  EXPECT_TRUE(Snapshot(7));  // inside the second diff
  EXPECT_TRUE(sync_.live());
  EXPECT_EQ(applied_, "9 14 ");
  EXPECT_EQ(BidQuantity(), 14);
  EXPECT_EQ(Diff(15, 15), Took::kApplied);
  EXPECT_EQ(BidQuantity(), 15);
  EXPECT_EQ(sync_.holes(), 0U);
}

TEST_F(DepthSyncTest, ASnapshotMayComeFirst) {
  EXPECT_TRUE(Snapshot(7));
  EXPECT_EQ(Diff(3, 7), Took::kStale);
  EXPECT_EQ(Diff(5, 9), Took::kApplied);
  EXPECT_EQ(applied_, "9 ");
}

TEST_F(DepthSyncTest, AHoleBreaksTheBookUntilTheNextSnapshot) {
  Snapshot(7);
  Diff(8, 9);
  EXPECT_EQ(Diff(11, 12), Took::kHole);
  EXPECT_FALSE(sync_.live());
  EXPECT_EQ(sync_.holes(), 1U);
  EXPECT_EQ(Diff(13, 14), Took::kKept);
  EXPECT_EQ(applied_, "9 ");
  EXPECT_TRUE(Snapshot(12));
  EXPECT_TRUE(sync_.live());
  EXPECT_EQ(applied_, "9 14 ");
}

TEST_F(DepthSyncTest, ASnapshotFromBeforeTheHoleIsNotUsed) {
  Snapshot(7);
  Diff(11, 12);
  EXPECT_FALSE(Snapshot(9));
  EXPECT_FALSE(sync_.live());
  EXPECT_TRUE(Snapshot(10));  // reaches the first kept diff
  EXPECT_EQ(BidQuantity(), 12);
}

TEST_F(DepthSyncTest, AHoleBeforeTheSnapshotIsCountedAndCutsWhatIsKept) {
  Diff(1, 2);
  EXPECT_EQ(Diff(5, 6), Took::kHole);
  EXPECT_EQ(sync_.holes(), 1U);
  EXPECT_FALSE(Snapshot(1));
  EXPECT_TRUE(Snapshot(5));
  EXPECT_EQ(applied_, "6 ");
}

TEST_F(DepthSyncTest, ALaterSnapshotReplacesALiveBookAndAnOlderOneDoesNot) {
  Snapshot(7);
  Diff(8, 9);
  EXPECT_FALSE(Snapshot(8));
  EXPECT_EQ(BidQuantity(), 9);
  EXPECT_TRUE(Snapshot(20));
  EXPECT_EQ(BidQuantity(), 20);
  EXPECT_EQ(Diff(21, 22), Took::kApplied);
  EXPECT_EQ(sync_.holes(), 0U);
}

TEST_F(DepthSyncTest, KeptDiffsAreBounded) {
  BinanceMessage message;
  message.bids.assign(1000, Level(100, 1)[0]);
  for (uint64_t id = 1; id <= 3000; ++id) {
    message.first_id = message.id = id;
    EXPECT_EQ(sync_.TakeDiff(message), Took::kKept);
  }
  EXPECT_FALSE(Snapshot(1000));  // those diffs have given way
  EXPECT_TRUE(Snapshot(2500));
}

}  // namespace
}  // namespace livetape::market
