#include "load/order_request.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>

namespace livetape::bench {
namespace {

OrderShape Shape(size_t accounts, std::vector<std::string> symbols) {
  return {.host = "127.0.0.1:1",
          .account = "bench",
          .accounts = accounts,
          .symbols = std::move(symbols),
          .run = "r1"};
}

// Of the text between `before` and the next quotation mark or line's end.
std::string Between(const std::string& text, std::string_view before) {
  const size_t start = text.find(before) + before.size();
  return text.substr(start, text.find_first_of("\"\r", start) - start);
}

TEST(OrderRequest, IsAMarketOrderOfItsAccount) {
  auto orders = MakeOrders(Shape(1, {"AAA"}));
  ASSERT_EQ(orders.size(), 2U);
  Number(orders[0], 42);
  EXPECT_EQ(orders[0].text,
            "POST /v2/orders HTTP/1.1\r\nHost: 127.0.0.1:1\r\nContent-Type: application/json\r\n"
            "APCA-API-KEY-ID: bench-0\r\nAPCA-API-SECRET-KEY: none\r\nContent-Length: 110\r\n\r\n"
            R"({"symbol":"AAA","qty":"1","side":"buy","type":"market","time_in_force":"day",)"
            R"("client_order_id":"r1-000000042"})");
  EXPECT_EQ(Between(orders[1].text, R"("side":")"), "sell");
}

TEST(OrderRequest, AllAccountsBuyInTurnEachAnotherSymbolAndThenSellAll) {
  const auto orders = MakeOrders(Shape(4, {"AAA", "BBB", "CCC"}));
  ASSERT_EQ(orders.size(), 24U);
  std::map<std::pair<std::string, std::string>, int> held;
  std::set<std::string> first_symbols;
  for (size_t i = 0; i < orders.size(); ++i) {
    const std::string account = Between(orders[i].text, "KEY-ID: ");
    const std::string symbol = Between(orders[i].text, R"("symbol":")");
    const bool buy = Between(orders[i].text, R"("side":")") == "buy";
    EXPECT_EQ(buy, i < 12) << i;
    EXPECT_EQ(account, "bench-" + std::to_string(i % 4));
    if (i < 4) first_symbols.insert(symbol);
    held[{account, symbol}] += buy ? 1 : -1;
    if (i == 11) {
      EXPECT_EQ(held.size(), 12U);
    }
  }
  EXPECT_EQ(first_symbols.size(), 3U);
  for (const auto& [position, quantity] : held) EXPECT_EQ(quantity, 0) << position.second;
}

}  // namespace
}  // namespace livetape::bench
