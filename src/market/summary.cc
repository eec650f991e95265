#include "market/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/time_text.h"
#include "market/binance_feed.h"
#include "market/replay_source.h"

namespace livetape::market {
namespace {

using base::Amount;

constexpr uint64_t kMessagesPerReport = 4096;

// The number of decimals that all values seen so far need.
class Decimals {
 public:
  void See(int64_t units) {
    for (; units % unit_ != 0; unit_ /= 10) ++count_;
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
  int64_t unit_ = base::kDecimalScale;
};

// Adds up one symbol's events.
class Tally {
 public:
  explicit Tally(std::string symbol) { facts_.symbol = std::move(symbol); }

  void Add(const model::TradeTick& trade) {
    TradeFacts& facts = facts_.trades;
    if (facts.count++ == 0) facts.first = facts.low = facts.high = trade.price;
    facts.last = trade.price;
    facts.low = std::min(facts.low, trade.price);
    facts.high = std::max(facts.high, trade.price);
    prices_.See(trade.price.units());
    sizes_.See(trade.size.units());
    Accumulate(facts.volume, Amount::From(trade.size));
    Accumulate(notional_, trade.price * trade.size);
  }
  void Add(const model::QuoteUpdate& quote) {
    ++facts_.quotes;
    for (const base::Price price : {quote.bid, quote.ask}) prices_.See(price.units());
    for (const base::Quantity size : {quote.bid_size, quote.ask_size}) sizes_.See(size.units());
  }

  SymbolFacts Finish() && {
    facts_.price_decimals = prices_.count();
    facts_.size_decimals = sizes_.count();
    // Beyond this the division has no room; a real feed is a billion times below it.
    const Amount divisible =
        Amount::FromUnits(base::Int128{1'000'000'000'000'000'000} * 10'000'000'000'000'000'000U);
    const Amount volume = facts_.trades.volume;
    if (exact_ && !volume.zero() && volume < divisible) {
      facts_.trades.vwap = base::DivideToText(notional_, volume, 12);
    }
    return std::move(facts_);
  }

 private:
  void Accumulate(Amount& sum, Amount more) {
    const auto total = sum.CheckedAdd(more);
    if (total) {
      sum = *total;
    } else {
      exact_ = false;
    }
  }

  SymbolFacts facts_;
  Decimals prices_, sizes_;
  Amount notional_;
  bool exact_ = true;
};

void AddBinanceFacts(const BinanceFeed& feed, std::vector<SymbolFacts>& symbols) {
  for (size_t i = 0; i < feed.symbols().size(); ++i) {
    const BinanceFeed::Symbol& symbol = *feed.symbols()[i];
    SymbolFacts& facts = symbols[i];
    if (facts.trades.count > 0) {
      facts.ids = {symbol.facts.trade_id_first, symbol.facts.trade_id_last,
                   symbol.facts.trade_id_holes};
    }
    const DepthSync& depth = symbol.depth;
    if (depth.diffs() == 0) continue;
    facts.book = {.depth_updates = depth.diffs(),
                  .holes = depth.holes(),
                  .snapshot_id = depth.snapshot_id(),
                  .live = depth.live(),
                  .compared = symbol.check.compared(),
                  .equal = symbol.check.equal(),
                  .top = depth.book().Top(),
                  .bid_levels = depth.book().levels(Side::kBid).size(),
                  .ask_levels = depth.book().levels(Side::kAsk).size()};
  }
}

// `number` with zeros up to `decimals` of them.
std::string Padded(std::string number, int decimals) {
  const size_t point = number.find('.');
  size_t has = point == number.npos ? 0 : number.size() - point - 1;
  if (point == number.npos && decimals > 0) number += '.';
  for (; has < static_cast<size_t>(decimals); ++has) number += '0';
  return number;
}

void AppendTrades(std::string& out, const SymbolFacts& facts) {
  const TradeFacts& trades = facts.trades;
  const auto line = [&](std::string_view name, const auto& value) {
    fmt::format_to(std::back_inserter(out), "  {}: {}\n", name, value);
  };
  const auto price = [&](base::Price at) { return Padded(at.ToString(), facts.price_decimals); };
  line("trades", trades.count);
  if (trades.count == 0) return;
  line("first", price(trades.first));
  line("last", price(trades.last));
  line("low", price(trades.low));
  line("high", price(trades.high));
  line("volume", Padded(trades.volume.ToString(), facts.size_decimals));
  line("vwap", trades.vwap.empty() ? "none" : trades.vwap);
  if (facts.ids) {
    line("trade ids", fmt::format("{}..{}", facts.ids->first, facts.ids->last));
    line("trade id holes", facts.ids->holes);
  }
}

void AppendBook(std::string& out, const SymbolFacts& facts) {
  const BookFacts& book = *facts.book;
  const auto line = [&](std::string_view name, const auto& value) {
    fmt::format_to(std::back_inserter(out), "  {}: {}\n", name, value);
  };
  const auto level = [&](const BookLevel& at) {
    return fmt::format("{} x {}", Padded(at.price.ToString(), facts.price_decimals),
                       Padded(at.quantity.ToString(), facts.size_decimals));
  };
  line("depth updates", book.depth_updates);
  line("depth holes", book.holes);
  line("snapshot lastUpdateId", book.snapshot_id);
  line("book", book.live ? "live" : book.snapshot_id ? "broken by a hole" : "no snapshot");
  line("book equals bookTicker", fmt::format("{} of {}", book.equal, book.compared));
  if (book.top) {
    line("best bid", level(book.top->bid));
    line("best ask", level(book.top->ask));
  }
  line("bid levels", book.bid_levels);
  line("ask levels", book.ask_levels);
}

}  // namespace

double Summary::MessagesPerSecond() const {
  const double seconds = std::chrono::duration<double>(busy).count();
  return seconds > 0 ? static_cast<double>(messages) / seconds : 0;
}

base::Result<Summary> Summarise(const std::string& path, const base::Clock& clock, base::Log* log,
                                const SummaryProgress& progress) {
  const base::MonoTime start = clock.Mono();
  auto source = ReplaySource::Open(
      path, {.log = log, .symbol = "", .asset_class = std::nullopt, .clock = &clock});
  if (!source) return std::unexpected(std::move(source.error()));
  Summary summary{.path = path,
                  .format = (*source)->format(),
                  .first_time = std::nullopt,
                  .last_time = std::nullopt,
                  .symbols = {}};
  std::vector<Tally> tallies;
  model::MarketEvent event;
  for (uint64_t told = 0;;) {
    if (progress && (*source)->messages() - told >= kMessagesPerReport) {
      told = (*source)->messages();
      progress((*source)->bytes_read(), told);
    }
    const auto more = (*source)->Next(event);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    if (!summary.first_time) summary.first_time = event.time;
    summary.last_time = std::max(event.time, summary.last_time.value_or(event.time));
    if (auto* listed = std::get_if<model::InstrumentListed>(&event.what)) {
      tallies.emplace_back(std::move(listed->instrument.symbol));
    } else if (const auto* trade = std::get_if<model::TradeTick>(&event.what)) {
      tallies[trade->instrument.value()].Add(*trade);
    } else if (const auto* quote = std::get_if<model::QuoteUpdate>(&event.what)) {
      tallies[quote->instrument.value()].Add(*quote);
    }
  }
  summary.busy = clock.Mono() - start - (*source)->read_time();
  summary.messages = (*source)->messages();
  summary.skipped = (*source)->skipped();
  for (Tally& tally : tallies) summary.symbols.push_back(std::move(tally).Finish());
  if (const auto* feed = dynamic_cast<const BinanceFeed*>(&(*source)->decoder())) {
    AddBinanceFacts(*feed, summary.symbols);
  }
  return summary;
}

std::string Text(const Summary& summary) {
  std::string out =
      fmt::format("file: {}\nformat: {}\nmessages: {}\nskipped lines: {}\n", summary.path,
                  Name(summary.format), summary.messages, summary.skipped);
  if (summary.first_time) {
    out += fmt::format("from: {}\nto: {}\n", base::FormatRfc3339(*summary.first_time),
                       base::FormatRfc3339(*summary.last_time));
  }
  for (const SymbolFacts& facts : summary.symbols) {
    out += fmt::format("symbol: {}\n", facts.symbol);
    AppendTrades(out, facts);
    out += fmt::format("  quotes: {}\n", facts.quotes);
    if (facts.book) AppendBook(out, facts);
  }
  out +=
      fmt::format("messages/s: {:.0f} (parsing and book; reading and decompression not counted)\n",
                  summary.MessagesPerSecond());
  return out;
}

}  // namespace livetape::market
