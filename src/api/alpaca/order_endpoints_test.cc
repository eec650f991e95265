#include "api/alpaca/order_endpoints.h"

#include <gtest/gtest.h>

#include "api/alpaca/order_endpoints_fixture.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

using OrderEndpointsTest = OrderEndpointsFixture;

TEST_F(OrderEndpointsTest, PlaceAnswersWithTheOrderAsItStands) {
  const auto filled = Place(R"("type":"market")");
  EXPECT_EQ(filled.at("status"), "filled");
  EXPECT_EQ(filled.at("filled_qty"), "10");
  EXPECT_EQ(filled.at("filled_avg_price"), "101");
  EXPECT_EQ(filled.at("client_order_id"), filled.at("id"));
  EXPECT_EQ(Place(Limit("99")).at("status"), "new");
  EXPECT_EQ(Json("POST", "/v2/orders",
                 R"({"symbol":"AAPL","qty":"10","side":"buy","time_in_force":"ioc","type":"limit",)"
                 R"("limit_price":"99"})")
                .at("status"),
            "canceled");
}

TEST_F(OrderEndpointsTest, PlaceNestsTheLegs) {
  const auto order = Place(kBoughtBracket);
  EXPECT_EQ(order.at("status"), "filled");
  const auto& legs = order.at("legs").as_array();
  ASSERT_EQ(legs.size(), 2u);
  EXPECT_EQ(legs[0].at("type"), "limit");
  EXPECT_EQ(legs[0].at("limit_price"), "110");
  EXPECT_EQ(legs[0].at("status"), "new");
  EXPECT_EQ(legs[1].at("stop_price"), "90");
  EXPECT_EQ(legs[1].at("parent_id"), order.at("id"));
}

TEST_F(OrderEndpointsTest, PlaceSaysWhatIsWrong) {
  EXPECT_EQ(Place(R"("type":"magic")", 422).at("field"), "type");
  EXPECT_EQ(Json("POST", "/v2/orders", "[]", 400).at("code"), 40010000);
  const auto nowhere = Json("POST", "/v2/orders",
                            R"({"symbol":"NOPE","qty":1,"side":"buy","type":"market",)"
                            R"("time_in_force":"day"})",
                            422);
  EXPECT_EQ(nowhere.at("code"), 42210000);
  EXPECT_EQ(nowhere.at("message"), "asset \"NOPE\" not found");
}

TEST_F(OrderEndpointsTest, PlaceIsRefusedWithAReason) {
  const auto poor = Json("POST", "/v2/orders",
                         R"({"symbol":"AAPL","qty":"100000","side":"buy","type":"market",)"
                         R"("time_in_force":"day"})",
                         403);
  EXPECT_EQ(poor.at("code"), 40310000);
  EXPECT_EQ(poor.at("message"), "insufficient buying power");
  EXPECT_EQ(poor.at("reason"), "insufficient_buying_power");
  Place(R"("type":"market")");
  const auto more = Json("POST", "/v2/orders",
                         R"({"symbol":"AAPL","qty":"11","side":"sell","type":"market",)"
                         R"("time_in_force":"day"})",
                         403);
  EXPECT_EQ(more.at("message"),
            "insufficient qty available for order (requested: 11, available: 10)");
  EXPECT_EQ(more.at("existing_qty"), "10");
  EXPECT_EQ(more.at("symbol"), "AAPL");
}

TEST_F(OrderEndpointsTest, PlaceByAnySpellingOfTheSymbol) {
  const auto order = Json("POST", "/v2/orders",
                          R"({"symbol":"BTC/USD","qty":0.5,"side":"buy","type":"market",)"
                          R"("time_in_force":"gtc"})");
  EXPECT_EQ(order.at("symbol"), "BTC");
  EXPECT_EQ(order.at("status"), "filled");
}

TEST_F(OrderEndpointsTest, TheSameRequestAgainGetsTheFirstOrder) {
  const std::string named = Limit("100.50", R"(,"client_order_id":"mine")");
  const auto first = Place(named);
  EXPECT_EQ(first.at("status"), "new");
  trading_.Quote("AAPL", "99", "100");  // fills it
  const auto again =
      Ask("POST", "/v2/orders", Body(Limit("100.5", R"(,"client_order_id":"mine")")));
  EXPECT_EQ(again.status, 200u) << again.body;
  EXPECT_EQ(again.headers.Find("Idempotent-Replay"), "true");
  const auto order = json::parse(again.body);
  EXPECT_EQ(order.at("id"), first.at("id"));
  EXPECT_EQ(order.at("status"), "filled");
}

TEST_F(OrderEndpointsTest, TheSameBracketAgainGetsTheFirstOneWithItsLegs) {
  const std::string named = std::string(kBoughtBracket) + R"(,"client_order_id":"mine")";
  const auto first = Place(named);
  const auto again = Place(named);
  EXPECT_EQ(again.at("id"), first.at("id"));
  EXPECT_EQ(again.at("legs").as_array().size(), 2u);
}

// Its legs are those of the order that has taken its place.
TEST_F(OrderEndpointsTest, TheSameBracketAgainIsKnownAfterItsEntryWasReplaced) {
  const std::string named =
      Limit("95", R"(,"order_class":"bracket","take_profit":{"limit_price":"110"},)"
                  R"("stop_loss":{"stop_price":"90"},"client_order_id":"mine")");
  const auto first = Place(named);
  const std::string path = "/v2/orders/" + Text(first.at("id"));
  const std::string replaced =
      "/v2/orders/" + Text(Json("PATCH", path, R"({"limit_price":"96"})").at("id"));
  const std::string leg = Text(Json("GET", replaced + "?nested=true").at("legs").at(0).at("id"));
  trading_.Quote("AAPL", "94", "95");
  Json("PATCH", "/v2/orders/" + leg, R"({"limit_price":"112"})");
  const auto again = Ask("POST", "/v2/orders", Body(named));
  EXPECT_EQ(again.status, 200u) << again.body;
  EXPECT_EQ(again.headers.Find("Idempotent-Replay"), "true");
  EXPECT_EQ(json::parse(again.body).at("id"), first.at("id"));
  EXPECT_EQ(json::parse(again.body).at("status"), "replaced");
}

TEST_F(OrderEndpointsTest, TheSameOcoAgainIsKnownAfterItWasReplaced) {
  Place(R"("type":"market")");
  const auto oco = [this](std::string_view stop, unsigned status) {
    return Json("POST", "/v2/orders",
                R"({"symbol":"AAPL","qty":"10","side":"sell","time_in_force":"gtc","type":"limit",)"
                R"("order_class":"oco","take_profit":{"limit_price":"110"},"stop_loss":)"
                R"({"stop_price":")" +
                    std::string(stop) + R"("},"client_order_id":"mine"})",
                status);
  };
  const auto first = oco("90", 200);
  Json("PATCH", "/v2/orders/" + Text(first.at("id")), R"({"limit_price":"111"})");
  EXPECT_EQ(oco("90", 200).at("id"), first.at("id"));
  EXPECT_EQ(oco("91", 422).at("code"), 40010001);
}

TEST_F(OrderEndpointsTest, AnotherRequestUnderTheSameNameIsRefused) {
  Place(Limit("99", R"(,"client_order_id":"mine")"));
  const auto other = Place(Limit("98", R"(,"client_order_id":"mine")"), 422);
  EXPECT_EQ(other.at("code"), 40010001);
  EXPECT_EQ(other.at("message"), "client_order_id must be unique");
  key_ = "bob";  // whose name it is not
  EXPECT_EQ(Place(Limit("98", R"(,"client_order_id":"mine")")).at("status"), "new");
}

TEST_F(OrderEndpointsTest, TheNameOfARefusedOrderIsFree) {
  Place(Limit("9900000", R"(,"client_order_id":"mine")"), 403);
  EXPECT_EQ(Place(Limit("99", R"(,"client_order_id":"mine")")).at("status"), "new");
}

TEST_F(OrderEndpointsTest, AnOrdersIdIsNoNameForAnother) {
  const std::string id = PlaceLimit("99");
  EXPECT_EQ(Place(Limit("99", R"(,"client_order_id":")" + id + "\""), 422).at("code"), 40010001);
}

TEST_F(OrderEndpointsTest, ReplacesAnOrderByANewOne) {
  const std::string old = PlaceLimit("99");
  const auto made = Json("PATCH", "/v2/orders/" + old, R"({"qty":"5","limit_price":"98"})");
  EXPECT_EQ(made.at("qty"), "5");
  EXPECT_EQ(made.at("limit_price"), "98");
  EXPECT_EQ(made.at("replaces"), old.c_str());
  EXPECT_EQ(made.at("status"), "new");
  const auto before = Json("GET", "/v2/orders/" + old);
  EXPECT_EQ(before.at("status"), "replaced");
  EXPECT_EQ(before.at("replaced_by"), made.at("id"));
}

TEST_F(OrderEndpointsTest, ReplacesNoOrderThatIsOver) {
  const std::string filled = Text(Place(R"("type":"market")").at("id"));
  const auto over = Json("PATCH", "/v2/orders/" + filled, R"({"qty":"5"})", 422);
  EXPECT_EQ(over.at("code"), 42210000);
  EXPECT_EQ(over.at("reason"), "replace_not_allowed");
  Json("PATCH", "/v2/orders/" + trading_.ids.Order(model::OrderId(999)), R"({"qty":"5"})", 404);
  EXPECT_EQ(Json("PATCH", "/v2/orders/" + PlaceLimit("99"), R"({"qty":"x"})", 422).at("field"),
            "qty");
}

TEST_F(OrderEndpointsTest, CancelsAnOrderOnce) {
  const std::string path = "/v2/orders/" + PlaceLimit("99");
  const auto canceled = Ask("DELETE", path);
  EXPECT_EQ(canceled.status, 204u);
  EXPECT_EQ(canceled.body, "");
  EXPECT_EQ(Json("GET", path).at("status"), "canceled");
  const auto over = Json("DELETE", path, "", 422);
  EXPECT_EQ(over.at("message"), "order is not cancelable");
  EXPECT_EQ(over.at("code"), 42210000);
  Json("DELETE", "/v2/orders/nothing", "", 404);
  Json("DELETE", "/v2/orders/" + trading_.ids.Order(model::OrderId(999)), "", 404);
}

TEST_F(OrderEndpointsTest, CancelsNobodyElsesOrder) {
  const std::string path = "/v2/orders/" + PlaceLimit("99");
  key_ = "bob";
  Json("DELETE", path, "", 404);
  key_ = "";
  EXPECT_EQ(Json("GET", path).at("status"), "new");
}

TEST_F(OrderEndpointsTest, CancelsAllOpenOrders) {
  const std::string a = PlaceLimit("99");
  const auto bracket =
      Place(Limit("95", R"(,"order_class":"bracket","take_profit":{"limit_price":"110"},)"
                        R"("stop_loss":{"stop_price":"90"})"));
  const auto canceled = Json("DELETE", "/v2/orders", "", 207).as_array();
  ASSERT_EQ(canceled.size(), 4u);
  EXPECT_EQ(canceled[0].at("id"), a.c_str());
  for (const auto& one : canceled) {
    EXPECT_EQ(one.at("status"), 200);
    EXPECT_EQ(one.at("body").at("status"), "canceled");
    EXPECT_EQ(one.at("body").at("id"), one.at("id"));
  }
  EXPECT_EQ(List(""), std::vector<std::string>{});
  EXPECT_EQ(Json("DELETE", "/v2/orders", "", 207).as_array().size(), 0u);
}

TEST_F(OrderEndpointsTest, AsksWhoItIsForBeforeAllElse) {
  key_ = "wrong";
  EXPECT_EQ(Json("POST", "/v2/orders", "[]", 401).at("code"), 40110000);
  Json("GET", "/v2/orders", "", 401);
  Json("DELETE", "/v2/orders", "", 401);
}

}  // namespace
}  // namespace livetape::api
