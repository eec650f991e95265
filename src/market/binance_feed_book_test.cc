#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "market/binance_feed.h"
#include "market/line_reader.h"

namespace livetape::market {
namespace {

// Someone who knows nothing but the events.
class Follower {
 public:
  void Take(const model::BookUpdate& update) {
    if (update.snapshot) book_.Clear();
    book_.Set(Side::kBid, update.bids);
    book_.Set(Side::kAsk, update.asks);
  }
  bool Has(const OrderBook& other, Side side) const {
    return std::ranges::equal(book_.levels(side), other.levels(side));
  }
  bool empty() const {
    return book_.levels(Side::kBid).empty() && book_.levels(Side::kAsk).empty();
  }

 private:
  OrderBook book_;
};

class BinanceBookTest : public testing::Test {
 protected:
  std::string Levels() {
    std::string text;
    for (uint64_t count = random_.Below(4); count > 0; --count) {
      text += fmt::format(R"({}["{}","{}"])", text.empty() ? "" : ",", 1 + random_.Below(50),
                          random_.Below(3));
    }
    return text;
  }
  // A diff that follows the last one or leaves a hole, or a snapshot near it.
  std::string RandomMessage() {
    if (random_.Below(12) == 0) {
      const uint64_t id = id_ + random_.Below(6) - std::min<uint64_t>(id_, 3);
      return fmt::format(R"({{"lastUpdateId":{},"bids":[{}],"asks":[{}]}})", id, Levels(),
                         Levels());
    }
    const uint64_t first = id_ + 1 + (random_.Below(15) == 0 ? 2 : 0);
    id_ = first + random_.Below(3);
    return fmt::format(
        R"({{"stream":"x@depth","data":{{"s":"BTCUSDT","U":{},"u":{},"b":[{}],"a":[{}]}}}})", first,
        id_, Levels(), Levels());
  }
  void Take(const std::string& json) {
    const std::string line = "1723161253937085768 " + json;
    const std::string padded = line + std::string(kLinePadding, '\0');
    std::vector<model::MarketEvent> events;
    Decoded out{events, report_, 1};
    ASSERT_TRUE(feed_.Take(std::string_view(padded).substr(0, line.size()), out)) << json;
    for (const model::MarketEvent& event : events) {
      if (const auto* update = std::get_if<model::BookUpdate>(&event.what)) follower_.Take(*update);
    }
  }

  base::Random random_{20240808};
  uint64_t id_ = 100;
  LineReport report_{"feed", nullptr};
  BinanceFeed feed_{std::nullopt};
  Follower follower_;
};

TEST_F(BinanceBookTest, WhoFollowsTheUpdatesHasTheBookWhileItIsLiveAndNoneElse) {
  SCOPED_TRACE("seed 20240808");
  int live = 0, broken = 0;
  for (int round = 0; round < 5000; ++round) {
    const bool restart = random_.Below(500) == 0;
    if (restart) feed_.Restart();
    Take(RandomMessage());
    if (feed_.symbols().empty()) continue;
    const DepthSync& depth = feed_.symbols()[0]->depth;
    if (depth.live()) {
      ++live;
      ASSERT_TRUE(follower_.Has(depth.book(), Side::kBid)) << "round " << round;
      ASSERT_TRUE(follower_.Has(depth.book(), Side::kAsk)) << "round " << round;
    } else {
      ++broken;
      ASSERT_TRUE(follower_.empty()) << "round " << round;
    }
  }
  EXPECT_GT(live, 1000);
  EXPECT_GT(broken, 500);
}

}  // namespace
}  // namespace livetape::market
