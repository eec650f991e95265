#include "floor/acceptance.h"

#include "base/decimal.h"
#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

using Reason = RefusalReason;

class AcceptanceTest : public FloorFixture {
 protected:
  AcceptanceTest() {
    Quote("99", "101");
    Trade("100");
    Quote(btc_, "50000", "50010");
  }
};

TEST_F(AcceptanceTest, ARefusalIsToldAndUsesAnId) {
  EXPECT_EQ(Refused(Wish::Buy("0")), "qty_not_positive");
  EXPECT_EQ(Told(), "1 rejected qty_not_positive");
  EXPECT_EQ(last_.order.status, model::OrderStatus::kRejected);
  EXPECT_EQ(last_.order.failed_at, time_);
  EXPECT_EQ(Open(1), nullptr);
  EXPECT_EQ(*Place(Wish::Buy("1")), model::OrderId(2));
}

TEST_F(AcceptanceTest, ADuplicateNamesTheFirstAndIsNotTold) {
  Place(Wish::Buy("1").Named("a"));
  Told();
  const auto again = Place(Wish::Buy("1").Named("a"));
  EXPECT_EQ(again.error().reason, Reason::kDuplicateClientOrderId);
  EXPECT_EQ(again.error().order, model::OrderId(1));
  EXPECT_EQ(Told(), "");
  EXPECT_TRUE(Place(OpenAccount(), Wish::Buy("1").Named("a"))) << "another account's own";
}

TEST_F(AcceptanceTest, ARefusedOrderLeavesItsNameFree) {
  EXPECT_NE(Refused(Wish::Buy("100000").Named("a")), "");
  EXPECT_EQ(Refused(Wish::Buy("1").Named("a")), "");
  EXPECT_EQ(floor_.FindByClientId(account_, *model::ClientOrderId::From("a")), model::OrderId(2));
}

TEST_F(AcceptanceTest, WithoutAPriceNothingIsAccepted) {
  const auto other = floor_.AddInstrument(model::AssetClass::kUsEquity);
  EXPECT_EQ(Refused(Wish::Buy("1").In(other)), "no_price");
}

TEST_F(AcceptanceTest, OpeningOrdersReserveAtLimitElseStopElseAsk) {
  Place(Wish::Buy("10").Limit("90"));
  EXPECT_EQ(Reserved(), "900");
  Place(Wish::Buy("10").Stop("110"));
  EXPECT_EQ(Reserved(), "2000");
  Place(Wish::Sell("10").Limit("120"));
  EXPECT_EQ(Reserved(), "3200");
  Place(Wish::BuyFor("50").Limit("50"));
  EXPECT_EQ(Reserved(), "3250");
  Cancel(1);
  Cancel(2);
  Cancel(3);
  Cancel(4);
  EXPECT_EQ(Reserved(), "0");
  EXPECT_EQ(account().cash().ToString(), "100000");
}

TEST_F(AcceptanceTest, BuyingPowerIsTwiceEquityForStock) {
  EXPECT_EQ(Refused(Wish::Buy("1981")), "insufficient_buying_power");
  EXPECT_EQ(Refused(Wish::Buy("1980")), "") << "199980 at the ask";
  const auto refused = Place(Wish::Buy("1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().needed.ToString(), "101");
  EXPECT_EQ(refused.error().limit.ToString(), "0");
}

TEST_F(AcceptanceTest, CoinsAreBoughtWithCash) {
  EXPECT_EQ(Refused(Wish::Buy("2").In(btc_)), "insufficient_buying_power");
  EXPECT_EQ(Refused(Wish::Buy("1.9").In(btc_)), "");
}

TEST_F(AcceptanceTest, AReducingOrderMayNotExceedWhatIsAvailable) {
  Place(Wish::Buy("10"));
  Place(Wish::Sell("4").Limit("200"));
  const auto refused = Place(Wish::Sell("7"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kInsufficientQuantity);
  EXPECT_EQ(refused.error().requested.ToString(), "7");
  EXPECT_EQ(refused.error().existing.ToString(), "10");
  EXPECT_EQ(refused.error().held.ToString(), "4");
  EXPECT_EQ(refused.error().available.ToString(), "6");
  EXPECT_EQ(Refused(Wish::Sell("6")), "");
  EXPECT_EQ(Held(), "4");
  Cancel(2);
  EXPECT_EQ(Held(), "0");
}

TEST_F(AcceptanceTest, ReducingNeedsNoBuyingPower) {
  Place(Wish::Buy("1980"));
  EXPECT_EQ(Refused(Wish::Sell("1980").Limit("500")), "");
  EXPECT_EQ(Reserved(), "0");
}

TEST_F(AcceptanceTest, ShortsAreWholeShares) {
  EXPECT_EQ(Refused(Wish::Sell("1.5")), "short_not_allowed");
  EXPECT_EQ(Refused(Wish::SellFor("100")), "short_not_allowed");
  EXPECT_EQ(Refused(Wish::Sell("1").In(btc_)), "short_not_allowed");
  EXPECT_EQ(Refused(Wish::Sell("2")), "");
  EXPECT_EQ(Position(), "-2");
  EXPECT_EQ(Refused(Wish::Buy("0.5")), "fraction_not_allowed");
  EXPECT_EQ(Refused(Wish::BuyFor("100")), "notional_not_allowed");
  EXPECT_EQ(Refused(Wish::Buy("3")), "insufficient_qty");
  EXPECT_EQ(Refused(Wish::Buy("2")), "");
  Set([](AccountSettings& settings) { settings.no_shorting = true; });
  EXPECT_EQ(Refused(Wish::Sell("2")), "short_not_allowed");
}

TEST_F(AcceptanceTest, BacktestsSellAnythingShort) {
  Set([](AccountSettings& settings) { settings.crypto_short = true; });
  EXPECT_EQ(Refused(Wish::Sell("1.5").In(btc_)), "");
  EXPECT_EQ(Position(btc_), "-1.5");
}

TEST_F(AcceptanceTest, StatesAndSuspension) {
  Place(Wish::Buy("10"));
  Place(Wish::Buy("1").Limit("50"));
  Told();
  floor_.SetState(time_, account_, AccountState::kReducing);
  EXPECT_EQ(Told(), "");
  EXPECT_EQ(Refused(Wish::Buy("1")), "account_reducing");
  EXPECT_EQ(Refused(Wish::Sell("1")), "");
  Told();
  floor_.SetState(time_, account_, AccountState::kHalted);
  EXPECT_EQ(Told(), "2 canceled account_halted");
  EXPECT_EQ(Refused(Wish::Sell("1")), "account_halted");
  floor_.SetState(time_, account_, AccountState::kActive);
  Set([](AccountSettings& settings) { settings.trading_suspended = true; });
  EXPECT_EQ(Refused(Wish::Sell("1")), "trading_suspended");
}

TEST_F(AcceptanceTest, TheIntentAskedForMustBeTheOrders) {
  Wish wish = Wish::Buy("1");
  wish.intent = model::PositionIntent::kBuyToClose;
  EXPECT_EQ(Refused(wish), "intent_mismatch");
  wish.intent = model::PositionIntent::kBuyToOpen;
  EXPECT_EQ(Refused(wish), "");
}

TEST_F(AcceptanceTest, LimitsOfOneOrder) {
  Set([](AccountSettings& settings) {
    settings.limits.max_order_value = A("1000");
    settings.limits.max_order_quantity = Q("20");
    settings.limits.price_collar = D("0.1");
  });
  EXPECT_EQ(Refused(Wish::Buy("10")), "max_order_value") << "1010 at the ask";
  EXPECT_EQ(Refused(Wish::Buy("10").Limit("100")), "") << "just at the limit";
  EXPECT_EQ(Refused(Wish::BuyFor("1000.1")), "max_order_value");
  Quote(btc_, "1", "1");
  EXPECT_EQ(Refused(Wish::Buy("21").In(btc_)), "max_order_qty");
  EXPECT_EQ(Refused(Wish::BuyFor("21").In(btc_)), "max_order_qty");
  EXPECT_EQ(Refused(Wish::Buy("1").Limit("90")), "");
  EXPECT_EQ(Refused(Wish::Buy("1").Limit("89.99")), "price_collar");
  EXPECT_EQ(Refused(Wish::Buy("1").Stop("110.01")), "price_collar");
}

TEST_F(AcceptanceTest, OrdersPerSecondOfFloorTime) {
  Set([](AccountSettings& settings) { settings.limits.max_orders_per_s = 2; });
  EXPECT_EQ(Refused(Wish::Buy("1")), "");
  EXPECT_EQ(Refused(Wish::Buy("1")), "");
  EXPECT_EQ(Refused(Wish::Buy("1")), "order_rate");
  Later();
  EXPECT_EQ(Refused(Wish::Buy("1")), "");
}

TEST_F(AcceptanceTest, OrdersPerSecondGoOnWhenTheClockIsSetBack) {
  Set([](AccountSettings& settings) { settings.limits.max_orders_per_s = 2; });
  EXPECT_EQ(Refused(Wish::Buy("1")), "");
  EXPECT_EQ(Refused(Wish::Buy("1")), "");
  Later(-3600);
  EXPECT_EQ(Refused(Wish::Buy("1")), "");
  EXPECT_EQ(Refused(Wish::Buy("1")), "");
  EXPECT_EQ(Refused(Wish::Buy("1")), "order_rate");
  Later();
  EXPECT_EQ(Refused(Wish::Buy("1")), "");
}

TEST_F(AcceptanceTest, ExposureCountsWhatIsHeldAndWhatIsOrdered) {
  Set([](AccountSettings& settings) { settings.limits.gross = D("1"); });
  Place(Wish::Buy("500"));
  Place(Wish::Buy("400").Limit("98"));
  EXPECT_EQ(Refused(Wish::Buy("200").Limit("98")), "gross_exposure");
  EXPECT_EQ(Refused(Wish::Sell("500")), "") << "reducing is never too much";
  Set([](AccountSettings& settings) {
    settings.limits = {};
    settings.limits.concentration = D("0.5");
  });
  EXPECT_EQ(Refused(Wish::Buy("200").Limit("98")), "concentration");
  EXPECT_EQ(Refused(Wish::Buy("0.5").In(btc_)), "");
}

TEST_F(AcceptanceTest, NetExposureMayAlwaysComeNearerToZero) {
  Set([](AccountSettings& settings) { settings.limits.net = D("0.3"); });
  EXPECT_EQ(Refused(Wish::Buy("301")), "net_exposure");
  EXPECT_EQ(Refused(Wish::Buy("200")), "");
  const auto other = floor_.AddInstrument(model::AssetClass::kUsEquity);
  Quote(other, "100", "100");
  EXPECT_EQ(Refused(Wish::Buy("101").In(other)), "net_exposure");
  EXPECT_EQ(Refused(Wish::Sell("450").In(other)), "") << "from +200 to -250";
}

TEST_F(AcceptanceTest, OpenOrdersHaveALimit) {
  for (size_t i = 0; i < kOpenOrdersMax - 2; ++i) Place(Wish::Buy("1").Limit("1"));
  EXPECT_EQ(Refused(Wish::Buy("1").Limit("50").Bracket("60", "40")), "too_many_open_orders")
      << "its legs count";
  EXPECT_EQ(Refused(Wish::Buy("1").Limit("1")), "");
  EXPECT_EQ(Refused(Wish::Buy("1").Limit("1")), "");
  EXPECT_EQ(Refused(Wish::Buy("1").Limit("1")), "too_many_open_orders");
}

TEST_F(AcceptanceTest, ValuesBeyondAllMeasureAreRefused) {
  EXPECT_EQ(Refused(Wish::Buy("9000000000").Limit("1000000000")), "notional_too_large");
}

TEST_F(AcceptanceTest, CancelKnowsWhatIsOverAndWhatNeverWas) {
  Place(Wish::Buy("1"));
  Place(Wish::Buy("1").Limit("50"));
  EXPECT_EQ(Cancel(1), "not_cancelable");
  EXPECT_EQ(Cancel(7), "no_order");
  EXPECT_EQ(Cancel(0), "no_order");
  const auto other = OpenAccount();
  EXPECT_EQ(floor_.Cancel(time_, other, model::OrderId(2)).error().reason, Reason::kNoOrder);
  EXPECT_EQ(Cancel(2), "");
  EXPECT_EQ(Cancel(2), "not_cancelable");
}

// Orders that were there first may meet a position of the other side.
TEST_F(AcceptanceTest, AReducingOrderNeverOpens) {
  Place(Wish::Sell("10").Limit("110"));
  Place(Wish::Buy("10"));
  Place(Wish::Sell("4").Limit("115"));
  Place(Wish::Sell("6").Limit("116"));
  Told();
  Quote("111", "112");
  EXPECT_EQ(Told(), "4 canceled insufficient_qty; 3 canceled insufficient_qty; 1 fill 10@111");
  EXPECT_EQ(Position(), "0");
}

TEST_F(AcceptanceTest, OnlyTheNewestReducingOrdersGiveWay) {
  Place(Wish::Sell("6").Limit("110"));
  Place(Wish::Buy("10"));
  Place(Wish::Sell("4").Limit("115"));
  Place(Wish::Sell("6").Limit("116"));
  Told();
  Quote("111", "112");
  EXPECT_EQ(Told(), "4 canceled insufficient_qty; 1 fill 6@111");
  EXPECT_EQ(Held(), "4");
}

TEST_F(AcceptanceTest, EquityThatIsUsedUpHaltsTheAccount) {
  Place(Wish::Buy("1900"));
  Place(Wish::Buy("1").Limit("1"));
  Told();
  Quote("45", "46");
  Trade("45");
  std::vector<model::AccountId> changed;
  floor_.TakeChanged(time_, changed);
  EXPECT_EQ(Told(), "2 canceled account_halted");
  EXPECT_EQ(ruined_, std::vector{account_});
  EXPECT_EQ(account().state(), AccountState::kHalted);
  EXPECT_EQ(changed, std::vector{account_});
  floor_.TakeChanged(time_, changed);
  EXPECT_TRUE(changed.empty());
  EXPECT_EQ(ruined_.size(), 1U) << "once";
}

TEST_F(AcceptanceTest, AFillMayRuinTheAccount) {
  Place(Wish::Buy("1900"));
  Place(Wish::Sell("100").Limit("40"));
  Place(Wish::Sell("100").Stop("45"));
  Place(Wish::Sell("100").Stop("44"));
  Told();
  Quote("40", "41");
  Trade("44");
  EXPECT_EQ(Told(), "3 fill 100@44; 4 canceled account_halted");
  EXPECT_EQ(ruined_.size(), 1U);
}

TEST_F(AcceptanceTest, ResetCancelsAndStartsOver) {
  Place(Wish::Buy("10"));
  Place(Wish::Sell("4").Limit("200"));
  Told();
  floor_.Reset(time_, account_);
  EXPECT_EQ(Told(), "2 canceled");
  EXPECT_EQ(Position(), "0");
  EXPECT_EQ(account().cash().ToString(), "100000");
  Trade("50");
  std::vector<model::AccountId> changed;
  floor_.TakeChanged(time_, changed);
  Trade("60");
  floor_.TakeChanged(time_, changed);
  EXPECT_TRUE(changed.empty()) << "it holds nothing any more";
}

TEST_F(AcceptanceTest, TakeChangedNamesHoldersAndThoseWithEventsOnce) {
  const auto holder = OpenAccount();
  const auto idle = OpenAccount();
  Place(holder, Wish::Buy("1"));
  std::vector<model::AccountId> changed;
  floor_.TakeChanged(time_, changed);
  EXPECT_EQ(changed, (std::vector{account_, holder, idle})) << "all are new";
  Trade("100.5");
  Trade("100.25");
  Place(Wish::Buy("1").Limit("50"));
  floor_.TakeChanged(time_, changed);
  EXPECT_EQ(changed, (std::vector{account_, holder}));
}

TEST(Acceptance, APositionTooManyIsRefused) {
  QuoteBoard board;
  AccountSettings settings;
  settings.cash = base::Amount::From(*base::Decimal::Parse("100000"));
  Account account(settings, {});
  const auto price = *base::Price::Parse("0.5");
  for (uint32_t i = 0; i <= kPositionsMax; ++i) {
    const model::InstrumentId id = board.Add();
    board.Apply({}, model::TradeTick{id, price, {}});
    if (i == kPositionsMax) break;
    account.Take(id, model::Side::kBuy, *base::Quantity::Parse("1"), price);
  }
  model::Order order;
  order.quantity = *base::Quantity::Parse("1");
  const OrderList open;
  const Standing standing{.account = account,
                          .open = open,
                          .quotes = board,
                          .asset_class = model::AssetClass::kUsEquity,
                          .asked = std::nullopt,
                          .take_profit = {},
                          .stop_loss = {}};
  const auto judged = [&](uint32_t instrument) {
    order.instrument = model::InstrumentId(instrument);
    return Judge(order, standing).reason;
  };
  EXPECT_EQ(judged(kPositionsMax), Reason::kTooManyPositions);
  EXPECT_EQ(judged(kPositionsMax - 1), Reason::kNone) << "more of what is there";
}

}  // namespace
}  // namespace livetape::floor
