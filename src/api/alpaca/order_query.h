#pragma once

// The query of GET /v2/orders (alpaca.md). Pure functions; any thread.

#include <string>

#include "api/body/body_error.h"
#include "api/paper/trading_ids.h"
#include "http/message.h"
#include "market/instruments.h"
#include "store/reader.h"

namespace livetape::api {

inline constexpr size_t kOrdersMax = 500;

struct OrdersWish {
  store::OrderQuery query;  // without the account; no limit on parents or legs
  bool nested = false;      // legs within their parents instead of beside them
};

// A value that is wrong is 422 and named. `instruments` tell the symbols of other spellings; a
// symbol that is none's has no orders.
BodyResult<OrdersWish> ParseOrdersQuery(const http::Query& query,
                                        const market::Instruments& instruments,
                                        const TradingIds& ids);

// `nested`, or another switch: true, false (in any case), 1, 0; false without.
BodyResult<bool> SwitchOf(const http::Query& query, std::string_view name);

}  // namespace livetape::api
