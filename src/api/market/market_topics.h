#pragma once

// The keys of state that the floor's thread writes: market/<symbol> and the clock.
// Between the wiring that writes them and the endpoints that show them.

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/shared_bytes.h"
#include "hub/state_update.h"

namespace livetape::api {

inline constexpr std::string_view kQuoteType = "quote";

// market/<symbol>, the symbol as one topic segment.
std::string MarketTopic(std::string_view symbol);

// The key of a quote; its `key` part is empty, the symbol is in the topic.
std::shared_ptr<const hub::StateKey> QuoteKey(std::string_view symbol);

// The symbol of a market topic.
std::string SymbolOf(std::string_view topic);

// The clock of /sse: the current second, wall time.
inline constexpr std::string_view kClockTopic = "clock/utc";
std::shared_ptr<const hub::StateKey> ClockKey();
base::SharedBytes EncodeTime(base::WallTime time);
base::WallTime DecodeTime(std::string_view bytes);

}  // namespace livetape::api
