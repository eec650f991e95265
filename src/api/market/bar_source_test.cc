#include "api/market/bar_source.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "base/temporary_folder.h"
#include "metrics/registry.h"
#include "store/store.h"
#include "store/store_file.h"

namespace livetape::api {
namespace {

using std::chrono::minutes;

constexpr model::InstrumentId kRoom{0};

base::WallTime Minute(int64_t n) {
  return base::WallTime(std::chrono::sys_days(std::chrono::year(2024) / 5 / 15)) + minutes(n);
}
model::Bar BarAt(int64_t n, int64_t price) {
  const auto at = *base::Price::Parse(std::to_string(price));
  return {.start = Minute(n), .open = at, .high = at, .low = at, .close = at, .volume = {}};
}

class BarSourceTest : public testing::Test {
 protected:
  void Store(const std::vector<model::Bar>& bars) {
    store::Batch batch;
    batch.bars.push_back({.symbol = "ROOM", .timeframe = model::Timeframe::k1m, .bars = bars});
    ASSERT_TRUE(store_->Write(batch));
  }
  void Trade(int64_t n, int64_t price) {
    live_.AddTrade(kRoom, Minute(n), *base::Price::Parse(std::to_string(price)), {});
  }
  // "3:100 4:101": minutes and closes.
  std::string Read(int64_t from, int64_t to, bool newest, size_t limit) {
    store::Reader reader(*store::OpenToRead(store::StoreFile(folder_.path()), ""));
    const auto bars = BarSource(live_, &reader)
                          .Read({.instrument = kRoom,
                                 .symbol = "ROOM",
                                 .timeframe = model::Timeframe::k1m,
                                 .from = Minute(from),
                                 .to = Minute(to),
                                 .newest = newest,
                                 .limit = limit});
    if (!bars) return bars.error().message;
    std::string text;
    for (const model::Bar& bar : *bars) {
      if (!text.empty()) text += ' ';
      text += std::to_string((bar.start - Minute(0)) / minutes(1)) + ':' + bar.close.ToString();
    }
    return text;
  }

  const base::TemporaryFolder folder_;
  metrics::Registry metrics_;
  std::unique_ptr<store::Store> store_ = *store::Store::Open({.folder = folder_.path()}, metrics_);
  market::BarHistory live_;
};

TEST_F(BarSourceTest, StoredAndLiveBarsAreOneSeries) {
  Store({BarAt(1, 10), BarAt(2, 20), BarAt(4, 40)});
  Trade(4, 41);
  Trade(6, 60);
  EXPECT_EQ(Read(0, 9, true, 10), "1:10 2:20 4:41 6:60");
  EXPECT_EQ(Read(2, 4, true, 10), "2:20 4:41");
  EXPECT_EQ(Read(0, 9, true, 2), "4:41 6:60");
  EXPECT_EQ(Read(0, 9, false, 2), "1:10 2:20");
  EXPECT_EQ(Read(0, 9, false, 3), "1:10 2:20 4:41");
  EXPECT_EQ(Read(7, 9, true, 10), "");
}

TEST_F(BarSourceTest, IsAsASimpleModelSays) {
  const uint64_t seed = testing::UnitTest::GetInstance()->random_seed() + 1;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  base::Random random(seed);
  std::map<int64_t, int64_t> model;
  std::vector<model::Bar> stored;
  for (int64_t n = 0; n < 700; ++n) {
    if (random.Below(3) == 0) continue;
    stored.push_back(BarAt(n, 1000 + n));
    model[n] = 1000 + n;
  }
  Store(stored);
  for (int64_t n = 650; n < 760; ++n) {
    if (random.Below(3) == 0) continue;
    Trade(n, 5000 + n);
    model[n] = 5000 + n;
  }
  for (int i = 0; i < 300; ++i) {
    const auto from = static_cast<int64_t>(random.Below(780));
    const auto to = from + static_cast<int64_t>(random.Below(400));
    const size_t limit = 1 + random.Below(300);
    const bool newest = random.Below(2) == 0;
    std::vector<std::string> expected;
    for (const auto& [n, price] : model) {
      if (n >= from && n <= to) expected.push_back(std::to_string(n) + ':' + std::to_string(price));
    }
    if (expected.size() > limit && newest) {
      expected.erase(expected.begin(), expected.end() - static_cast<ptrdiff_t>(limit));
    }
    expected.resize(std::min(expected.size(), limit));
    std::string text;
    for (const std::string& one : expected) text += (text.empty() ? "" : " ") + one;
    EXPECT_EQ(Read(from, to, newest, limit), text) << from << " to " << to << ", " << limit;
  }
}

}  // namespace
}  // namespace livetape::api
