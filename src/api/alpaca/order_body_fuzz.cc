// Any bytes as the bodies of POST /v2/orders and PATCH /v2/orders/{id}. What is accepted is within
// the limits of its form, and an order made of it is written and read again as the same.

#include <cstdint>
#include <string>
#include <string_view>

#include "api/alpaca/order_body.h"
#include "api/paper/order_record.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

void CheckFault(const BodyError& error) {
  LT_ASSERT(error.status == 400 || error.status == 422, "status {}", error.status);
  LT_ASSERT(!error.detail.empty());
  LT_ASSERT(error.status == 400 || !error.field.empty(), "{}", error.detail);
}

void CheckWritten(const OrderBody& body) {
  const TradingIds ids(1);
  const floor::OrderRequest& request = body.request;
  model::Order order;
  order.id = model::OrderId(1);
  order.quantity = request.quantity.value_or(base::Quantity{});
  order.notional = request.notional.value_or(base::Amount{});
  order.limit = request.limit.value_or(base::Price{});
  order.trail_percent = request.trail_percent.value_or(base::Decimal{});
  // An order without a name is written with its id as that: one whose name is its id says the same.
  if (request.client_id.view() != ids.Order(order.id)) order.client_id = request.client_id;
  std::string json;
  AppendOrderJson(json, order, {.symbol = body.symbol}, ids);
  const auto read = ParseOrderJson(json, ids);
  LT_ASSERT(read.has_value(), "{}: {}", read.error().message, json);
  LT_ASSERT(read->instrument.symbol == body.symbol, "{}", json);
  LT_ASSERT(read->order.client_id == order.client_id, "{}", json);
  LT_ASSERT(read->order.quantity == order.quantity && read->order.notional == order.notional &&
                read->order.limit == order.limit &&
                read->order.trail_percent == order.trail_percent,
            "{}", json);
}

void CheckPlacing(std::string_view json) {
  const auto body = ParseOrderBody(json);
  if (!body) return CheckFault(body.error());
  LT_ASSERT(!body->symbol.empty() && body->symbol.size() <= 128);
  if (const auto notional = body->request.notional) {
    LT_ASSERT(notional->units() % base::kDecimalScale == 0);
  }
  for (const char c : body->request.client_id.view()) {
    LT_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  }
  CheckWritten(*body);
}

}  // namespace
}  // namespace livetape::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(bytes), size);
  livetape::api::CheckPlacing(json);
  const auto change = livetape::api::ParseOrderChange(json);
  if (!change) livetape::api::CheckFault(change.error());
  return 0;
}
