#pragma once

// Backend: what the endpoints work on. Made by the wiring; everything in it outlives the server.

#include <functional>
#include <memory>
#include <vector>

#include "api/renderings.h"
#include "api/sse_loop.h"
#include "config/config.h"
#include "market/bar_history.h"
#include "market/instruments.h"
#include "metrics/registry.h"

namespace livetape::api {

struct Backend {
  const config::Config& config;
  const market::Instruments& instruments;
  const market::BarHistory& bars;
  const metrics::Registry& metrics;
  const Renderings& renderings;
  // One per event loop, filled before the server starts; a handler uses that of its own loop.
  const std::vector<std::unique_ptr<SseLoop>>& loops;
  // Called on each opened stream of market data: a source may be waiting for the first.
  std::function<void()> market_stream_opened;
};
}  // namespace livetape::api
