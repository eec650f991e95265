#include "jobs/training/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <queue>
#include <utility>

#include "base/assert.h"
#include "base/time_text.h"

namespace livetape::jobs {
namespace {

constexpr uint64_t kBarsPerLook = 4096;  // between two looks at whether to stop

constexpr base::WallTime kUnknown = base::WallTime::max();

// A symbol while its bars are read.
struct SymbolState {
  SymbolState(const TrainingSymbol& symbol, const TimeRange& range)
      : feed(symbol.name, *symbol.bars, range) {}

  BarFeed feed;
  FeatureWindow window;
  base::Price close;               // of the bar before
  std::optional<size_t> foretold;  // the sample of the bar before
};

// The next bar of the symbol: what it says of the sample before, and its own.
base::Result<void> TakeBar(SymbolState& state, uint32_t number, Dataset& data) {
  const model::Bar& bar = state.feed.bar();
  if (data.bars++ == 0) data.first = bar.start;
  data.last = bar.start;
  if (state.foretold) {
    Sample& sample = data.samples[*state.foretold];
    sample.known_at = bar.start;
    sample.up = ClosesHigher(bar.close, state.close);
  }
  state.close = bar.close;
  state.window.Add(bar);
  if (!state.window.full()) return {};
  if (data.samples.size() == kSamplesMax) {
    return base::Fail(
        fmt::format("more than {} samples: choose a shorter range, a longer timeframe or fewer "
                    "symbols",
                    kSamplesMax));
  }
  state.foretold = data.samples.size();
  data.samples.push_back({bar.start, kUnknown, number, false, state.window.Row()});
  return {};
}

// Which symbol has the next bar: the earliest, then the first in the list.
using Next = std::pair<base::WallTime, uint32_t>;
using Order = std::priority_queue<Next, std::vector<Next>, std::greater<>>;

// Takes the bars of all symbols in the order of time. False: it was stopped.
base::Result<bool> TakeAll(std::deque<SymbolState>& states, const std::stop_token& stop,
                           Dataset& data) {
  Order order;
  for (uint32_t i = 0; i < states.size(); ++i) {
    if (auto started = states[i].feed.Start(); !started) {
      return std::unexpected(std::move(started.error()));
    }
    order.emplace(states[i].feed.bar().start, i);
  }
  while (!order.empty()) {
    const uint32_t number = order.top().second;
    order.pop();
    SymbolState& state = states[number];
    if (auto taken = TakeBar(state, number, data); !taken) {
      return std::unexpected(std::move(taken.error()));
    }
    if (state.feed.Advance()) order.emplace(state.feed.bar().start, number);
    if (state.feed.fault()) return std::unexpected(*state.feed.fault());
    if (data.bars % kBarsPerLook == 0 && stop.stop_requested()) return false;
  }
  std::erase_if(data.samples, [](const Sample& sample) { return sample.known_at == kUnknown; });
  return true;
}

base::Result<void> Split(double validation, Dataset& data) {
  const size_t found = data.samples.size();
  const auto at = static_cast<size_t>(static_cast<double>(found) * (1 - validation));
  if (at < found) {
    data.split = data.samples[at].time;
    const auto straddles = [split = data.split](const Sample& sample) {
      return sample.time < split && sample.known_at >= split;
    };
    std::erase_if(data.samples, straddles);
    const auto is_training = [split = data.split](const Sample& sample) {
      return sample.time < split;
    };
    data.training_samples = static_cast<size_t>(
        std::ranges::partition_point(data.samples, is_training) - data.samples.begin());
  }
  if (data.training().size() >= kTrainingSamplesMin &&
      data.validation().size() >= kValidationSamplesMin) {
    return {};
  }
  return base::Fail(fmt::format(
      "too few bars: {} from {} to {} make {} samples for training and {} for validation, and at "
      "least {} and {} are needed (the first {} bars of a symbol make none)",
      data.bars, base::FormatRfc3339(data.first), base::FormatRfc3339(data.last),
      data.training().size(), data.validation().size(), kTrainingSamplesMin, kValidationSamplesMin,
      kFeatureWarmUp));
}

}  // namespace

base::Result<std::optional<Dataset>> ReadDataset(const DatasetSpec& spec,
                                                 std::span<const TrainingSymbol> symbols,
                                                 const std::stop_token& stop) {
  LT_ASSERT(!symbols.empty() && spec.validation > 0 && spec.validation < 1, "{} symbols, {}",
            symbols.size(), spec.validation);
  std::deque<SymbolState> states;
  for (const TrainingSymbol& symbol : symbols) {
    LT_ASSERT(symbol.bars != nullptr, "{}", symbol.name);
    states.emplace_back(symbol, spec.range);
  }
  Dataset data;
  const auto taken = TakeAll(states, stop, data);
  if (!taken) return std::unexpected(taken.error());
  if (!*taken) return std::nullopt;
  BarHash hash;
  for (const SymbolState& state : states) hash.Add(state.feed.hash().value());
  data.hash = hash.value();
  if (auto split = Split(spec.validation, data); !split) {
    return std::unexpected(std::move(split.error()));
  }
  return data;
}

}  // namespace livetape::jobs
