#include "api/alpaca/same_order.h"

#include <gtest/gtest.h>

#include "base/amount_text.h"

namespace livetape::api {
namespace {

using model::LegRole;
using model::OrderClass;
using model::OrderType;

base::Price P(std::string_view text) { return *base::Price::Parse(text); }
base::Quantity Q(std::string_view text) { return *base::Quantity::Parse(text); }

floor::OrderRequest LimitRequest() {
  floor::OrderRequest request;
  request.type = OrderType::kLimit;
  request.quantity = Q("10");
  request.limit = P("101.25");
  return request;
}

FirstOrder LimitFirst() {
  FirstOrder first{.order = {}, .symbol = "AAPL", .legs = {}};
  first.order.type = OrderType::kLimit;
  first.order.quantity = Q("10");
  first.order.limit = P("101.25");
  return first;
}

model::Order Leg(LegRole role, base::Price limit, base::Price stop) {
  model::Order leg;
  leg.role = role;
  leg.limit = limit;
  leg.stop = stop;
  return leg;
}

TEST(SameOrder, IsTheSameWhateverHasBecomeOfIt) {
  FirstOrder first = LimitFirst();
  first.order.status = model::OrderStatus::kFilled;
  first.order.filled = first.order.quantity;
  EXPECT_TRUE(AskedForTheSame(LimitRequest(), "AAPL", first));
}

TEST(SameOrder, DiffersByAnyField) {
  const auto differs = [](auto change) {
    floor::OrderRequest request = LimitRequest();
    change(request);
    return !AskedForTheSame(request, "AAPL", LimitFirst());
  };
  EXPECT_FALSE(AskedForTheSame(LimitRequest(), "TSLA", LimitFirst()));
  EXPECT_TRUE(differs([](auto& r) { r.side = model::Side::kSell; }));
  EXPECT_TRUE(differs([](auto& r) { r.type = OrderType::kMarket; }));
  EXPECT_TRUE(differs([](auto& r) { r.tif = model::TimeInForce::kGtc; }));
  EXPECT_TRUE(differs([](auto& r) { r.order_class = OrderClass::kOto; }));
  EXPECT_TRUE(differs([](auto& r) { r.extended_hours = true; }));
  EXPECT_TRUE(differs([](auto& r) { r.intent = model::PositionIntent::kBuyToClose; }));
  EXPECT_TRUE(differs([](auto& r) { r.quantity = Q("10.000000001"); }));
  EXPECT_TRUE(differs([](auto& r) { r.limit = P("101.26"); }));
  EXPECT_TRUE(differs([](auto& r) { r.trail_price = P("1"); }));
  EXPECT_TRUE(differs([](auto& r) { r.stop_loss_stop = P("90"); }));
  EXPECT_TRUE(differs([](auto& r) { r.take_profit_limit = P("110"); }));
  EXPECT_FALSE(differs([](auto& r) { r.intent = model::PositionIntent::kBuyToOpen; }));
}

TEST(SameOrder, ByNotionalIgnoresTheQuantityThatItGot) {
  floor::OrderRequest request;
  request.notional = *base::ParseAmount("100");
  FirstOrder first{.order = {}, .symbol = "AAPL", .legs = {}};
  first.order.notional = *request.notional;
  first.order.quantity = Q("0.5");
  EXPECT_TRUE(AskedForTheSame(request, "AAPL", first));
  request.notional = *base::ParseAmount("101");
  EXPECT_FALSE(AskedForTheSame(request, "AAPL", first));
}

TEST(SameOrder, WithATrailIgnoresItsStopOfNow) {
  floor::OrderRequest request;
  request.type = OrderType::kTrailingStop;
  request.quantity = Q("1");
  request.trail_price = P("2");
  FirstOrder first{.order = {}, .symbol = "AAPL", .legs = {}};
  first.order.type = OrderType::kTrailingStop;
  first.order.quantity = Q("1");
  first.order.trail_price = P("2");
  first.order.stop = P("98");
  EXPECT_TRUE(AskedForTheSame(request, "AAPL", first));
}

TEST(SameOrder, ComparesTheLegs) {
  floor::OrderRequest request = LimitRequest();
  request.order_class = OrderClass::kBracket;
  request.take_profit_limit = P("110");
  request.stop_loss_stop = P("90");
  FirstOrder first = LimitFirst();
  first.order.order_class = OrderClass::kBracket;
  first.legs = {Leg(LegRole::kTakeProfit, P("110"), {}), Leg(LegRole::kStopLoss, {}, P("90"))};
  EXPECT_TRUE(AskedForTheSame(request, "AAPL", first));
  request.stop_loss_limit = P("89");
  EXPECT_FALSE(AskedForTheSame(request, "AAPL", first));
  first.legs[1].limit = P("89");
  EXPECT_TRUE(AskedForTheSame(request, "AAPL", first));
  request.take_profit_limit = P("111");
  EXPECT_FALSE(AskedForTheSame(request, "AAPL", first));
}

TEST(SameOrder, OfAnOcoIsItsOwnTakeProfit) {
  floor::OrderRequest request;
  request.type = OrderType::kLimit;
  request.order_class = OrderClass::kOco;
  request.quantity = Q("10");
  request.take_profit_limit = P("101.25");
  request.stop_loss_stop = P("90");
  FirstOrder first = LimitFirst();
  first.order.order_class = OrderClass::kOco;
  first.legs = {Leg(LegRole::kStopLoss, {}, P("90"))};
  EXPECT_TRUE(AskedForTheSame(request, "AAPL", first));
  request.take_profit_limit = P("101.26");
  EXPECT_FALSE(AskedForTheSame(request, "AAPL", first));
}

}  // namespace
}  // namespace livetape::api
