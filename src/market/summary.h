#pragma once

// Summary: the facts of a recorded feed, for `livetape replay FILE --summary`.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/log.h"
#include "base/result.h"
#include "market/file_format.h"
#include "market/order_book.h"

namespace livetape::market {

struct TradeFacts {
  uint64_t count = 0;
  base::Price first, last, low, high;
  base::Amount volume;
  std::string vwap;  // 12 significant digits; empty when volume is 0, or a sum leaves its range
};

// Ids of trades as the exchange counts them.
struct TradeIdFacts {
  uint64_t first = 0, last = 0;
  uint64_t holes = 0;
};

struct BookFacts {
  uint64_t depth_updates = 0;
  uint64_t holes = 0;        // between one update's u and the next one's U
  uint64_t snapshot_id = 0;  // lastUpdateId of the snapshot used last; 0: none
  bool live = false;         // false: no snapshot yet, or broken by a hole
  // After each update the book's top against the newest bookTicker with id <= its u.
  uint64_t compared = 0, equal = 0;
  std::optional<BookTop> top;  // at the end
  size_t bid_levels = 0, ask_levels = 0;
};

struct SymbolFacts {
  std::string symbol;
  // Of the finest price and size in the feed: what Text writes, as the exchange would.
  int price_decimals = 0, size_decimals = 0;
  TradeFacts trades;
  uint64_t quotes = 0;              // changes of best bid, ask or their sizes
  std::optional<TradeIdFacts> ids;  // Binance with trades
  std::optional<BookFacts> book;    // Binance with depth
};

struct Summary {
  std::string path;
  FileFormat format = FileFormat::kBinance;
  uint64_t messages = 0;                                // valid lines
  uint64_t skipped = 0;                                 // malformed lines
  std::optional<base::WallTime> first_time, last_time;  // of events
  std::vector<SymbolFacts> symbols;                     // in order of appearance
  std::chrono::nanoseconds busy{0};  // parsing and book, reading and decompression not counted

  double MessagesPerSecond() const;
};

// How far it is: bytes of the file as it is on disk, and messages.
using SummaryProgress = std::function<void(uint64_t bytes, uint64_t messages)>;

// Replays the whole file as fast as possible. Malformed lines are reported to `log` (may be null)
// as in a replay. `clock` measures `busy`. `progress` (may be null) is called every few thousand
// messages.
base::Result<Summary> Summarise(const std::string& path, const base::Clock& clock, base::Log* log,
                                const SummaryProgress& progress = nullptr);

// One fact a line, "name: value", ending in a line end.
std::string Text(const Summary& summary);

}  // namespace livetape::market
