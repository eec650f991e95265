#include "app/jobs/bar_recovery.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "app/jobs/stored_bars.h"
#include "market/bar_builder.h"

namespace livetape::app {
namespace {

using model::Bar;
using model::Timeframe;

// The last two: what a bar of today is compared with is at hand.
constexpr size_t kKept = 2;
// Longer bars are completed from the last day of minutes. Where these are older than a day there is
// only what the market was doing before it stopped: a bar that is there may be of an import and stays
// as it is, and none is made where more than a week is missing.
constexpr std::chrono::hours kMinutesOf{24};
constexpr size_t kMinutesMax = 1440;
constexpr std::chrono::days kGapMax{7};

void Widen(Bar& bar, const Bar& minute) {
  bar.high = std::max(bar.high, minute.high);
  bar.low = std::min(bar.low, minute.low);
  bar.close = minute.close;
}

// In what the minutes may have changed.
bool Same(const Bar& one, const Bar& other) {
  const auto parts = [](const Bar& bar) {
    return std::tie(bar.start, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades);
  };
  return parts(one) == parts(other);
}

}  // namespace

std::vector<Bar> WithMinutes(std::vector<Bar> bars, const std::vector<Bar>& minutes,
                             Timeframe timeframe) {
  // Of what is known of the bucket that both have, the larger counts.
  base::Amount volume;
  uint64_t trades = 0;
  for (const Bar& minute : minutes) {
    const base::WallTime start = market::BucketOf(minute.start, timeframe);
    if (!bars.empty() && start < bars.back().start) continue;
    if (bars.empty() || start > bars.back().start) {
      bars.push_back(minute);
      bars.back().start = start;
      volume = minute.volume;
      trades = minute.trades;
      continue;
    }
    Bar& bar = bars.back();
    Widen(bar, minute);
    volume = market::AddSaturated(volume, minute.volume);
    trades += minute.trades;
    bar.volume = std::max(bar.volume, volume);
    bar.trades = std::max(bar.trades, trades);
    bar.synthetic = bar.synthetic && minute.synthetic;
  }
  return bars;
}

base::Result<BarRecovery> BarRecovery::Read(const std::filesystem::path& folder) {
  auto reader = OpenStoreReader(folder);
  if (!reader) return std::unexpected(std::move(reader.error()));
  BarRecovery recovery(*std::move(reader));
  if (auto read = recovery.ReadSeries(); !read) return std::unexpected(std::move(read.error()));
  return recovery;
}

base::Result<void> BarRecovery::ReadSeries() {
  auto series = reader_->AllBarSeries();
  if (!series) return std::unexpected(std::move(series.error()));
  series_ = *std::move(series);
  return {};
}

std::vector<Bar> BarRecovery::Minutes::For(Timeframe timeframe, std::optional<base::WallTime> last,
                                           base::WallTime now) const {
  std::vector<Bar> taken;
  if (bars.empty() || (!last && bars.back().start < now - kGapMax)) return taken;
  for (const Bar& minute : bars) {
    const base::WallTime bucket = market::BucketOf(minute.start, timeframe);
    // Of the first bucket minutes may have been left out.
    const bool whole = !cut || bucket >= bars.front().start;
    const bool recent = minute.start >= now - kMinutesOf;
    const bool known = last && bucket <= *last;
    const bool follows = !last || recent || bucket - *last <= kGapMax;
    if (known ? recent : whole && follows) taken.push_back(minute);
  }
  return taken;
}

bool BarRecovery::Has(std::string_view symbol, Timeframe timeframe) const {
  const auto key = [](const store::BarSeries& series) {
    return std::pair(std::string_view(series.symbol), series.timeframe);
  };
  return std::ranges::binary_search(series_, std::pair(symbol, timeframe), {}, key);
}

bool BarRecovery::HasHistory(const model::Instrument& instrument, Timeframe timeframe) const {
  std::vector<std::string> spellings = {instrument.symbol};
  if (instrument.asset_class == model::AssetClass::kCrypto) {
    const std::string base(market::CryptoBase(instrument.symbol));
    spellings.insert(spellings.end(), {base, base + "USD", base + "/USD"});
  }
  const Timeframe longest = timeframe == Timeframe::k1m ? Timeframe::k1h : timeframe;
  return std::ranges::any_of(spellings, [&](const std::string& symbol) {
    return std::ranges::any_of(model::kTimeframes, [&](Timeframe of) {
      return of >= timeframe && of <= longest && Has(symbol, of);
    });
  });
}

base::Result<void> BarRecovery::NameAsListed(
    const market::Instruments& listed, store::Store& store,
    const std::function<void(std::string_view from, std::string_view to)>& told) {
  std::map<std::string, std::string> names;
  for (const store::BarSeries& series : series_) {
    const auto found = listed.Find({.symbol = series.symbol, .asset_class = series.asset_class});
    if (!found || found->instrument.symbol == series.symbol) continue;
    if (!Has(found->instrument.symbol, series.timeframe)) {
      names.emplace(series.symbol, found->instrument.symbol);
    }
  }
  for (const auto& [from, to] : names) {
    if (auto renamed = store.RenameBars(from, to); !renamed) return renamed;
    told(from, to);
  }
  return names.empty() ? base::Result<void>() : ReadSeries();
}

void BarRecovery::ForEachInstrument(
    size_t most, const std::function<void(const model::Instrument&)>& take) const {
  const store::BarSeries* before = nullptr;
  for (const store::BarSeries& series : series_) {
    if (before != nullptr && before->symbol == series.symbol) continue;
    before = &series;
    if (most-- == 0) return;
    take({.symbol = series.symbol, .asset_class = series.asset_class});
  }
}

base::Result<std::vector<Bar>> BarRecovery::Newest(const store::BarSeries& series,
                                                   base::WallTime now, size_t count) {
  return reader_->Bars({.symbol = series.symbol,
                        .timeframe = series.timeframe,
                        .from = std::nullopt,
                        .to = now,
                        .newest = true,
                        .limit = count});
}

base::Result<BarRecovery::Minutes> BarRecovery::NewestMinutes(const std::string& symbol,
                                                              base::WallTime now) {
  auto read = Newest({.symbol = symbol, .timeframe = Timeframe::k1m}, now, kMinutesMax);
  if (!read) return std::unexpected(std::move(read.error()));
  Minutes minutes{.bars = *std::move(read)};
  if (minutes.bars.empty()) return minutes;
  const base::WallTime first = minutes.bars.back().start - kMinutesOf;
  minutes.cut = minutes.bars.size() == kMinutesMax ||
                std::erase_if(minutes.bars, [&](const Bar& bar) { return bar.start < first; }) > 0;
  return minutes;
}

base::Result<void> BarRecovery::ContinueOne(std::span<const store::BarSeries> series,
                                            model::InstrumentId id, base::WallTime now,
                                            market::BarHistory& bars, BarQueue& queue) {
  const auto minutes = NewestMinutes(series.front().symbol, now);
  if (!minutes) return std::unexpected(minutes.error());
  for (const Timeframe timeframe : model::kTimeframes) {
    const auto of = std::ranges::find(series, timeframe, &store::BarSeries::timeframe);
    std::vector<Bar> newest;
    if (of != series.end()) {
      auto read = Newest(*of, now, kKept);
      if (!read) return std::unexpected(std::move(read.error()));
      newest = *std::move(read);
      if (newest.empty()) continue;
    }
    std::optional<Bar> last;
    if (!newest.empty()) last = newest.back();
    if (timeframe > Timeframe::k1m) {
      newest = WithMinutes(
          std::move(newest),
          minutes->For(timeframe, last ? std::optional(last->start) : std::nullopt, now),
          timeframe);
    }
    if (newest.empty()) continue;
    for (const Bar& bar : newest) {
      const bool stored = last && (bar.start < last->start || Same(bar, *last));
      if (!stored) queue.AddClosed(id, timeframe, bar);
    }
    bars.LoadSeries({.instrument = id, .timeframe = timeframe, .bars = std::move(newest)});
  }
  return {};
}

void BarRecovery::Continue(base::WallTime now, const Asked& asked, market::BarHistory& bars,
                           BarQueue& queue) {
  for (std::span<const store::BarSeries> rest = series_; !rest.empty();) {
    const auto end = std::ranges::find_if(
        rest, [&](const store::BarSeries& series) { return series.symbol != rest.front().symbol; });
    const auto of_symbol = rest.first(static_cast<size_t>(end - rest.begin()));
    rest = rest.subspan(of_symbol.size());
    const std::string& symbol = of_symbol.front().symbol;
    const auto id = asked.find(symbol);
    if (!id) continue;
    auto continued = ContinueOne(of_symbol, *id, now, bars, queue);
    if (!continued) asked.skipped(symbol, continued.error());
  }
}

}  // namespace livetape::app
