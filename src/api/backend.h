#pragma once

// Backend: what the endpoints work on. Made by the wiring; everything in it outlives the server.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "api/access/access.h"
#include "api/channels/channel_renderings.h"
#include "api/events/event_rendering.h"
#include "api/market/market_renderings.h"
#include "api/native/native_renderings.h"
#include "api/paper/store_reads.h"
#include "api/publishing/publisher.h"
#include "api/publishing/tape_folds.h"
#include "api/publishing/tick_floor.h"
#include "api/streams/sse_loop.h"
#include "api/streams/stream_directory.h"
#include "base/clock.h"
#include "config/config.h"
#include "market/bar_history.h"
#include "market/instruments.h"
#include "metrics/registry.h"
#include "tape/tape.h"

namespace livetape::api {

struct Backend {
  const config::Config& config;
  const base::Clock& clock;
  const market::Instruments& instruments;
  const market::BarHistory& bars;
  StoreReads& stored;
  const metrics::Registry& metrics;
  const tape::Tape& tape;
  const TapeFolds& folds;
  const Access& access;
  Publisher& publisher;
  TickFloor& tick_floor;
  StreamDirectory& channels;  // clients by channel
  StreamDirectory& sessions;  // users by session
  const MarketRenderings& renderings;
  const ChannelRenderings& channel_renderings;
  const NativeRenderings& native_renderings;
  const EventRendering& event_rendering;
  // One per event loop, filled before the server starts; a handler uses that of its own loop.
  const std::vector<std::unique_ptr<SseLoop>>& loops;
  // Called on each opened stream of market data: a source may be waiting for the first.
  std::function<void()> market_stream_opened;
  // A job of the server's own has that topic: nobody else tells of it.
  std::function<bool(std::string_view topic)> is_own_job;
  // The answer to a request for a WebSocket on /stream; nothing to others.
  std::function<std::optional<http::Reply>(const http::Request&, size_t loop)> trade_updates;
};

}  // namespace livetape::api
