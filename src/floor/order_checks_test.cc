#include "floor/order_checks.h"

#include "floor/floor_fixture.h"

namespace livetape::floor {
namespace {

using Reason = RefusalReason;

std::string_view Stock(const OrderRequest& request) {
  return Code(Validate(request, model::AssetClass::kUsEquity));
}
std::string_view Coin(const OrderRequest& request) {
  return Code(Validate(request, model::AssetClass::kCrypto));
}

TEST(OrderChecks, OneOfQuantityAndNotional) {
  EXPECT_EQ(Stock(Wish::Buy("1")), "none");
  EXPECT_EQ(Stock(OrderRequest{}), Code(Reason::kNoQuantity));
  Wish both = Wish::Buy("1");
  both.notional = A("10");
  EXPECT_EQ(Stock(both), Code(Reason::kQuantityAndNotional));
}

TEST(OrderChecks, SizesHaveTheirRange) {
  EXPECT_EQ(Stock(Wish::Buy("0")), Code(Reason::kQuantityNotPositive));
  EXPECT_EQ(Stock(Wish::Buy("-1")), Code(Reason::kQuantityNotPositive));
  EXPECT_EQ(Coin(Wish::Buy("9000000000")), "none");
  EXPECT_EQ(Coin(Wish::Buy("9000000000.000000001")), Code(Reason::kQuantityTooLarge));
  EXPECT_EQ(Coin(Wish::BuyFor("1")), "none");
  EXPECT_EQ(Coin(Wish::BuyFor("0.99")), Code(Reason::kNotionalTooSmall));
  Wish much = Wish::BuyFor("1");
  much.notional = kNotionalMax;
  EXPECT_EQ(Coin(much), "none");
  much.notional = base::Amount::FromUnits(kNotionalMax.units() + 1);
  EXPECT_EQ(Coin(much), Code(Reason::kNotionalTooLarge));
}

TEST(OrderChecks, FractionsOfStockAreSimpleDayOrders) {
  EXPECT_EQ(Stock(Wish::Buy("0.5")), "none");
  EXPECT_EQ(Stock(Wish::Buy("0.5").Limit("10")), "none");
  EXPECT_EQ(Stock(Wish::Buy("0.5").Gtc()), Code(Reason::kFractionNotAllowed));
  EXPECT_EQ(Stock(Wish::Buy("1.5").Bracket("11", "9")), Code(Reason::kFractionNotAllowed));
  EXPECT_EQ(Stock(Wish::BuyFor("10").Gtc()), Code(Reason::kNotionalNotAllowed));
  EXPECT_EQ(Coin(Wish::Buy("0.5").Gtc()), "none");
  EXPECT_EQ(Coin(Wish::BuyFor("10").Gtc()), "none");
  EXPECT_EQ(Coin(Wish::SellFor("10").Oco("11", "9").Gtc()), Code(Reason::kNotionalNotAllowed));
}

TEST(OrderChecks, EachTypeHasItsPrices) {
  Wish limit = Wish::Buy("1").Limit("10");
  limit.limit.reset();
  EXPECT_EQ(Stock(limit), Code(Reason::kMissingLimitPrice));
  Wish market = Wish::Buy("1");
  market.limit = P("10");
  EXPECT_EQ(Stock(market), Code(Reason::kExtraLimitPrice));
  Wish stop = Wish::Buy("1").Stop("10");
  stop.stop.reset();
  EXPECT_EQ(Stock(stop), Code(Reason::kMissingStopPrice));
  market = Wish::Buy("1");
  market.stop = P("10");
  EXPECT_EQ(Stock(market), Code(Reason::kExtraStopPrice));
  EXPECT_EQ(Stock(Wish::Buy("1").Stop("10").Limit("11")), "none");
}

TEST(OrderChecks, ATrailIsAPriceOrAPercentage) {
  EXPECT_EQ(Stock(Wish::Sell("1").Trail("1.5")), "none");
  EXPECT_EQ(Stock(Wish::Sell("1").TrailPercent("99.999")), "none");
  Wish none = Wish::Sell("1").Trail("1");
  none.trail_price.reset();
  EXPECT_EQ(Stock(none), Code(Reason::kMissingTrail));
  EXPECT_EQ(Stock(Wish::Sell("1").Trail("1").TrailPercent("1")), Code(Reason::kBothTrails));
  Wish market = Wish::Sell("1");
  market.trail_percent = D("1");
  EXPECT_EQ(Stock(market), Code(Reason::kExtraTrail));
  EXPECT_EQ(Stock(Wish::Sell("1").TrailPercent("100")), Code(Reason::kTrailPercentTooLarge));
  EXPECT_EQ(Stock(Wish::Sell("1").TrailPercent("0")), Code(Reason::kPriceNotPositive));
  EXPECT_EQ(Stock(Wish::Sell("1").Trail("-1")), Code(Reason::kPriceNotPositive));
}

TEST(OrderChecks, StockHasTwoDecimalsFromOneAndFourBelow) {
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("10.01")), "none");
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("10.001")), Code(Reason::kSubPenny));
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("0.1234")), "none");
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("0.12345")), Code(Reason::kSubPenny));
  EXPECT_EQ(Stock(Wish::Buy("1").Stop("1.001")), Code(Reason::kSubPenny));
  EXPECT_EQ(Stock(Wish::Buy("1").Bracket("11.001", "9")), Code(Reason::kSubPenny));
  EXPECT_EQ(Coin(Wish::Buy("1").Limit("10.123456789")), "none");
}

TEST(OrderChecks, PricesHaveTheirRange) {
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("0")), Code(Reason::kPriceNotPositive));
  EXPECT_EQ(Stock(Wish::Buy("1").Stop("-1")), Code(Reason::kPriceNotPositive));
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("1000000000")), "none");
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("1000000000.01")), Code(Reason::kPriceTooHigh));
}

TEST(OrderChecks, EachClassHasItsLegs) {
  EXPECT_EQ(Stock(Wish::Buy("1").Bracket("11", "9")), "none");
  EXPECT_EQ(Stock(Wish::Buy("1").Bracket("11", "")), Code(Reason::kBracketMissingLeg));
  EXPECT_EQ(Stock(Wish::Sell("1").Oco("11", "9")), "none");
  EXPECT_EQ(Stock(Wish::Sell("1").Oco("", "9")), Code(Reason::kBracketMissingLeg));
  EXPECT_EQ(Stock(Wish::Buy("1").Oto("", "9")), "none");
  EXPECT_EQ(Stock(Wish::Buy("1").Oto("11", "9")), Code(Reason::kBracketMissingLeg));
  Wish simple = Wish::Buy("1");
  simple.stop_loss_stop = P("9");
  EXPECT_EQ(Stock(simple), Code(Reason::kExtraLeg));
}

TEST(OrderChecks, LegsLieAroundTheEntryACentApart) {
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("10").Bracket("10.01", "9.99")), "none");
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("10").Bracket("10", "9")), Code(Reason::kLegOnWrongSide));
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("10").Bracket("11", "10")), Code(Reason::kLegOnWrongSide));
  EXPECT_EQ(Stock(Wish::Buy("1").Bracket("9", "11")), Code(Reason::kLegOnWrongSide));
  EXPECT_EQ(Stock(Wish::Sell("1").Limit("10").Bracket("9", "11")), "none");
  EXPECT_EQ(Stock(Wish::Sell("1").Limit("10").Bracket("11", "9")), Code(Reason::kLegOnWrongSide));
  EXPECT_EQ(Stock(Wish::Sell("1").Oco("9", "9")), Code(Reason::kLegOnWrongSide));
  EXPECT_EQ(Stock(Wish::Buy("1").Limit("0.1").Bracket("0.105", "0.09")),
            Code(Reason::kLegOnWrongSide));
  EXPECT_EQ(Coin(Wish::Buy("1").Limit("0.1").Bracket("0.105", "0.09")), "none");
}

TEST(OrderChecks, LegsNeedADayOrGtcEntry) {
  EXPECT_EQ(Stock(Wish::Buy("1").Bracket("11", "9").Gtc()), "none");
  EXPECT_EQ(Stock(Wish::Buy("1").Bracket("11", "9").Ioc()), Code(Reason::kClassNotAllowed));
  EXPECT_EQ(Stock(Wish::Buy("1").Trail("1").Bracket("11", "9")), Code(Reason::kClassNotAllowed));
  EXPECT_EQ(Stock(Wish::Buy("1").Stop("10").Bracket("11", "9")), "none");
  Wish market = Wish::Sell("1").Oco("11", "9");
  market.type = model::OrderType::kMarket;
  EXPECT_EQ(Stock(market), Code(Reason::kClassNotAllowed));
  Wish extended = Wish::Buy("1").Limit("10").Bracket("11", "9");
  extended.extended_hours = true;
  EXPECT_EQ(Stock(extended), Code(Reason::kExtendedHoursNotAllowed));
}

TEST(OrderChecks, AnOcosLimitIsItsTakeProfits) {
  EXPECT_EQ(Stock(Wish::Sell("1").Limit("11").Oco("11", "9")), "none");
  EXPECT_EQ(Stock(Wish::Sell("1").Limit("12").Oco("11", "9")), Code(Reason::kExtraLimitPrice));
}

TEST(OrderChecks, OnlyMarketAndLimitAreForAtOnceAndForAuctions) {
  for (const auto tif : {model::TimeInForce::kIoc, model::TimeInForce::kFok,
                         model::TimeInForce::kOpg, model::TimeInForce::kCls}) {
    EXPECT_EQ(Stock(Wish::Buy("1").Tif(tif)), "none");
    EXPECT_EQ(Stock(Wish::Buy("1").Limit("10").Tif(tif)), "none");
    EXPECT_EQ(Stock(Wish::Buy("1").Stop("10").Tif(tif)), Code(Reason::kTimeInForceNotAllowed));
    EXPECT_EQ(Stock(Wish::Buy("1").Trail("1").Tif(tif)), Code(Reason::kTimeInForceNotAllowed));
  }
}

TEST(OrderChecks, ExtendedHoursAreForDayLimits) {
  Wish wish = Wish::Buy("1").Limit("10");
  wish.extended_hours = true;
  EXPECT_EQ(Stock(wish), "none");
  wish.Gtc();
  EXPECT_EQ(Stock(wish), Code(Reason::kExtendedHoursNotAllowed));
  wish = Wish::Buy("1");
  wish.extended_hours = true;
  EXPECT_EQ(Stock(wish), Code(Reason::kExtendedHoursNotAllowed));
}

}  // namespace
}  // namespace livetape::floor
