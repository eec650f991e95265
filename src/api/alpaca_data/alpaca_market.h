#pragma once

// Alpaca's market data, clock, calendar and assets (API section 9).

#include <functional>

#include "api/backend.h"
#include "api/paper/trading_backend.h"
#include "base/clock.h"
#include "http/router.h"
#include "market/sessions.h"

namespace livetape::api {

// `floor_time` is the floor's clock: the machine's, or that of the recording; any thread may ask.
// All outlive the server.
void AddAlpacaData(http::Router& router, const Backend& backend, const TradingBackend& trading,
                   const market::Sessions& sessions, std::function<base::WallTime()> floor_time);

}  // namespace livetape::api
