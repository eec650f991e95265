#include <memory>

#include "floor/floor_fixture.h"
#include "floor/floor_witness.h"

// What events do not tell, and events that are missing; floor_days_test.cc has the rest.

namespace livetape::floor {
namespace {

class RestoringTest : public FloorFixture {
 protected:
  RestoringTest() {
    Quote("99", "101");
    Trade("100");
  }
  // A fresh floor with the account as it began, and the first `count` events.
  void Crash(size_t count) {
    const std::vector<OrderEvent> events = std::exchange(events_, {});
    again_ = std::make_unique<Witness>(TradingFloor::Options{});
    again_->floor.RestoreQuote(aapl_, *floor_.quotes().Find(aapl_));
    again_->floor.RestoreAccount({Account(Usual(), time_), {}});
    ASSERT_LE(count, events.size());
    for (size_t i = 0; i < count; ++i) again_->floor.Replay(events[i]);
  }
  void TradeAgain(std::string_view price) {
    again_->floor.OnTrade(time_, {aapl_, P(price), Q("1")});
  }
  std::string ToldAgain() {
    std::string text;
    for (const OrderEvent& event : std::exchange(again_->events, {})) {
      text.append(text.empty() ? "" : "; ").append(floor::TextOf(event));
    }
    return text;
  }
  std::unique_ptr<Witness> again_;
};

TEST_F(RestoringTest, ATrailingStopGoesOnFromTheMarkThatWasTold) {
  Place(Wish::Buy("1"));
  Place(Wish::Sell("1").Trail("5"));
  Trade("120");
  Crash(events_.size());
  TradeAgain("116");
  EXPECT_EQ(ToldAgain(), "") << "the 120 was not told";
  TradeAgain("111");
  EXPECT_EQ(ToldAgain(), "2 fill 1@111");
}

TEST_F(RestoringTest, AnEntryThatWasFilledLastActivatesItsLegs) {
  Place(Wish::Buy("1").Bracket("110", "90"));
  ASSERT_EQ(events_[3].kind, OrderEventKind::kFill);
  Crash(4);
  TradeAgain("100");
  EXPECT_EQ(ToldAgain(), "2 new; 3 new");
  TradeAgain("110");
  EXPECT_EQ(ToldAgain(), "2 fill 1@110; 3 canceled");
}

TEST_F(RestoringTest, ALegThatWasFilledLastCancelsTheOther) {
  Place(Wish::Buy("1").Bracket("110", "90"));
  Trade("90");
  Crash(7);
  TradeAgain("100");
  EXPECT_EQ(ToldAgain(), "2 canceled");
}

TEST_F(RestoringTest, AMarketOrderThatWasOnlyAcceptedFillsAtTheNextTick) {
  Place(Wish::Buy("1"));
  Crash(1);
  TradeAgain("100");
  EXPECT_EQ(ToldAgain(), "1 fill 1@101");
}

TEST_F(RestoringTest, TheRateOfOrdersIsKnownAgain) {
  Set([](AccountSettings& settings) { settings.limits.max_orders_per_s = 2; });
  Place(Wish::Buy("1").Limit("50"));
  Place(Wish::Buy("1").Limit("50"));
  Crash(2);
  again_->floor.ChangeSettings(account_, account().settings());
  EXPECT_EQ(again_->floor.Place(time_, account_, Wish::Buy("1")).error().reason,
            RefusalReason::kOrderRate);
}

TEST_F(RestoringTest, AnInstrumentKeepsItsLastPrice) {
  Crash(0);
  again_->floor.OnQuote(time_, {aapl_, P("50"), P("52"), {}, {}});
  EXPECT_EQ(again_->floor.quotes().Find(aapl_)->price.ToString(), "100") << "it has traded";
  const auto price = again_->floor.quotes().Find(aapl_)->price;
  again_->floor.RestoreQuote(aapl_, {});
  EXPECT_EQ(again_->floor.quotes().Find(aapl_)->price, price) << "what is newer stays";
}

TEST_F(RestoringTest, TimesThatComeASecondTimeEndTheirDayASecondTime) {
  const base::WallTime begin = time_;
  Later(60);
  const base::WallTime roll = time_;
  Session(SessionEvent::kDayRoll);
  Later(60);
  Place(Wish::Buy("1").Limit("50"));  // younger than the roll: it ends with the next
  ASSERT_EQ(events_.size(), 1U);
  again_ = std::make_unique<Witness>(TradingFloor::Options{});
  again_->floor.RestoreQuote(aapl_, *floor_.quotes().Find(aapl_));
  again_->floor.RestoreAccount({account(), {events_[0].order}}, time_);
  EXPECT_EQ(again_->floor.now(), time_);
  again_->floor.ReturnTo(begin);
  ASSERT_TRUE(again_->floor.Place(begin, account_, Wish::Buy("1").Limit("60")));
  ASSERT_TRUE(again_->floor.Place(begin, account_, Wish::Buy("1").Cls()));
  EXPECT_EQ(again_->events[0].order.created, begin);
  EXPECT_EQ(ToldAgain(), "2 new; 3 accepted");
  again_->floor.OnSession(roll, SessionEvent::kDayRoll);
  EXPECT_EQ(ToldAgain(), "3 new; 3 fill 1@100; 2 expired");
  again_->floor.OnSession(time_ + std::chrono::days(1), SessionEvent::kDayRoll);
  EXPECT_EQ(ToldAgain(), "1 expired");
}

TEST_F(RestoringTest, AClockThatIsBehindItsReturnStaysWhereItIs) {
  Crash(0);
  again_->floor.OnTrade(time_, {aapl_, P("100"), Q("1")});
  again_->floor.ReturnTo(time_ + std::chrono::hours(1));
  EXPECT_EQ(again_->floor.now(), time_);
}

// At its cost the position would not make up for the loss; at its price it does.
TEST_F(RestoringTest, NobodyIsRuinedWhileAPositionHasNoPrice) {
  Trade(btc_, "10");
  Place(Wish::Buy("1000").In(btc_));
  Trade(btc_, "100");
  Place(Wish::Buy("1800"));
  Quote("40", "40");
  Place(Wish::Sell("1800"));
  EXPECT_EQ(account().realized().ToString(), "-109800");
  ASSERT_TRUE(ruined_.empty());
  Crash(events_.size());
  std::vector<model::AccountId> changed;
  again_->floor.TakeChanged(time_, changed);
  EXPECT_EQ(again_->floor.account(account_).equity().ToString(), "-9800");
  EXPECT_EQ(again_->ruined, 0);
  again_->floor.OnTrade(time_, {btc_, P("100"), Q("1")});
  again_->floor.TakeChanged(time_, changed);
  EXPECT_EQ(again_->ruined, 0);
  again_->floor.OnTrade(time_, {btc_, P("19"), Q("1")});
  again_->floor.TakeChanged(time_, changed);
  EXPECT_EQ(again_->ruined, 1);
}

}  // namespace
}  // namespace livetape::floor
