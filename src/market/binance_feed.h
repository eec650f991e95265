#pragma once

// BinanceFeed: a recording of Binance's combined stream, lines of "<local receive time in ns>
// <json>", any number of symbols, as market events. One thread owns it.
//
// Event time is the receive time. When the recording machine's clock stepped back, the time of the
// line before stays: times never decrease.
// A symbol's quote comes from its bookTickers and, while its depth book is live, from the book's
// top; the newest of the two by update id wins, and it is told only when it differs from the quote
// told before. A crossed book (bid > ask) makes no quote.
// Each depth diff that is applied is a BookUpdate of its levels, before the quote. When a snapshot is
// used, the whole book is told, with the kept diffs in it; when a hole breaks the book or the file
// begins again, that there is none: nobody shall trade on a stale one.
// A depth snapshot names no symbol. It belongs to the only symbol that has depth diffs, or, of
// several, to the one whose newest diff id is nearest (each symbol counts its own ids, so they are
// far apart); one that comes before any diff waits for the first.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "market/binance_message.h"
#include "market/depth_sync.h"
#include "market/instrument_table.h"
#include "market/line_decoder.h"
#include "market/top_check.h"

namespace livetape::market {

// What one symbol's messages told, for the summary. Counts are of the current round.
struct BinanceFacts {
  uint64_t trade_id_first = 0, trade_id_last = 0;
  uint64_t trade_id_holes = 0;  // places where the next id is missing
  uint64_t tickers = 0;
};

class BinanceFeed final : public LineDecoder {
 public:
  explicit BinanceFeed(std::optional<model::AssetClass> asset_class)
      : instruments_(asset_class.value_or(model::AssetClass::kCrypto)) {}

  base::Result<bool> Take(std::string_view line, Decoded& out) override;
  void Restart() override;

  struct Symbol {
    TopCheck check;
    DepthSync depth{[this](uint64_t id, const OrderBook& book) { check.Compare(id, book); }};
    BinanceFacts facts;
    uint64_t quote_id = 0;          // update id of the newest quote seen
    std::optional<BookTop> quoted;  // the quote told last
    bool book_told = false;         // and not taken back

    Symbol() = default;
    Symbol(const Symbol&) = delete;  // depth points to check
  };
  const InstrumentTable& instruments() const { return instruments_; }
  // By instrument id; one for each that is listed.
  const std::vector<std::unique_ptr<Symbol>>& symbols() const { return symbols_; }

 private:
  base::Result<bool> Dispatch(const BinanceMessage& message, Decoded& out);
  void Trade(model::InstrumentId id, const BinanceMessage& trade, Decoded& out);
  void Ticker(model::InstrumentId id, const BinanceMessage& ticker, Decoded& out);
  void Diff(model::InstrumentId id, const BinanceMessage& diff, Decoded& out);
  void TakeSnapshot(const BinanceMessage& snapshot, Decoded& out);
  void UseSnapshot(size_t symbol, const BinanceMessage& snapshot, Decoded& out);
  void TellBook(model::InstrumentId id, Decoded& out);
  void TakeBackBooks(Decoded& out);
  void Offer(model::InstrumentId id, uint64_t update_id, const BookTop& top, Decoded& out);

  BinanceParser parser_;
  InstrumentTable instruments_;
  std::vector<std::unique_ptr<Symbol>> symbols_;
  std::optional<BinanceMessage> waiting_;  // a snapshot from before any diff
  bool restarted_ = false;                 // books of the round before are still out there
  base::WallTime time_;
};

}  // namespace livetape::market
