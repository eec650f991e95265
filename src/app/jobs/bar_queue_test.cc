#include "app/jobs/bar_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "app/jobs/bar_recovery.h"

namespace livetape::app {
namespace {

using model::Timeframe;
using std::chrono::minutes;

base::WallTime Minute(int64_t n) {
  return base::WallTime(std::chrono::sys_days(std::chrono::year(2024) / 5 / 15)) + minutes(n);
}
model::Bar BarAt(int64_t n, int64_t price = 100, int64_t volume = 1) {
  const auto at = *base::Price::Parse(std::to_string(price));
  return {.start = Minute(n),
          .open = at,
          .high = at,
          .low = at,
          .close = at,
          .volume = base::Amount::From(*base::Quantity::Parse(std::to_string(volume))),
          .trades = 1};
}
store::BarRows Rows(const std::string& symbol) {
  return {.symbol = symbol, .timeframe = Timeframe::k1m, .bars = {BarAt(0)}};
}
// "A 1m 0,1; B 1d 0"
std::string Told(const std::vector<store::BarRows>& all) {
  std::string text;
  for (const store::BarRows& rows : all) {
    text +=
        (text.empty() ? "" : "; ") + rows.symbol + ' ' + std::string(model::Name(rows.timeframe));
    for (const model::Bar& bar : rows.bars) {
      text += &bar == &rows.bars.front() ? ' ' : ',';
      text += std::to_string((bar.start - Minute(0)) / minutes(1));
    }
  }
  return text;
}

class BarQueueTest : public testing::Test {
 protected:
  BarQueueTest() {
    instruments_.Add({"A", model::AssetClass::kUsEquity});
    instruments_.Add({"B", model::AssetClass::kCrypto});
  }
  std::string Next() { return Told(queue_.Next().bars); }

  static constexpr model::InstrumentId kA{0}, kB{1};
  market::Instruments instruments_;
  metrics::Registry metrics_;
  BarQueue queue_{instruments_, metrics_};
  const std::shared_ptr<BarQueue::Fault> fault_ = std::make_shared<BarQueue::Fault>();
};

TEST_F(BarQueueTest, GathersBarsOfTheMarketBySeries) {
  queue_.AddClosed(kB, Timeframe::k1m, BarAt(0));
  queue_.AddClosed(kA, Timeframe::k1m, BarAt(0));
  queue_.AddClosed(kB, Timeframe::k1m, BarAt(1));
  queue_.AddClosed(kB, Timeframe::k1s, BarAt(1));
  queue_.AddClosed(kB, Timeframe::k1d, BarAt(0));
  queue_.AddClosed(kA, Timeframe::k1m, BarAt(0));
  EXPECT_EQ(Next(), "A 1m 0; A 1m 0; B 1m 0,1; B 1d 0") << "seconds are not kept";
  EXPECT_EQ(Next(), "");
}

TEST_F(BarQueueTest, GivesBarsOfTheMarketBeforeImports) {
  ASSERT_TRUE(queue_.Put(Rows("X"), fault_));
  queue_.AddClosed(kA, Timeframe::k1m, BarAt(3));
  EXPECT_EQ(Next(), "A 1m 3");
  queue_.Done();
  EXPECT_EQ(Next(), "X 1m 0");
  queue_.Done();
  EXPECT_TRUE(queue_.empty());
}

TEST_F(BarQueueTest, WritesFewSeriesAtOnce) {
  const size_t count = 3 * BarQueue::kSeriesPerWrite;
  for (size_t i = 0; i < count; ++i) {
    instruments_.Add({"S" + std::to_string(i), model::AssetClass::kCrypto});
    queue_.AddClosed(model::InstrumentId(static_cast<uint32_t>(2 + i)), Timeframe::k1m, BarAt(0));
  }
  size_t written = 0;
  for (;;) {
    const auto rows = queue_.Next().bars;
    if (rows.empty()) break;
    EXPECT_LE(rows.size(), BarQueue::kSeriesPerWrite);
    written += rows.size();
  }
  EXPECT_EQ(written, count);
}

TEST_F(BarQueueTest, AnImportWaitsForRoomAndForTheStore) {
  std::atomic<int> put = 0;
  std::atomic<bool> flushed = false;
  std::thread job([&] {
    for (size_t i = 0; i < BarQueue::kImportBatchesMax + 5; ++i) {
      EXPECT_TRUE(queue_.Put(Rows("X"), fault_));
      ++put;
    }
    EXPECT_TRUE(queue_.Flush(*fault_));
    flushed = true;
  });
  size_t written = 0;
  for (bool synced = false; !synced;) {
    const BarQueue::Write next = queue_.Next();
    if (next.empty()) {
      std::this_thread::yield();
      continue;
    }
    EXPECT_FALSE(flushed);
    EXPECT_LE(put, static_cast<int>(written + 1 + BarQueue::kImportBatchesMax));
    written += next.bars.size();
    synced = next.sync;
    queue_.Done();
  }
  EXPECT_EQ(written, BarQueue::kImportBatchesMax + 5);
  job.join();
  EXPECT_TRUE(flushed);
}

// So is one that comes late: the last batch has been written, and nobody knew that it was the last.
TEST_F(BarQueueTest, AnImportThatIsStoredIsSyncedBeforeItsJobGoesOn) {
  ASSERT_TRUE(queue_.Put(Rows("X"), fault_));
  EXPECT_FALSE(queue_.Next().sync);
  queue_.Done();
  std::atomic<bool> flushed = false;
  std::thread job([&] {
    EXPECT_TRUE(queue_.Flush(*fault_));
    flushed = true;
  });
  BarQueue::Write next;
  while (next.empty()) next = queue_.Next();
  EXPECT_TRUE(next.bars.empty());
  EXPECT_FALSE(flushed);
  EXPECT_FALSE(queue_.empty());
  queue_.Done();
  job.join();
  EXPECT_TRUE(queue_.empty());
}

TEST_F(BarQueueTest, RefusedBarsFailTheirImportAndNoOther) {
  const auto other = std::make_shared<BarQueue::Fault>();
  ASSERT_TRUE(queue_.Put(Rows("X"), fault_));
  ASSERT_TRUE(queue_.Put(Rows("Y"), other));
  const BarQueue::Write first = queue_.Next();
  queue_.Refuse(first.bars.front(), base::Error{"damaged"});
  queue_.Done();
  const auto put = queue_.Put(Rows("X"), fault_);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().message, "damaged");
  EXPECT_EQ(Next(), "Y 1m 0");
  queue_.Done();
  std::thread job([&] {
    EXPECT_TRUE(queue_.Flush(*other));
    EXPECT_FALSE(queue_.Flush(*fault_));
  });
  BarQueue::Write next;
  while (next.empty()) next = queue_.Next();
  queue_.Done();
  job.join();
  // Bars of the market are nobody's import.
  queue_.AddClosed(kA, Timeframe::k1m, BarAt(3));
  queue_.Refuse(queue_.Next().bars.front(), base::Error{"damaged"});
  queue_.Done();
  EXPECT_TRUE(queue_.Put(Rows("Y"), other));
}

TEST_F(BarQueueTest, ClosedLetsNobodyWait) {
  for (size_t i = 0; i < BarQueue::kImportBatchesMax; ++i)
    ASSERT_TRUE(queue_.Put(Rows("X"), fault_));
  std::thread job([this] { EXPECT_FALSE(queue_.Put(Rows("X"), fault_)); });
  queue_.Close();
  job.join();
  EXPECT_FALSE(queue_.Flush(*fault_));
}

TEST(WithMinutes, CompletesTheLastBarAndAddsThoseBehindIt) {
  const std::vector<model::Bar> minutes_there = {BarAt(3, 90, 5), BarAt(4, 110, 5),
                                                 BarAt(5, 120, 5), BarAt(11, 80, 5)};
  const auto bars = WithMinutes({BarAt(0, 100, 2)}, minutes_there, Timeframe::k5m);
  ASSERT_EQ(bars.size(), 3u);
  EXPECT_EQ(bars[0].low, *base::Price::Parse("90"));
  EXPECT_EQ(bars[0].high, *base::Price::Parse("110"));
  EXPECT_EQ(bars[0].close, *base::Price::Parse("110"));
  EXPECT_EQ(bars[0].volume, base::Amount::From(*base::Quantity::Parse("10")));
  EXPECT_EQ(bars[1].start, Minute(5));
  EXPECT_EQ(bars[2].start, Minute(10));
  EXPECT_EQ(bars[2].volume, base::Amount::From(*base::Quantity::Parse("5")));
}

TEST(WithMinutes, OfACompleteBarChangesNothing) {
  model::Bar whole = BarAt(0, 100, 20);
  whole.high = *base::Price::Parse("120");
  whole.low = *base::Price::Parse("80");
  const auto bars = WithMinutes({whole}, {BarAt(3, 90, 5), BarAt(4, 100, 5)}, Timeframe::k5m);
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(bars[0].high, whole.high);
  EXPECT_EQ(bars[0].low, whole.low);
  EXPECT_EQ(bars[0].close, whole.close);
  EXPECT_EQ(bars[0].volume, whole.volume);
}

}  // namespace
}  // namespace livetape::app
