#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

using model::OrderStatus;

class AlwaysTest : public FloorFixture {
 protected:
  AlwaysTest() {
    Quote("99", "101");
    Trade("100");
  }
};

class ExchangeTest : public FloorFixture {
 protected:
  ExchangeTest() : FloorFixture({.exchange_hours = true}) {
    Quote("99", "101");
    Trade("100");
    Quote(btc_, "1000", "1001");
  }
  void OpenSession() {
    Later();
    Session(SessionEvent::kOpen);
    Later();
    Quote("99", "101");
    Told();
  }
};

TEST_F(AlwaysTest, DayOrdersExpireAtTheRoll) {
  Place(Wish::Buy("1").Limit("90"));
  Place(Wish::Buy("1").Limit("90").Gtc());
  Place(Wish::Buy("1").Limit("90").Bracket("110", "80"));
  Told();
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(Told(), "1 expired; 3 expired; 4 expired; 5 expired");
  EXPECT_EQ(last_.order.expired_at, time_);
  EXPECT_EQ(Reserved(), "90");
}

TEST_F(AlwaysTest, TheDayBeginsAnewForAccountsAndQuotes) {
  Place(Wish::Buy("10"));
  Trade("105");
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(account().day_start().ToString(), "100040");
  EXPECT_EQ(floor_.quotes().Find(aapl_)->reference.ToString(), "105");
  EXPECT_TRUE(floor_.quotes().Find(aapl_)->volume.zero());
  std::vector<model::AccountId> changed;
  floor_.TakeChanged(time_, changed);
  EXPECT_EQ(changed, std::vector{account_});
}

TEST_F(AlwaysTest, OpgFillsAtTheFirstQuoteAfterTheRoll) {
  Place(Wish::Buy("1").Opg());
  Place(Wish::Buy("1").Limit("95").Opg());
  EXPECT_EQ(Told(), "1 accepted; 2 accepted");
  Quote("97", "98");
  Later();
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(Told(), "");
  Later();
  Place(Wish::Buy("1").Opg());
  Told();
  Quote("96", "97");
  EXPECT_EQ(Told(), "1 new; 1 fill 1@97; 2 new; 2 expired") << "the third waits for tomorrow";
  EXPECT_EQ(Open(3)->status, OrderStatus::kAccepted);
}

TEST_F(AlwaysTest, OpgWithoutAQuoteExpiresAtTheNextRoll) {
  Place(Wish::Buy("1").Opg());
  Told();
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(Told(), "");
  Later(86400);
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(Told(), "1 expired");
}

TEST_F(AlwaysTest, ClsFillsAtTheLastMarkBeforeTheRoll) {
  Place(Wish::Buy("1").Cls());
  Place(Wish::Buy("1").Limit("90").Cls());
  EXPECT_EQ(Told(), "1 accepted; 2 accepted");
  EXPECT_EQ(Reserved(), "191");
  Trade("104");
  Quote("103", "106");
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(Told(), "1 new; 1 fill 1@104; 2 expired");
  EXPECT_EQ(Reserved(), "0");
}

TEST_F(AlwaysTest, WaitingOrdersAreCanceledButNotReplaced) {
  Place(Wish::Buy("1").Limit("90").Opg());
  OrderChange change;
  change.limit = P("91");
  EXPECT_EQ(Replace(1, change), "replace_not_allowed");
  EXPECT_EQ(Cancel(1), "");
  EXPECT_EQ(Reserved(), "0");
}

TEST_F(AlwaysTest, SessionsOfAnExchangeAreNothingToIt) {
  Session(SessionEvent::kClose);
  Place(Wish::Buy("1"));
  EXPECT_EQ(Told(), "1 new; 1 fill 1@101");
}

TEST_F(ExchangeTest, OutsideASessionOrdersWaitForItsFirstQuote) {
  Place(Wish::Buy("1"));
  Place(Wish::Buy("1").Limit("90"));
  EXPECT_EQ(Told(), "1 accepted; 2 accepted");
  EXPECT_EQ(Reserved(), "191");
  Quote("94", "95");
  EXPECT_EQ(Told(), "") << "a quote before the session";
  Later();
  Session(SessionEvent::kOpen);
  EXPECT_EQ(Told(), "");
  Quote("92", "93");
  EXPECT_EQ(Told(), "1 new; 1 fill 1@93; 2 new");
  Quote("88", "89");
  EXPECT_EQ(Told(), "2 fill 1@89");
}

TEST_F(ExchangeTest, BeforeTheFirstQuoteOrdersWaitToo) {
  Session(SessionEvent::kOpen);
  Place(Wish::Buy("1"));
  EXPECT_EQ(Told(), "1 accepted");
  Trade("102");
  EXPECT_EQ(Told(), "1 new; 1 fill 1@102");
}

TEST_F(ExchangeTest, CoinsAlwaysTrade) {
  Place(Wish::Buy("1").In(btc_));
  EXPECT_EQ(Told(), "1 new; 1 fill 1@1001");
}

TEST_F(ExchangeTest, AfterTheCloseNothingMatches) {
  OpenSession();
  Place(Wish::Buy("1").Limit("90").Gtc());
  Place(Wish::Buy("10"));
  Place(Wish::Sell("10").Trail("5").Gtc());
  Told();
  Session(SessionEvent::kClose);
  Quote("79", "80");
  Trade("80");
  EXPECT_EQ(Told(), "");
  Later();
  Session(SessionEvent::kOpen);
  Quote("81", "82");
  EXPECT_EQ(Told(), "1 fill 1@82; 3 fill 10@81") << "the price it has is under both";
}

TEST_F(ExchangeTest, DayOrdersExpireAtTheRollNotAtAnEarlyClose) {
  OpenSession();
  Place(Wish::Buy("1").Limit("90"));
  Told();
  Session(SessionEvent::kClose);
  EXPECT_EQ(Told(), "");
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(Told(), "1 expired");
}

TEST_F(ExchangeTest, OpgIsForTheNextSession) {
  OpenSession();
  Place(Wish::Buy("1").Opg());
  Quote("98", "99");
  Session(SessionEvent::kClose);
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(Told(), "1 accepted");
  Later();
  Session(SessionEvent::kOpen);
  Quote("97", "98");
  EXPECT_EQ(Told(), "1 new; 1 fill 1@98");
}

TEST_F(ExchangeTest, OpgOfASessionWithoutQuotesExpiresAtItsClose) {
  Place(Wish::Buy("1").Opg());
  Later();
  Session(SessionEvent::kOpen);
  Told();
  Session(SessionEvent::kClose);
  EXPECT_EQ(Told(), "1 expired");
}

TEST_F(ExchangeTest, ClsOfStockFillsAtTheCloseAndOfCoinsAtTheRoll) {
  OpenSession();
  Place(Wish::Buy("1").Cls());
  Place(Wish::Buy("1").Cls().In(btc_));
  Told();
  Session(SessionEvent::kClose);
  EXPECT_EQ(Told(), "1 new; 1 fill 1@100");
  Place(Wish::Buy("1").Cls());
  Session(SessionEvent::kDayRoll);
  EXPECT_EQ(Told(), "3 accepted; 2 new; 2 fill 1@1000.5") << "the third waits for the next close";
}

TEST_F(ExchangeTest, AnOcoWaitsAsAWhole) {
  OpenSession();
  Place(Wish::Buy("10"));
  Session(SessionEvent::kClose);
  Told();
  Place(Wish::Sell("10").Oco("110", "90").Gtc());
  EXPECT_EQ(Told(), "2 accepted; 3 accepted");
  EXPECT_EQ(Held(), "10");
  Session(SessionEvent::kOpen);
  Trade("89");
  EXPECT_EQ(Told(), "2 new; 3 new; 3 fill 10@89; 2 canceled");
}

TEST_F(ExchangeTest, ABracketsLegsAreHeldWhileItWaits) {
  Place(Wish::Buy("10").Bracket("110", "90"));
  EXPECT_EQ(Told(), "1 accepted; 2 held; 3 held");
  Session(SessionEvent::kOpen);
  Quote("99", "100");
  EXPECT_EQ(Told(), "1 new; 1 fill 10@100; 2 new; 3 new");
}

TEST_F(ExchangeTest, ATrailingStopBeginsWithItsSession) {
  Place(Wish::Buy("1").Trail("5"));
  EXPECT_TRUE(Open(1)->hwm.zero());
  EXPECT_EQ(Reserved(), "105");
  Session(SessionEvent::kOpen);
  Trade("90");
  EXPECT_EQ(Open(1)->hwm.ToString(), "90");
  EXPECT_EQ(Open(1)->stop.ToString(), "95");
}

}  // namespace
}  // namespace livetape::floor
