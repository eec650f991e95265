#include "api/alpaca/order_reads.h"

#include <gtest/gtest.h>

#include "api/alpaca/order_endpoints_fixture.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

using OrderReadsTest = OrderEndpointsFixture;

TEST_F(OrderReadsTest, ListsTheNewestOpenOrdersFirst) {
  const std::string a = PlaceLimit("99"), b = PlaceLimit("98");
  const std::string filled = Text(Place(R"("type":"market")").at("id"));
  EXPECT_EQ(List(""), (std::vector{b, a}));
  EXPECT_EQ(List("?direction=asc"), (std::vector{a, b}));
  EXPECT_EQ(List("?status=closed"), (std::vector{filled}));
  EXPECT_EQ(List("?status=all&limit=2"), (std::vector{filled, b}));
  EXPECT_EQ(List("?status=all&before_order_id=" + b), (std::vector{a}));
  EXPECT_EQ(List("?status=all&after_order_id=" + b), (std::vector{filled}));
  EXPECT_EQ(List("?side=sell"), std::vector<std::string>{});
  EXPECT_EQ(List("?symbols=BTCUSD"), std::vector<std::string>{});
  EXPECT_EQ(List("?symbols=AAPL,BTC").size(), 2u);
  EXPECT_EQ(List("?after=2100-01-01"), std::vector<std::string>{});
  key_ = "bob";
  EXPECT_EQ(List(""), std::vector<std::string>{});
}

TEST_F(OrderReadsTest, ListSaysWhatIsWrong) {
  const auto wrong = Json("GET", "/v2/orders?limit=501", "", 422);
  EXPECT_EQ(wrong.at("code"), 42210000);
  EXPECT_EQ(wrong.at("field"), "limit");
}

TEST_F(OrderReadsTest, NestedListsHaveLegsInsideOfTheirParents) {
  // The entry rests, so that the parent is open.
  const auto order =
      Place(Limit("95", R"(,"order_class":"bracket","take_profit":{"limit_price":"110"},)"
                        R"("stop_loss":{"stop_price":"90"})"));
  EXPECT_EQ(List("").size(), 3u);
  const auto nested = Json("GET", "/v2/orders?nested=true").as_array();
  ASSERT_EQ(nested.size(), 1u);
  EXPECT_EQ(nested[0].at("id"), order.at("id"));
  EXPECT_EQ(nested[0].at("legs").as_array().size(), 2u);
  EXPECT_EQ(nested[0].at("legs").at(0).at("status"), "held");
}

TEST_F(OrderReadsTest, NestedListsOfOpenOrdersHideNoOpenLeg) {
  Place(kBoughtBracket);  // filled at once: its legs are open, it is not
  const auto nested = Json("GET", "/v2/orders?nested=true").as_array();
  EXPECT_EQ(nested.size(), 2u);
  const auto all = Json("GET", "/v2/orders?nested=true&status=all").as_array();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].at("legs").as_array().size(), 2u);
}

TEST_F(OrderReadsTest, NestedListsOfOpenOrdersFillTheirLimit) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(Text(Place(Limit("95", R"(,"order_class":"bracket","take_profit":{"limit_price":)"
                                         R"("110"},"stop_loss":{"stop_price":"90"})"))
                           .at("id")));
  }
  EXPECT_EQ(List("?nested=true&limit=3"), (std::vector{ids[3], ids[2], ids[1]}));
  EXPECT_EQ(List("?nested=true&limit=3&direction=asc"), (std::vector{ids[0], ids[1], ids[2]}));
}

TEST_F(OrderReadsTest, GetsOneOrder) {
  const auto bracket = Place(kBoughtBracket);
  const std::string path = "/v2/orders/" + Text(bracket.at("id"));
  EXPECT_TRUE(Json("GET", path).at("legs").is_null());
  EXPECT_EQ(Json("GET", path + "?nested=true").as_object(), bracket);
  const auto none = Json("GET", "/v2/orders/17", "", 404);
  EXPECT_EQ(none.at("code"), 40410000);
  EXPECT_EQ(none.at("message"), "order not found for 17");
  key_ = "bob";  // whose order it is not
  Json("GET", path, "", 404);
}

TEST_F(OrderReadsTest, GetsOneOrderByItsName) {
  const auto named = Place(Limit("99", R"(,"client_order_id":"my order")"));
  const auto unnamed = Place(Limit("98"));
  const std::string path = "/v2/orders:by_client_order_id";
  EXPECT_EQ(Json("GET", path + "?client_order_id=my+order").at("id"), named.at("id"));
  EXPECT_EQ(Json("GET", path + "?client_order_id=" + Text(unnamed.at("id"))).at("id"),
            unnamed.at("id"));
  Json("GET", path + "?client_order_id=" + Text(named.at("id")), "", 404);
  Json("GET", path + "?client_order_id=nobody", "", 404);
  EXPECT_EQ(Json("GET", path, "", 422).at("field"), "client_order_id");
}

}  // namespace
}  // namespace livetape::api
