#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

class MatchingTest : public FloorFixture {
 protected:
  MatchingTest() { Quote("100", "101"); }
};

TEST_F(MatchingTest, MarketOrdersTakeTheOtherSideInFull) {
  Place(Wish::Buy("10"));
  EXPECT_EQ(Told(), "1 new; 1 fill 10@101");
  EXPECT_EQ(account().cash().ToString(), "98990");
  EXPECT_EQ(last_.fill.model, FillModel::kQuote);
  EXPECT_FALSE(last_.fill.maker);
  Place(Wish::Sell("10"));
  EXPECT_EQ(Told(), "2 new; 2 fill 10@100");
  EXPECT_EQ(Position(), "0");
}

TEST_F(MatchingTest, TheSizeOfAQuoteLimitsNothing) {
  floor_.OnQuote(time_, {aapl_, P("100"), P("101"), Q("1"), Q("1")});
  Place(Wish::Buy("500"));
  EXPECT_EQ(Told(), "1 new; 1 fill 500@101");
}

TEST_F(MatchingTest, AMarketableLimitTakesAtTheQuote) {
  Place(Wish::Buy("10").Limit("105"));
  EXPECT_EQ(Told(), "1 new; 1 fill 10@101");
  EXPECT_FALSE(last_.fill.maker);
}

TEST_F(MatchingTest, ALimitRestsUntilTheQuoteComesToIt) {
  Place(Wish::Buy("10").Limit("99"));
  EXPECT_EQ(Told(), "1 new");
  Quote("98.5", "99.5");
  EXPECT_EQ(Told(), "");
  Quote("98", "98.5");
  EXPECT_EQ(Told(), "1 fill 10@98.5");
  EXPECT_TRUE(last_.fill.maker);
}

TEST_F(MatchingTest, ASellLimitWaitsForTheBid) {
  Place(Wish::Buy("10"));
  Place(Wish::Sell("10").Limit("103"));
  Quote("102.99", "103.5");
  Told();
  Quote("103", "104");
  EXPECT_EQ(Told(), "2 fill 10@103");
}

TEST_F(MatchingTest, BetterPricesGoFirstThenOlderOrders) {
  Place(Wish::Buy("1").Limit("98"));
  Place(Wish::Buy("1").Limit("99"));
  Place(Wish::Buy("1").Limit("98"));
  Told();
  Quote("96", "97");
  EXPECT_EQ(Told(), "2 fill 1@97; 1 fill 1@97; 3 fill 1@97");
}

TEST_F(MatchingTest, AStopWaitsForThePriceAndIgnoresQuotes) {
  Trade("100.5");
  Place(Wish::Buy("10"));
  Place(Wish::Sell("10").Stop("95"));
  Told();
  Quote("90", "91");
  EXPECT_EQ(Told(), "") << "the last price is still 100.5";
  Trade("90.5");
  EXPECT_EQ(Told(), "2 fill 10@90");
  EXPECT_TRUE(last_.order.triggered);
}

TEST_F(MatchingTest, AStopThatIsReachedAlreadyTradesOnArrival) {
  Trade("100.5");
  Place(Wish::Buy("10").Stop("100"));
  EXPECT_EQ(Told(), "1 new; 1 fill 10@101");
}

TEST_F(MatchingTest, AStopThatIsReachedChangesItsAccountWithoutAnEvent) {
  Place(Wish::Buy("10").Stop("103").Limit("102"));
  std::vector<model::AccountId> changed;
  floor_.TakeChanged(time_, changed);
  Told();
  Trade("104");
  EXPECT_EQ(Told(), "");
  EXPECT_TRUE(Open(1)->triggered);
  floor_.TakeChanged(time_, changed);
  EXPECT_EQ(changed, std::vector{account_});
}

TEST_F(MatchingTest, AStopLimitActsAsALimitOnceReached) {
  Trade("100");
  Place(Wish::Buy("10").Stop("102").Limit("103"));
  Told();
  Quote("104", "105");
  Trade("104");
  EXPECT_EQ(Told(), "");
  EXPECT_TRUE(Open(1)->triggered);
  Quote("102", "102.5");
  EXPECT_EQ(Told(), "1 fill 10@102.5");
  EXPECT_TRUE(last_.fill.maker);
}

TEST_F(MatchingTest, ATrailingStopFollowsThePriceUpAndSellsOnTheWayDown) {
  Trade("100");
  Place(Wish::Buy("10"));
  Place(Wish::Sell("10").Trail("5"));
  EXPECT_EQ(Open(2)->stop.ToString(), "95");
  Trade("110");
  EXPECT_EQ(Open(2)->hwm.ToString(), "110");
  EXPECT_EQ(Open(2)->stop.ToString(), "105");
  Trade("106");
  EXPECT_EQ(Open(2)->stop.ToString(), "105") << "it never goes back";
  Told();
  Trade("105");
  EXPECT_EQ(Told(), "2 fill 10@105");
}

TEST_F(MatchingTest, ATrailingBuyFollowsThePriceDownByPercent) {
  Trade("100");
  Place(Wish::Buy("10").TrailPercent("10"));
  EXPECT_EQ(Open(1)->stop.ToString(), "110");
  Trade("50");
  EXPECT_EQ(Open(1)->stop.ToString(), "55");
  Told();
  Trade("54.99");
  EXPECT_EQ(Told(), "");
  Trade("55");
  EXPECT_EQ(Told(), "1 fill 10@55");
}

TEST_F(MatchingTest, AMovedTrailingStopMakesItsAccountChange) {
  Trade("100");
  Place(Wish::Buy("10").Trail("5"));
  std::vector<model::AccountId> changed;
  floor_.TakeChanged(time_, changed);
  floor_.TakeChanged(time_, changed);
  EXPECT_TRUE(changed.empty());
  Trade("90");
  floor_.TakeChanged(time_, changed);
  EXPECT_EQ(changed, std::vector{account_});
}

TEST_F(MatchingTest, SlippageCostsMarketAndStopOrdersButNotLimits) {
  Set([](AccountSettings& settings) { settings.slippage_bps = D("10"); });
  Place(Wish::Buy("10"));
  EXPECT_EQ(Told(), "1 new; 1 fill 10@101.101");
  EXPECT_EQ(last_.fill.source_price.ToString(), "101");
  EXPECT_EQ(last_.fill.slippage.ToString(), "0.101");
  Place(Wish::Sell("4"));
  EXPECT_EQ(Told(), "2 new; 2 fill 4@99.9");
  EXPECT_EQ(last_.fill.slippage.ToString(), "0.1");
  Place(Wish::Sell("6").Limit("100"));
  EXPECT_EQ(Told(), "3 new; 3 fill 6@100");
  EXPECT_TRUE(last_.fill.slippage.zero());
}

TEST_F(MatchingTest, ImmediateOrdersNeverRest) {
  Place(Wish::Buy("10").Limit("99").Ioc());
  EXPECT_EQ(Told(), "1 new; 1 canceled");
  Place(Wish::Buy("10").Limit("99").Fok());
  EXPECT_EQ(Told(), "2 new; 2 canceled");
  Place(Wish::Buy("10").Limit("101").Ioc());
  EXPECT_EQ(Told(), "3 new; 3 fill 10@101");
  Place(Wish::Buy("10").Fok());
  EXPECT_EQ(Told(), "4 new; 4 fill 10@101");
  EXPECT_EQ(Reserved(), "0");
}

TEST_F(MatchingTest, ANotionalBuysWhatItPaysForRoundedDown) {
  Place(Wish::BuyFor("1000"));
  EXPECT_EQ(Told(), "1 new; 1 fill 9.900990099@101");
  EXPECT_EQ(last_.order.quantity.ToString(), "9.900990099");
}

TEST_F(MatchingTest, ASoldNotionalNeverTakesMoreThanItHolds) {
  Place(Wish::Buy("10"));
  Set([](AccountSettings& settings) { settings.slippage_bps = D("100"); });
  Told();
  Place(Wish::SellFor("1000"));
  EXPECT_EQ(Told(), "2 new; 2 fill 10@99") << "with slippage 1000 would need more than there is";
  EXPECT_EQ(Position(), "0");
}

TEST_F(MatchingTest, AFillThatTheAccountCannotTakeCancelsTheOrder) {
  Set([](AccountSettings& settings) {
    settings.crypto_short = true;
    settings.slippage_bps = D("10000");
  });
  Quote(btc_, "1000000000", "1000000000");
  Place(Wish::Sell("0.00001").Limit("1000000000").In(btc_));
  Place(Wish::Buy("0.00001").In(btc_));
  EXPECT_EQ(Told(), "1 new; 1 fill 0.00001@1000000000; 2 new; 2 canceled account_too_large")
      << "at twice the highest price there is";
  EXPECT_EQ(Position(btc_), "-0.00001");
}

TEST_F(MatchingTest, OfManyTheTickReachesOnlyItsInstrument) {
  Quote(btc_, "100", "101");
  Place(Wish::Buy("1").Limit("99").In(btc_));
  Place(Wish::Buy("1").Limit("99"));
  Told();
  Quote(btc_, "97", "98");
  EXPECT_EQ(Told(), "1 fill 1@98");
}

TEST_F(MatchingTest, TimeNeverGoesBackwards) {
  const base::WallTime now = time_;
  Place(Wish::Buy("1").Limit("99"));
  Later(-60);
  Quote("97", "98");
  EXPECT_EQ(last_.time, now);
}

TEST_F(MatchingTest, TheDaysVolumeIsWhatTheFeedSays) {
  floor_.OnVolume(time_, aapl_, Q("1234"));
  EXPECT_EQ(floor_.quotes().Find(aapl_)->volume.ToString(), "1234");
}

}  // namespace
}  // namespace livetape::floor
