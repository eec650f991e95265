#include "market/binance_feed.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "market/append_event.h"
#include "market/time_field.h"

namespace livetape::market {

using base::Fail;
using base::Result;
using model::InstrumentId;
using Kind = BinanceMessage::Kind;

namespace {

// Takes "<ns since 1970> " off the front of the line.
Result<base::WallTime> TakeReceiveTime(std::string_view& line) {
  int64_t ns = 0;
  const auto [rest, code] = std::from_chars(line.data(), line.data() + line.size(), ns);
  const auto digits = static_cast<size_t>(rest - line.data());
  const base::WallTime time{std::chrono::nanoseconds(ns)};
  if (code != std::errc() || digits == line.size() || line[digits] != ' ' || !InFeedRange(time)) {
    return Fail("does not begin with a receive time in ns since 1970 and a blank");
  }
  line.remove_prefix(digits + 1);
  return time;
}

}  // namespace

Result<bool> BinanceFeed::Take(std::string_view line, Decoded& out) {
  const auto time = TakeReceiveTime(line);
  if (!time) return std::unexpected(time.error());
  const auto message = parser_.Parse(line);
  if (!message) return std::unexpected(message.error());
  // A malformed line must not move the clock, so the time counts only from here.
  time_ = std::max(time_, *time);
  return Dispatch(**message, out);
}

Result<bool> BinanceFeed::Dispatch(const BinanceMessage& message, Decoded& out) {
  if (message.kind == Kind::kOther) return false;
  if (std::exchange(restarted_, false)) TakeBackBooks(out);
  if (message.kind == Kind::kSnapshot) {
    TakeSnapshot(message, out);
    return true;
  }
  const auto id = instruments_.Find(message.symbol, time_, out.events);
  if (!id) return std::unexpected(id.error());
  while (symbols_.size() <= id->value()) symbols_.push_back(std::make_unique<Symbol>());
  if (message.kind == Kind::kTrade) {
    Trade(*id, message, out);
  } else if (message.kind == Kind::kBookTicker) {
    Ticker(*id, message, out);
  } else {
    Diff(*id, message, out);
  }
  return true;
}

void BinanceFeed::Restart() {
  for (auto& symbol : symbols_) {
    // What was told stays told: the first quote of the new round comes only if it differs.
    const auto quoted = symbol->quoted;
    const bool book_told = symbol->book_told;
    symbol = std::make_unique<Symbol>();
    symbol->quoted = quoted;
    symbol->book_told = book_told;
  }
  restarted_ = true;
  waiting_.reset();
  time_ = {};
}

void BinanceFeed::Trade(InstrumentId id, const BinanceMessage& trade, Decoded& out) {
  BinanceFacts& facts = symbols_[id.value()]->facts;
  if (facts.trade_id_first == 0) {
    facts.trade_id_first = trade.id;
  } else if (trade.id <= facts.trade_id_last) {
    return;  // told already: streams of two connections overlap
  } else if (trade.id != facts.trade_id_last + 1) {
    ++facts.trade_id_holes;
    out.report.Noticed(out.line, fmt::format("{}: trade id {} follows {}", trade.symbol, trade.id,
                                             facts.trade_id_last));
  }
  facts.trade_id_last = trade.id;
  Append(out.events, time_, model::TradeTick{id, trade.price, trade.quantity});
}

void BinanceFeed::Ticker(InstrumentId id, const BinanceMessage& ticker, Decoded& out) {
  Symbol& symbol = *symbols_[id.value()];
  ++symbol.facts.tickers;
  symbol.check.AddTicker(ticker.id, ticker.top);
  Offer(id, ticker.id, ticker.top, out);
}

void BinanceFeed::Diff(InstrumentId id, const BinanceMessage& diff, Decoded& out) {
  Symbol& symbol = *symbols_[id.value()];
  const uint64_t before = symbol.depth.id();
  switch (symbol.depth.TakeDiff(diff)) {
    case DepthSync::Took::kApplied:
      Append(out.events, time_, model::BookUpdate{id, false, diff.bids, diff.asks});
      if (const auto top = symbol.depth.book().Top()) Offer(id, diff.id, *top, out);
      break;
    case DepthSync::Took::kHole:
      out.report.Noticed(out.line,
                         fmt::format("{}: depth update {}..{} follows {}; the book is broken until "
                                     "the next snapshot",
                                     diff.symbol, diff.first_id, diff.id, before));
      if (symbol.book_told) TellBook(id, out);
      break;
    case DepthSync::Took::kKept:
    case DepthSync::Took::kStale:
      break;
  }
  if (waiting_) {
    const BinanceMessage snapshot = std::move(*waiting_);
    waiting_.reset();
    UseSnapshot(id.value(), snapshot, out);
  }
}

void BinanceFeed::TakeSnapshot(const BinanceMessage& snapshot, Decoded& out) {
  std::optional<size_t> nearest;
  uint64_t distance = 0;
  for (size_t i = 0; i < symbols_.size(); ++i) {
    const uint64_t id = symbols_[i]->depth.id();
    if (id == 0) continue;
    const uint64_t away = id > snapshot.id ? id - snapshot.id : snapshot.id - id;
    if (nearest && distance <= away) continue;
    nearest = i;
    distance = away;
  }
  if (nearest) {
    UseSnapshot(*nearest, snapshot, out);
  } else {
    waiting_ = snapshot;
    waiting_->symbol = {};  // points into the parser
  }
}

void BinanceFeed::UseSnapshot(size_t symbol, const BinanceMessage& snapshot, Decoded& out) {
  DepthSync& depth = symbols_[symbol]->depth;
  if (!depth.TakeSnapshot(snapshot)) {
    out.report.Noticed(out.line, fmt::format("{}: the snapshot {} is older than the depth updates "
                                             "and is not used",
                                             instruments_.symbols()[symbol], snapshot.id));
    return;
  }
  const InstrumentId id(static_cast<uint32_t>(symbol));
  TellBook(id, out);
  if (const auto top = depth.book().Top()) Offer(id, depth.id(), *top, out);
}

// All levels of a live book; none of another.
void BinanceFeed::TellBook(InstrumentId id, Decoded& out) {
  Symbol& symbol = *symbols_[id.value()];
  model::BookUpdate update{.instrument = id, .snapshot = true, .bids = {}, .asks = {}};
  symbol.book_told = symbol.depth.live();
  if (symbol.book_told) {
    const auto bids = symbol.depth.book().levels(Side::kBid);
    const auto asks = symbol.depth.book().levels(Side::kAsk);
    update.bids.assign(bids.begin(), bids.end());
    update.asks.assign(asks.begin(), asks.end());
  }
  Append(out.events, time_, std::move(update));
}

void BinanceFeed::TakeBackBooks(Decoded& out) {
  for (uint32_t i = 0; i < symbols_.size(); ++i) {
    if (symbols_[i]->book_told) TellBook(InstrumentId(i), out);
  }
}

void BinanceFeed::Offer(InstrumentId id, uint64_t update_id, const BookTop& top, Decoded& out) {
  Symbol& symbol = *symbols_[id.value()];
  if (update_id <= symbol.quote_id && symbol.quote_id != 0) return;
  if (top.bid.price > top.ask.price) return;
  symbol.quote_id = update_id;
  if (symbol.quoted == top) return;
  symbol.quoted = top;
  Append(out.events, time_,
         model::QuoteUpdate{id, top.bid.price, top.ask.price, top.bid.quantity, top.ask.quantity});
}

}  // namespace livetape::market
