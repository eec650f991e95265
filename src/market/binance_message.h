#pragma once

// BinanceParser: one JSON message of Binance's spot streams, as the combined stream wraps it
// ({"stream":...,"data":...}), or a REST depth snapshot. One thread owns it.
// Formats: developers.binance.com, "WebSocket Streams" and "Order book" of the spot API.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "market/order_book.h"

namespace livetape::market {

struct BinanceMessage {
  enum class Kind { kOther, kTrade, kBookTicker, kDepth, kSnapshot };

  Kind kind = Kind::kOther;  // kOther: fine, but none of ours (a subscription's answer, a kline)
  std::string_view symbol;   // "BTCUSDT"; valid until the next Parse; a snapshot has none
  uint64_t first_id = 0;     // kDepth: U
  uint64_t id = 0;           // kTrade: t; kBookTicker, kDepth: u; kSnapshot: lastUpdateId
  base::Price price;         // kTrade
  base::Quantity quantity;   // kTrade
  BookTop top;               // kBookTicker; bid <= ask
  std::vector<BookLevel> bids, asks;  // kDepth, kSnapshot
};

class BinanceParser {
 public:
  BinanceParser();
  ~BinanceParser();

  // `json` has kLinePadding readable bytes behind it (market/line_reader.h). The message is reused
  // by the next call. The error is the reason why the line is malformed.
  base::Result<const BinanceMessage*> Parse(std::string_view json);

 private:
  struct Json;
  const std::unique_ptr<Json> json_;
  BinanceMessage message_;
};

}  // namespace livetape::market
