#include "floor/quote_board.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::floor {
namespace {

class QuoteBoardTest : public testing::Test {
 protected:
  QuoteBoardTest() : id_(board_.Add()) { At("2024-08-08T12:00:00Z"); }

  void At(std::string_view time) {
    time_ = *base::ParseRfc3339(time);
    rolled_ = board_.RollTo(time_);
  }
  bool Quote(std::string_view bid, std::string_view ask) {
    return board_.Apply(
        time_, model::QuoteUpdate{id_, *base::Price::Parse(bid), *base::Price::Parse(ask), {}, {}});
  }
  bool Trade(std::string_view price, std::string_view size = "1") {
    return board_.Apply(
        time_, model::TradeTick{id_, *base::Price::Parse(price), *base::Quantity::Parse(size)});
  }
  // "bid/ask price reference volume"
  std::string Now() {
    const model::Quote* q = board_.Find(id_);
    if (q == nullptr) return "none";
    return q->bid.ToString() + "/" + q->ask.ToString() + " " + q->price.ToString() + " " +
           q->reference.ToString() + " " + q->volume.ToString();
  }

  QuoteBoard board_;
  const model::InstrumentId id_;
  base::WallTime time_;
  bool rolled_ = false;
};

TEST_F(QuoteBoardTest, NothingBeforeTheFirstPrice) { EXPECT_EQ(Now(), "none"); }

TEST_F(QuoteBoardTest, NeverTradedIsTheMid) {
  EXPECT_TRUE(Quote("10", "11"));
  EXPECT_EQ(Now(), "10/11 10.5 10.5 0");
  Quote("10", "10.000000001");
  EXPECT_EQ(Now(), "10/10.000000001 10 10.5 0") << "half-even";
  Quote("10.000000001", "10.000000002");
  EXPECT_EQ(Now(), "10.000000001/10.000000002 10.000000002 10.5 0") << "half-even";
}

TEST_F(QuoteBoardTest, NeverQuotedHasBothSidesAtTheTrade) {
  EXPECT_TRUE(Trade("10", "2"));
  EXPECT_EQ(Now(), "10/10 10 10 2");
  Trade("11", "0.5");
  EXPECT_EQ(Now(), "11/11 11 10 2.5");
}

TEST_F(QuoteBoardTest, QuoteAfterATradeLeavesThePrice) {
  Trade("10");
  EXPECT_FALSE(Quote("9", "12"));
  EXPECT_EQ(Now(), "9/12 10 10 1");
}

TEST_F(QuoteBoardTest, TradeOutsideSetsBothUntilTheNextQuote) {
  Quote("9", "12");
  Trade("12.5");
  EXPECT_EQ(Now(), "12.5/12.5 12.5 10.5 1");
  Trade("10");
  EXPECT_EQ(Now(), "10/10 10 10.5 2");
  Quote("9", "12");
  EXPECT_EQ(Now(), "9/12 10 10.5 2");
  Trade("9");
  EXPECT_EQ(Now(), "9/12 9 10.5 3");
}

TEST_F(QuoteBoardTest, DayRollsAtMidnightUtc) {
  Trade("10");
  At("2024-08-08T23:59:59.999999Z");
  EXPECT_FALSE(rolled_);
  Trade("11");
  At("2024-08-09T00:00:00Z");
  EXPECT_TRUE(rolled_);
  EXPECT_EQ(Now(), "11/11 11 11 0");
  At("2024-08-08T23:00:00Z");
  EXPECT_FALSE(rolled_) << "backwards";
  At("2024-08-09T01:00:00Z");
  EXPECT_FALSE(rolled_);
}

TEST_F(QuoteBoardTest, VolumeStaysInItsRange) {
  const auto most = base::Quantity::FromUnits(INT64_MAX);
  const auto price = *base::Price::Parse("1");
  for (int i = 0; i < 3; ++i) board_.Apply(time_, model::TradeTick{id_, price, most});
  EXPECT_EQ(board_.Find(id_)->volume.ToString(), "27670116110.564327421");
}

}  // namespace
}  // namespace livetape::floor
