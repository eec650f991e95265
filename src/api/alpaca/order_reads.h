#pragma once

// What the store answers of orders, in Alpaca's form, with `trails` in those that are open. On a
// reading thread.

#include <string>
#include <string_view>

#include "api/alpaca/order_query.h"
#include "api/alpaca/trails.h"
#include "api/paper/trading_ids.h"
#include "floor/order_request.h"
#include "floor/refusal.h"
#include "http/message.h"
#include "model/instrument.h"
#include "store/reader.h"

namespace livetape::api {

// [Order]. Nested and open, a leg whose parent is done stands by itself: nothing open is hidden.
http::Response OrdersAnswer(store::Reader& reader, const OrdersWish& wish, const Trails& trails);

// Order, or 404. `text` is the id as it was asked for.
http::Response OrderAnswer(store::Reader& reader, std::string_view account, model::OrderId id,
                           std::string_view text, bool nested, const Trails& trails);

// The same by the client's name of it; an order without one goes by its own id.
http::Response NamedOrderAnswer(store::Reader& reader, std::string_view account,
                                std::string_view name, const TradingIds& ids, bool nested,
                                const Trails& trails);

// Of an order that is not open: `reason` if there is one, else 404.
http::Response ClosedOrderAnswer(store::Reader& reader, std::string_view account, model::OrderId id,
                                 std::string_view text, floor::RefusalReason reason);

// A request under a name that `first` has already: that order as it is now, with Idempotent-Replay,
// if it was asked for in the same words; else 422.
http::Response RepeatedOrderAnswer(store::Reader& reader, std::string_view account,
                                   model::OrderId first, const floor::OrderRequest& request,
                                   const model::Instrument& instrument, const TradingIds& ids);

}  // namespace livetape::api
