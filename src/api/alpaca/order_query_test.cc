#include "api/alpaca/order_query.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::api {
namespace {

using model::OrderId;

class OrderQueryTest : public testing::Test {
 protected:
  OrderQueryTest() {
    instruments_.Add({"AAPL", model::AssetClass::kUsEquity});
    instruments_.Add({"BTC", model::AssetClass::kCrypto});
  }
  BodyResult<OrdersWish> Parse(std::string_view text) {
    return ParseOrdersQuery(http::Query::Parse(text), instruments_, ids_);
  }
  OrdersWish Right(std::string_view text) {
    auto wish = Parse(text);
    EXPECT_TRUE(wish) << text << ": " << wish.error().detail;
    return wish ? *wish : OrdersWish{};
  }
  std::string Wrong(std::string_view text) {
    const auto wish = Parse(text);
    return wish ? "nothing" : wish.error().field;
  }

  market::Instruments instruments_;
  const TradingIds ids_{7};
};

TEST_F(OrderQueryTest, AsksForTheNewestOpenOrders) {
  const auto [query, nested] = Right("");
  EXPECT_EQ(query.open, true);
  EXPECT_EQ(query.limit, 50u);
  EXPECT_TRUE(query.descending);
  EXPECT_TRUE(query.symbols.empty());
  EXPECT_FALSE(query.side || query.after || query.until || query.after_order || query.before_order);
  EXPECT_FALSE(nested);
}

TEST_F(OrderQueryTest, TakesAllItsParameters) {
  const auto [query, nested] = Right(
      "status=closed&limit=500&after=2026-11-20T15:04:05Z&until=2026-11-21&direction=asc"
      "&nested=true&symbols=AAPL,BTC/USD&side=sell&after_order_id=" +
      ids_.Order(OrderId(3)) + "&before_order_id=" + ids_.Order(OrderId(9)));
  EXPECT_EQ(query.open, false);
  EXPECT_EQ(query.limit, 500u);
  EXPECT_EQ(query.after, base::ParseRfc3339("2026-11-20T15:04:05Z").value());
  EXPECT_EQ(query.until, base::ParseRfc3339("2026-11-21").value());
  EXPECT_FALSE(query.descending);
  EXPECT_TRUE(nested);
  EXPECT_EQ(query.symbols, (std::vector<std::string>{"AAPL", "BTC"}));
  EXPECT_EQ(query.side, model::Side::kSell);
  EXPECT_EQ(query.after_order, OrderId(3));
  EXPECT_EQ(query.before_order, OrderId(9));
  EXPECT_EQ(Right("status=all").query.open, std::nullopt);
}

TEST_F(OrderQueryTest, TakesEmptyForAbsent) {
  const auto [query, nested] = Right("status=&limit=&after=&nested=&symbols=&side=&direction=");
  EXPECT_EQ(query.open, true);
  EXPECT_EQ(query.limit, 50u);
  EXPECT_TRUE(query.symbols.empty());
  EXPECT_FALSE(nested);
}

TEST_F(OrderQueryTest, TakesPythonsTrue) { EXPECT_TRUE(Right("nested=True").nested); }

TEST_F(OrderQueryTest, NamesWhatIsWrong) {
  EXPECT_EQ(Wrong("status=done"), "status");
  EXPECT_EQ(Wrong("limit=0"), "limit");
  EXPECT_EQ(Wrong("limit=501"), "limit");
  EXPECT_EQ(Wrong("limit=-1"), "limit");
  EXPECT_EQ(Wrong("limit=5x"), "limit");
  EXPECT_EQ(Wrong("limit=99999999999999999999"), "limit");
  EXPECT_EQ(Wrong("after=yesterday"), "after");
  EXPECT_EQ(Wrong("until=2026-13-01"), "until");
  EXPECT_EQ(Wrong("direction=up"), "direction");
  EXPECT_EQ(Wrong("nested=maybe"), "nested");
  EXPECT_EQ(Wrong("side=both"), "side");
  EXPECT_EQ(Wrong("asset_class=gold"), "asset_class");
  EXPECT_EQ(Wrong("after_order_id=17"), "after_order_id");
  EXPECT_EQ(Wrong("before_order_id=" + TradingIds(8).Order(OrderId(1))), "before_order_id");
}

TEST_F(OrderQueryTest, KeepsSymbolsThatThereAreNot) {
  EXPECT_EQ(Right("symbols=NOPE").query.symbols, std::vector<std::string>{"NOPE"});
}

TEST_F(OrderQueryTest, TurnsClassesIntoSymbols) {
  EXPECT_EQ(Right("asset_class=crypto").query.symbols, std::vector<std::string>{"BTC"});
  EXPECT_EQ(Right("asset_class=us_equity,us_option").query.symbols,
            std::vector<std::string>{"AAPL"});
  EXPECT_TRUE(Right("asset_class=all").query.symbols.empty());
  // Not all orders, but none.
  EXPECT_EQ(Right("asset_class=us_option").query.symbols, std::vector<std::string>{""});
  EXPECT_EQ(Right("asset_class=crypto&symbols=AAPL").query.symbols, std::vector<std::string>{""});
}

}  // namespace
}  // namespace livetape::api
