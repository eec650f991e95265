#include "market/synthetic.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "market/made_history.h"

namespace livetape::market {
namespace {

using base::Price;
using base::Quantity;
using model::InstrumentId;

constexpr uint64_t kLiveStream = 1;
constexpr double kMeanTrade = 4000;  // money per trade

InstrumentId IdOf(size_t symbol) { return InstrumentId(static_cast<uint32_t>(symbol)); }

}  // namespace

base::Result<std::unique_ptr<SyntheticSource>> SyntheticSource::Open(SyntheticOptions options) {
  if (options.symbols.empty()) return base::Fail("a synthetic market needs at least one symbol");
  std::set<std::string_view> names;
  for (const SymbolSpec& spec : options.symbols) {
    if (auto checked = Check(spec); !checked) return std::unexpected(std::move(checked.error()));
    if (!names.insert(spec.symbol).second) {
      return base::Fail(fmt::format("symbol '{}' is given twice", spec.symbol));
    }
  }
  const double total = options.rate * static_cast<double>(options.symbols.size());
  // Written so that a NaN fails too.
  if (!(options.rate >= 0.001 && total <= kSyntheticRateMax)) {
    return base::Fail(fmt::format(
        "the rate must be at least 0.001 updates per second and symbol, and at most {} a second "
        "over all {} symbols; got {} per symbol",
        kSyntheticRateMax, options.symbols.size(), options.rate));
  }
  return std::unique_ptr<SyntheticSource>(new SyntheticSource(std::move(options)));
}

SyntheticSource::SyntheticSource(SyntheticOptions options)
    : options_(std::move(options)),
      step_ns_(1e9 / (options_.rate * static_cast<double>(options_.symbols.size()))),
      root_years_(std::sqrt(1 / (options_.rate * kSecondsPerYear))),
      time_(options_.start) {
  live_.reserve(options_.symbols.size());
  for (const SymbolSpec& spec : options_.symbols) {
    const bool equity = spec.asset_class == model::AssetClass::kUsEquity;
    live_.push_back(Live{.walk = Walk(spec, SymbolRandom(options_.seed, spec.symbol, kLiveStream)),
                         .tick_units = TickUnits(spec),
                         .spread = spec.spread_bps / 1e4,
                         .size_mean = std::min(kMeanTrade / spec.start_price.Approximate(), 1e7),
                         .size_quantum = equity ? base::kDecimalScale : 10'000});
  }
}

base::Result<bool> SyntheticSource::Next(model::MarketEvent& event) {
  switch (phase_) {
    case Phase::kListing:
      List(event);
      break;
    case Phase::kHistory:
      History(event);
      break;
    case Phase::kQuote:
      Quote(event);
      phase_ = Phase::kTrade;
      break;
    case Phase::kTrade:
      event.what.emplace<model::TradeTick>(trade_);
      phase_ = Phase::kQuote;
      break;
  }
  event.time = time_;
  return true;
}

void SyntheticSource::List(model::MarketEvent& event) {
  const SymbolSpec& spec = options_.symbols[symbol_];
  event.what = model::InstrumentListed{{spec.symbol, spec.asset_class}};
  if (++symbol_ < options_.symbols.size()) return;
  symbol_ = 0;
  phase_ = Phase::kHistory;
}

void SyntheticSource::History(model::MarketEvent& event) {
  if (!minutes_next_) {
    // Made one symbol at a time: all of them at once would be megabytes for nothing.
    MadeHistory made = MakeHistory(options_.symbols[symbol_], options_.seed, options_.start);
    minutes_ = {IdOf(symbol_), model::Timeframe::k1m, std::move(made.minutes)};
    event.what = model::BarHistory{IdOf(symbol_), model::Timeframe::k1d, std::move(made.daily)};
    minutes_next_ = true;
    return;
  }
  event.what = std::exchange(minutes_, {});
  minutes_next_ = false;
  if (++symbol_ < options_.symbols.size()) return;
  symbol_ = 0;
  phase_ = Phase::kQuote;
}

void SyntheticSource::Quote(model::MarketEvent& event) {
  Live& live = live_[symbol_];
  // At the start all are told once: a slow market has prices too.
  const bool first = update_ < live_.size();
  if (!first) {
    time_ = options_.start +
            std::chrono::nanoseconds(std::llround(static_cast<double>(update_) * step_ns_));
  }
  // The first update of a symbol stands at the start price, where its history ends.
  const int64_t mid = first ? options_.symbols[symbol_].start_price.units() / live.tick_units
                            : live.walk.StepScaled(root_years_);
  const int64_t spread = std::max<int64_t>(1, std::llround(static_cast<double>(mid) * live.spread));
  const int64_t bid = std::max<int64_t>(1, mid - spread / 2);

  auto& quote = event.what.emplace<model::QuoteUpdate>();
  quote.instrument = IdOf(symbol_);
  quote.bid = Price::FromUnits(bid * live.tick_units);
  quote.ask = Price::FromUnits((bid + spread) * live.tick_units);
  quote.bid_size = Size(live);
  quote.ask_size = Size(live);
  trade_.instrument = quote.instrument;
  const bool at_bid = (live.walk.random().Next() >> 63) != 0;
  trade_.price = at_bid ? quote.bid : quote.ask;
  trade_.size = Size(live);

  ++update_;
  if (++symbol_ == live_.size()) symbol_ = 0;
}

// Exponential: many small ones, few large ones; at least one quantum, at most 40 times the mean.
Quantity SyntheticSource::Size(Live& live) {
  const double draw = -std::log1p(-live.walk.random().Unit());
  const auto quanta =
      std::llround(live.size_mean * draw * 1e9 / static_cast<double>(live.size_quantum));
  return Quantity::FromUnits(std::max<int64_t>(1, quanta) * live.size_quantum);
}

}  // namespace livetape::market
