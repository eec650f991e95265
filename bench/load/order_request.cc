#include "load/order_request.h"

#include <fmt/format.h>

#include "base/assert.h"

namespace livetape::bench {
namespace {

PublishRequest MakeOrder(const OrderShape& shape, size_t account, std::string_view symbol,
                         std::string_view side) {
  const std::string headers = fmt::format(
      "Content-Type: application/json\r\nAPCA-API-KEY-ID: {}-{}\r\nAPCA-API-SECRET-KEY: none\r\n",
      shape.account, account);
  const std::string_view end = "\"}";
  const std::string body =
      fmt::format(R"({{"symbol":"{}","qty":"1","side":"{}","type":"market","time_in_force":"day",)"
                  R"("client_order_id":"{}-{:0{}}{})",
                  symbol, side, shape.run, 0, kSerialDigits, end);
  PublishRequest request;
  request.text = PostText("/v2/orders", shape.host, headers, body);
  request.serial_at = request.text.size() - end.size() - kSerialDigits;
  return request;
}

}  // namespace

std::vector<PublishRequest> MakeOrders(const OrderShape& shape) {
  LT_ASSERT(!shape.symbols.empty() && shape.accounts > 0);
  std::vector<PublishRequest> orders;
  orders.reserve(2 * shape.accounts * shape.symbols.size());
  for (const std::string_view side : {"buy", "sell"}) {
    for (size_t turn = 0; turn < shape.symbols.size(); ++turn) {
      for (size_t account = 0; account < shape.accounts; ++account) {
        const std::string& symbol = shape.symbols[(account + turn) % shape.symbols.size()];
        orders.push_back(MakeOrder(shape, account, symbol, side));
      }
    }
  }
  return orders;
}

}  // namespace livetape::bench
