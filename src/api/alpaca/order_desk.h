#pragma once

// What requests about orders do at the trading floor. Each runs whole on the floor's thread and
// gives its answer, or what makes it on the request's loop once all it did is durable.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "api/alpaca/order_body.h"
#include "api/paper/floor_desk.h"
#include "api/paper/store_reads.h"
#include "api/paper/trading_ids.h"

namespace livetape::api {

// What is left of a request while it waits. The references outlive it.
struct OrderDesk {
  StoreReads& store;
  const TradingIds& ids;
  size_t loop;  // of the request
};

// An order and the instrument that it is of, for other threads.
struct ToldOrder {
  model::Order order;
  model::Instrument instrument;
};

// `id` as it stands after all that this request has caused; nothing if it was closed before.
std::optional<ToldOrder> OrderNow(Desk& desk, model::OrderId id);
// It with its legs after it; none if it was closed before.
std::vector<ToldOrder> OrderWithLegs(Desk& desk, model::OrderId id);
// Alpaca's Order of the first, the others as its legs.
std::string NestedJson(const std::vector<ToldOrder>& orders, const TradingIds& ids);

// 200 with that order as it stands, legs inside.
DeskAnswer TellOrder(Desk& desk, const OrderDesk& at, model::OrderId id);

// POST /v2/orders
DeskAnswer PlaceOrder(Desk& desk, const OrderDesk& at, const OrderBody& body);
// PATCH and DELETE /v2/orders/{id}; `text` is the id as it was asked for.
DeskAnswer ReplaceOrder(Desk& desk, const OrderDesk& at, model::OrderId id, const std::string& text,
                        const floor::OrderChange& change);
DeskAnswer CancelOrder(Desk& desk, const OrderDesk& at, model::OrderId id, const std::string& text);
// DELETE /v2/orders: 207 with each; without the orders themselves when there are more than
// kToldOrdersMax.
inline constexpr size_t kToldOrdersMax = 1000;
DeskAnswer CancelAllOrders(Desk& desk, const OrderDesk& at);

}  // namespace livetape::api
