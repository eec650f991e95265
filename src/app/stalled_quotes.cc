#include "app/stalled_quotes.h"

#include <algorithm>
#include <utility>

namespace livetape::app {

bool StalledQuotes::OnQuote(base::WallTime time, const model::QuoteUpdate& update) {
  Merged& merged = merged_[update.instrument];
  merged.time = time;
  merged.quote = update;
  merged.quote_is_last = merged.quote_stands = true;
  return board_->Apply(time, update);
}

void StalledQuotes::OnTrade(base::WallTime time, const model::TradeTick& trade) {
  Merged& merged = merged_[trade.instrument];
  const bool first = merged.last.zero();
  merged.time = time;
  merged.low = first ? trade.price : std::min(merged.low, trade.price);
  merged.high = first ? trade.price : std::max(merged.high, trade.price);
  merged.last = trade.price;
  // A sum out of range stays as it is: it is volume, nobody's money.
  merged.size = merged.size.CheckedAdd(trade.size).value_or(merged.size);
  merged.quote_is_last = false;
  const bool outside =
      merged.quote && (trade.price < merged.quote->bid || trade.price > merged.quote->ask);
  if (outside) merged.quote_stands = false;
  board_->Apply(time, trade);
}

void StalledQuotes::OnVolume(base::WallTime time, model::InstrumentId instrument,
                             base::Quantity volume) {
  Merged& merged = merged_[instrument];
  merged.time = time;
  merged.volume = volume;
  merged.size = {};
  board_->SetVolume(time, instrument, volume);
}

void StalledQuotes::Replay(floor::TradingFloor& floor, model::InstrumentId instrument,
                           const Merged& merged) {
  if (merged.volume) floor.OnVolume(merged.time, instrument, *merged.volume);
  if (merged.quote && !merged.quote_is_last) floor.OnQuote(merged.time, *merged.quote);
  if (!merged.last.zero()) {
    const model::Quote* const before = floor.quotes().Find(instrument);
    const int64_t from = before == nullptr ? merged.last.units() : before->price.units();
    const bool low_first =
        std::abs(from - merged.low.units()) <= std::abs(merged.high.units() - from);
    const auto pass = [&](base::Price price, base::Quantity size) {
      floor.OnTrade(merged.time, {.instrument = instrument, .price = price, .size = size});
    };
    pass(low_first ? merged.low : merged.high, {});
    pass(low_first ? merged.high : merged.low, {});
    pass(merged.last, merged.size);
  }
  // The path may have been outside the quote where its last trade is not.
  if (merged.quote && merged.quote_stands) floor.OnQuote(merged.time, *merged.quote);
}

void StalledQuotes::Part() {
  if (!before_) before_ = std::exchange(merged_, {});
}

void StalledQuotes::End(floor::TradingFloor& floor, const std::function<void()>& between) {
  board_.reset();
  const auto before = std::exchange(before_, std::nullopt);
  const MergedById rest = std::exchange(merged_, {});
  if (before) {
    for (const auto& [instrument, merged] : *before) Replay(floor, instrument, merged);
    between();
  }
  for (const auto& [instrument, merged] : rest) Replay(floor, instrument, merged);
}

}  // namespace livetape::app
