#include "api/alpaca/order_body.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "base/amount_text.h"

namespace livetape::api {
namespace {

// A right body with `members` besides, which go first.
std::string With(std::string_view members) {
  return "{" + std::string(members) + (members.empty() ? "" : ",") +
         R"("symbol":"AAPL","side":"buy","type":"market","time_in_force":"day"})";
}

OrderBody Right(std::string_view json) {
  auto body = ParseOrderBody(json);
  EXPECT_TRUE(body) << json << ": " << body.error().detail;
  return body ? *body : OrderBody{};
}

// "field: detail" of a 422.
std::string Wrong(std::string_view json) {
  const auto body = ParseOrderBody(json);
  if (body) return "nothing";
  EXPECT_EQ(body.error().status, 422u);
  EXPECT_TRUE(body.error().detail.starts_with(body.error().field)) << body.error().detail;
  return body.error().field;
}
std::string WrongDetail(std::string_view json) {
  const auto body = ParseOrderBody(json);
  return body ? "nothing" : body.error().detail;
}

TEST(OrderBody, HoldsAWholeOrder) {
  const auto body = Right(R"({"symbol":"BTC/USD","qty":"1.5","side":"sell","type":"stop_limit",
    "time_in_force":"gtc","limit_price":"101.25","stop_price":102,"extended_hours":true,
    "client_order_id":"my order","order_class":"bracket","position_intent":"sell_to_open",
    "take_profit":{"limit_price":90.5},"stop_loss":{"stop_price":"110","limit_price":"111"}})");
  const floor::OrderRequest& request = body.request;
  EXPECT_EQ(body.symbol, "BTC/USD");
  EXPECT_EQ(request.quantity, base::Quantity::Parse("1.5").value());
  EXPECT_FALSE(request.notional);
  EXPECT_EQ(request.side, model::Side::kSell);
  EXPECT_EQ(request.type, model::OrderType::kStopLimit);
  EXPECT_EQ(request.tif, model::TimeInForce::kGtc);
  EXPECT_EQ(request.limit, base::Price::Parse("101.25").value());
  EXPECT_EQ(request.stop, base::Price::Parse("102").value());
  EXPECT_TRUE(request.extended_hours);
  EXPECT_EQ(request.client_id.view(), "my order");
  EXPECT_EQ(request.order_class, model::OrderClass::kBracket);
  EXPECT_EQ(request.intent, model::PositionIntent::kSellToOpen);
  EXPECT_EQ(request.take_profit_limit, base::Price::Parse("90.5").value());
  EXPECT_EQ(request.stop_loss_stop, base::Price::Parse("110").value());
  EXPECT_EQ(request.stop_loss_limit, base::Price::Parse("111").value());
}

TEST(OrderBody, TakesNullForAbsent) {
  const auto body = Right(With(
      R"("qty":"1","notional":null,"limit_price":null,"stop_price":null,"trail_price":null,)"
      R"("trail_percent":null,"extended_hours":null,"client_order_id":null,"order_class":null,)"
      R"("take_profit":null,"stop_loss":null,"position_intent":null,"legs":null,"ratio_qty":null)"));
  EXPECT_FALSE(body.request.notional || body.request.limit || body.request.intent);
  EXPECT_FALSE(body.request.take_profit_limit || body.request.stop_loss_stop);
  EXPECT_TRUE(body.request.client_id.empty());
  EXPECT_EQ(body.request.order_class, model::OrderClass::kSimple);
}

TEST(OrderBody, OfNoClassIsSimple) {
  EXPECT_EQ(Right(With(R"("order_class":"")")).request.order_class, model::OrderClass::kSimple);
  EXPECT_EQ(Right(With(R"("order_class":"simple")")).request.order_class,
            model::OrderClass::kSimple);
}

TEST(OrderBody, LeavesQuantityAndNotionalToTheFloor) {
  const auto both = Right(With(R"("qty":"1","notional":"2")"));
  EXPECT_TRUE(both.request.quantity && both.request.notional);
  const auto none = Right(With(""));
  EXPECT_FALSE(none.request.quantity || none.request.notional);
  EXPECT_TRUE(Right(With(R"("qty":"-1")")).request.quantity);
}

TEST(OrderBody, SaysWhatIsMissing) {
  EXPECT_EQ(WrongDetail(R"({"side":"buy","type":"market","time_in_force":"day"})"),
            "symbol is required");
  EXPECT_EQ(WrongDetail(R"({"symbol":"A","type":"market","time_in_force":"day"})"),
            "side is required; it must be one of buy, sell");
  EXPECT_EQ(WrongDetail(R"({"symbol":"A","side":"buy","time_in_force":"day"})"),
            "type is required; it must be one of market, limit, stop, stop_limit, trailing_stop");
  EXPECT_EQ(WrongDetail(R"({"symbol":"A","side":"buy","type":"market","time_in_force":null})"),
            "time_in_force is required; it must be one of day, gtc, ioc, fok, opg, cls");
}

TEST(OrderBody, ReadsDecimalsOfStringsAndNumbers) {
  const auto quantity = [](std::string_view text) {
    return Right(With("\"qty\":" + std::string(text))).request.quantity.value().ToString();
  };
  EXPECT_EQ(quantity("\"0.000000001\""), "0.000000001");
  EXPECT_EQ(quantity("1"), "1");
  EXPECT_EQ(quantity("0.1"), "0.1");
  EXPECT_EQ(quantity("1e-9"), "0.000000001");
  EXPECT_EQ(quantity("\"1e-9\""), "0.000000001");
  EXPECT_EQ(quantity("\"1.0000000000000\""), "1");
  EXPECT_EQ(quantity("9000000000"), "9000000000");
}

TEST(OrderBody, ReadsNotionalsBeyondADecimal) {
  const auto notional = [](std::string_view text) {
    return Right(With("\"notional\":" + std::string(text))).request.notional.value().ToString();
  };
  EXPECT_EQ(notional("\"1000000000000000\""), "1000000000000000");
  EXPECT_EQ(notional("1000000000000000"), "1000000000000000");
  EXPECT_EQ(notional("1e15"), "1000000000000000");
  EXPECT_EQ(notional("12345678901.25"), "12345678901.25");
  EXPECT_EQ(notional("\"12345678901.123456789\""), "12345678901.123456789");
  EXPECT_EQ(notional("0.1"), "0.1");
}

TEST(OrderBody, RefusesDecimalsThatAreNone) {
  for (const std::string_view name :
       {"qty", "notional", "limit_price", "stop_price", "trail_price", "trail_percent"}) {
    for (const std::string_view value :
         {R"("")", R"("one")", R"("1,5")", R"("0.0000000001")", R"("1e400")", "1e400",
          R"("999999999999999999999999999999")", "true", "[]", "{}", "0.12345678901234567",
          R"(" 1")", R"("NaN")", R"("0x10")"}) {
      const std::string member = "\"" + std::string(name) + "\":" + std::string(value);
      EXPECT_EQ(Wrong(With(member)), name) << member;
    }
  }
  EXPECT_EQ(Wrong(With("\"notional\":12345678901.123456")), "notional");
}

TEST(OrderBody, SaysToSendAStringForTooManyDigits) {
  EXPECT_NE(WrongDetail(With("\"qty\":0.12345678901234567")).find("send a string"),
            std::string::npos);
  EXPECT_NE(WrongDetail(With("\"qty\":\"0.1234567891\"")).find("more than 9 decimals"),
            std::string::npos);
}

TEST(OrderBody, RefusesWhatIsNoneOfItsNames) {
  EXPECT_EQ(Wrong(R"({"side":"up","symbol":"A","type":"market","time_in_force":"day"})"), "side");
  EXPECT_EQ(Wrong(R"({"side":"BUY","symbol":"A","type":"market","time_in_force":"day"})"), "side");
  EXPECT_EQ(Wrong(R"({"side":1,"symbol":"A","type":"market","time_in_force":"day"})"), "side");
  EXPECT_EQ(Wrong(R"({"side":"buy","symbol":"A","type":"magic","time_in_force":"day"})"), "type");
  EXPECT_EQ(Wrong(R"({"side":"buy","symbol":"A","type":"limit","time_in_force":"gtd"})"),
            "time_in_force");
  EXPECT_EQ(Wrong(With(R"("order_class":"mleg")")), "order_class");
  EXPECT_EQ(Wrong(With(R"("position_intent":"hold")")), "position_intent");
}

TEST(OrderBody, RefusesWrongKinds) {
  EXPECT_EQ(Wrong(R"({"symbol":7,"side":"buy","type":"market","time_in_force":"day"})"), "symbol");
  EXPECT_EQ(Wrong(R"({"symbol":"","side":"buy","type":"market","time_in_force":"day"})"), "symbol");
  EXPECT_EQ(Wrong(With(R"("extended_hours":"true")")), "extended_hours");
  EXPECT_EQ(Wrong(With(R"("client_order_id":7)")), "client_order_id");
  EXPECT_EQ(Wrong(With(R"("take_profit":"90")")), "take_profit");
  EXPECT_EQ(Wrong(With(R"("stop_loss":[])")), "stop_loss");
  EXPECT_EQ(Wrong(With(R"("legs":[{"symbol":"A"}])")), "legs");
  EXPECT_EQ(Wrong(With(R"("qty":1,"qty":2)")), "qty");
}

TEST(OrderBody, NamesWhatIsWrongInALeg) {
  EXPECT_EQ(WrongDetail(With(R"("take_profit":{})")), "take_profit.limit_price is required");
  EXPECT_EQ(WrongDetail(With(R"("stop_loss":{"limit_price":"1"})")),
            "stop_loss.stop_price is required");
  EXPECT_EQ(Wrong(With(R"("take_profit":{"limit_price":"x"})")), "take_profit.limit_price");
  EXPECT_EQ(Wrong(With(R"("stop_loss":{"stop_price":"1","limit_price":true})")),
            "stop_loss.limit_price");
}

TEST(OrderBody, OfAnOcoTakesItsLimitForItsTakeProfit) {
  const auto body = Right(
      R"({"symbol":"A","side":"sell","type":"limit","time_in_force":"gtc","qty":1,
          "order_class":"oco","limit_price":"12","stop_loss":{"stop_price":"9"}})");
  EXPECT_EQ(body.request.take_profit_limit, base::Price::Parse("12").value());
}

TEST(OrderBody, TakesNamesOf128Bytes) {
  const auto named = [](const std::string& name) {
    return With("\"client_order_id\":\"" + name + "\"");
  };
  const std::string longest(128, 'x');
  EXPECT_EQ(Right(named(longest)).request.client_id.view(), longest);
  EXPECT_EQ(Wrong(named(longest + "x")), "client_order_id");
  EXPECT_TRUE(Right(named("")).request.client_id.empty());
  EXPECT_EQ(Right(named("a b/\xc3\xa4")).request.client_id.view(), "a b/\xc3\xa4");
  EXPECT_EQ(Wrong(named("a\\nb")), "client_order_id");
  EXPECT_EQ(Wrong(named("a\\u0000b")), "client_order_id");
  EXPECT_EQ(Wrong(named("a\x7f")), "client_order_id");
}

TEST(OrderBody, ThatIsNoObjectIs400) {
  for (const std::string_view json :
       {"", "null", "[]", "\"order\"", "{", "{\"symbol\":}", "{}{}", "{\"symbol\":\"\xff\"}"}) {
    const auto body = ParseOrderBody(json);
    ASSERT_FALSE(body) << json;
    EXPECT_EQ(body.error().status, 400u) << json;
    const auto change = ParseOrderChange(json);
    ASSERT_FALSE(change) << json;
    EXPECT_EQ(change.error().status, 400u) << json;
  }
}

TEST(OrderBody, FaultsAreToldInAlpacasForm) {
  const auto wrong = BadBody(ParseOrderBody(With("\"qty\":\"one\"")).error());
  EXPECT_EQ(wrong.status, 422u);
  EXPECT_EQ(wrong.content_type, "application/json");
  EXPECT_EQ(wrong.body,
            R"({"code":42210000,"message":"qty must be a decimal number: 'one' is not a decimal )"
            R"(number","field":"qty"})");
  const auto malformed = BadBody(ParseOrderBody("[]").error());
  EXPECT_EQ(malformed.status, 400u);
  EXPECT_EQ(boost::json::parse(malformed.body).at("code"), 40010000);
}

TEST(OrderChange, HoldsWhatChanges) {
  const auto change = ParseOrderChange(
      R"({"qty":"5","time_in_force":"gtc","limit_price":101.5,"stop_price":"99","trail":"2.5",
          "client_order_id":"again"})");
  ASSERT_TRUE(change) << change.error().detail;
  EXPECT_EQ(change->quantity, base::Quantity::Parse("5").value());
  EXPECT_EQ(change->tif, model::TimeInForce::kGtc);
  EXPECT_EQ(change->limit, base::Price::Parse("101.5").value());
  EXPECT_EQ(change->stop, base::Price::Parse("99").value());
  EXPECT_EQ(change->trail, base::Decimal::Parse("2.5").value());
  EXPECT_EQ(change->client_id.view(), "again");
}

TEST(OrderChange, LeavesTheRestAlone) {
  const auto change = ParseOrderChange(R"({"qty":null,"limit_price":"7"})");
  ASSERT_TRUE(change) << change.error().detail;
  EXPECT_FALSE(change->quantity || change->tif || change->stop || change->trail);
  EXPECT_TRUE(change->client_id.empty());
  EXPECT_TRUE(ParseOrderChange("{}"));
}

TEST(OrderChange, NamesWhatIsWrong) {
  EXPECT_EQ(ParseOrderChange(R"({"qty":"many"})").error().field, "qty");
  EXPECT_EQ(ParseOrderChange(R"({"time_in_force":"now"})").error().field, "time_in_force");
  EXPECT_EQ(ParseOrderChange(R"({"trail":{}})").error().field, "trail");
}

}  // namespace
}  // namespace livetape::api
