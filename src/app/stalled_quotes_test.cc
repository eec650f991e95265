#include "app/stalled_quotes.h"

#include <gtest/gtest.h>

#include <vector>

namespace livetape::app {
namespace {

base::Price P(std::string_view text) { return *base::Price::Parse(text); }
base::Quantity Q(std::string_view text) { return *base::Quantity::Parse(text); }

class StalledQuotesTest : public testing::Test, private floor::FloorObserver {
 protected:
  StalledQuotesTest() : floor_({}, *this) {
    aapl_ = floor_.AddInstrument(model::AssetClass::kUsEquity);
    floor::AccountSettings settings;
    settings.cash = base::Amount::From(Q("100000"));
    account_ = floor_.OpenAccount(time_, settings);
    floor_.OnTrade(time_, {aapl_, P("100"), Q("1")});
  }
  void Trade(std::string_view price) { stalled_.OnTrade(time_, {aapl_, P(price), Q("1")}); }
  void Limit(model::Side side, std::string_view price) {
    floor::OrderRequest order;
    order.instrument = aapl_;
    order.side = side;
    order.type = model::OrderType::kLimit;
    order.quantity = Q("1");
    order.limit = P(price);
    ASSERT_TRUE(floor_.Place(time_, account_, order));
  }
  void OnOrderEvent(const floor::OrderEvent& event) override {
    if (floor::IsFill(event.kind)) filled_.push_back(event.fill.price.ToString());
  }
  void OnRuined(model::AccountId, base::WallTime) override {}

  const base::WallTime time_{std::chrono::hours(500'000)};
  std::vector<std::string> filled_;
  floor::TradingFloor floor_;
  model::InstrumentId aapl_;
  model::AccountId account_;
  StalledQuotes stalled_;
};

TEST_F(StalledQuotesTest, ShowsWhatComesAndTradesNothing) {
  Limit(model::Side::kBuy, "95");
  stalled_.Begin(floor_.quotes());
  Trade("90");
  EXPECT_EQ(stalled_.quotes().Find(aapl_)->price, P("90"));
  EXPECT_EQ(floor_.quotes().Find(aapl_)->price, P("100"));
  EXPECT_TRUE(filled_.empty());
}

TEST_F(StalledQuotesTest, ExtremesAreMetWhenItEnds) {
  Limit(model::Side::kBuy, "95");
  Limit(model::Side::kBuy, "80");
  stalled_.Begin(floor_.quotes());
  for (const char* const price : {"99", "94", "91", "104", "101"}) Trade(price);
  stalled_.End(floor_, [] { ADD_FAILURE() << "nothing has ended"; });
  EXPECT_FALSE(stalled_.on());
  EXPECT_EQ(filled_, std::vector<std::string>{"91"});
  EXPECT_EQ(floor_.quotes().Find(aapl_)->price, P("101"));
  EXPECT_EQ(floor_.quotes().Find(aapl_)->volume, base::Amount::From(Q("6")));
}

TEST_F(StalledQuotesTest, TheFloorEndsWithTheQuoteThatWasShown) {
  stalled_.Begin(floor_.quotes());
  Trade("102");
  stalled_.OnQuote(time_, {aapl_, P("99"), P("101"), Q("5"), Q("6")});
  const model::Quote shown = *stalled_.quotes().Find(aapl_);
  stalled_.End(floor_, [] {});
  const model::Quote& now = *floor_.quotes().Find(aapl_);
  EXPECT_EQ(now.bid, shown.bid);
  EXPECT_EQ(now.ask, shown.ask);
  EXPECT_EQ(now.price, shown.price);
}

// Trades within a quote leave it as it is, whatever there was before it.
TEST_F(StalledQuotesTest, AQuoteStandsWhenOnlyTradesWithinItFollow) {
  stalled_.Begin(floor_.quotes());
  Trade("98");
  stalled_.OnQuote(time_, {aapl_, P("99"), P("101"), Q("5"), Q("6")});
  Trade("100.5");
  const model::Quote shown = *stalled_.quotes().Find(aapl_);
  EXPECT_EQ(shown.ask, P("101"));
  stalled_.End(floor_, [] {});
  const model::Quote& now = *floor_.quotes().Find(aapl_);
  EXPECT_EQ(now.bid, shown.bid);
  EXPECT_EQ(now.ask, shown.ask);
  EXPECT_EQ(now.bid_size, shown.bid_size);
  EXPECT_EQ(now.price, shown.price);
}

TEST_F(StalledQuotesTest, TradesCountOnTopOfTheVolumeThatWasToldBeforeThem) {
  stalled_.Begin(floor_.quotes());
  Trade("101");
  stalled_.OnVolume(time_, aapl_, Q("1000"));
  Trade("102");
  stalled_.End(floor_, [] {});
  EXPECT_EQ(floor_.quotes().Find(aapl_)->volume, base::Amount::From(Q("1001")));
}

TEST_F(StalledQuotesTest, WhatComesAfterAPartMeetsTheFloorAfterIt) {
  Limit(model::Side::kBuy, "95");
  stalled_.Begin(floor_.quotes());
  Trade("97");
  stalled_.Part();
  Trade("90");
  stalled_.Part();
  Trade("96");
  std::string price;
  stalled_.End(floor_, [&] {
    price = floor_.quotes().Find(aapl_)->price.ToString();
    EXPECT_FALSE(stalled_.on());
    EXPECT_TRUE(filled_.empty());
  });
  EXPECT_EQ(price, "97");
  EXPECT_EQ(filled_, std::vector<std::string>{"90"});
  EXPECT_EQ(floor_.quotes().Find(aapl_)->price, P("96"));
}

}  // namespace
}  // namespace livetape::app
