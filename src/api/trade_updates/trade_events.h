#pragma once

// GET /v2/events/trades: what happens to an account's orders, as Server-Sent Events (API section 9).

#include <memory>
#include <vector>

#include "api/access/access.h"
#include "api/paper/trading_backend.h"
#include "api/streams/sse_loop.h"
#include "api/trade_updates/trade_event_rendering.h"
#include "http/router.h"
#include "tape/tape.h"

namespace livetape::api {

// What the endpoint works with. All outlives it.
struct TradeEventSources {
  const AccountAccess& accounts;
  const tape::Tape& tape;
  const std::vector<std::unique_ptr<SseLoop>>& loops;
  const TradeEventRendering& rendering;
};

http::Reply TradeEvents(const TradeEventSources& sources, const http::Request& request,
                        size_t loop);

// The backends outlive the router, and the router the streams.
void AddTradeEvents(http::Router& router, const Backend& backend, const TradingBackend& trading);

}  // namespace livetape::api
