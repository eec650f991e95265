#include "jobs/training/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/assert.h"
#include "base/time_text.h"

namespace livetape::jobs {
namespace {

constexpr uint64_t kBarsPerLook = 4096;  // between two looks at whether to stop

// Adds the samples of one symbol. False: it was stopped.
base::Result<bool> AddSamples(const TrainingSymbol& symbol, uint32_t number, const TimeRange& range,
                              const std::stop_token& stop, Dataset& to, BarHash& hash) {
  LT_ASSERT(symbol.bars != nullptr, "{}", symbol.name);
  BarFeed feed(symbol.name, *symbol.bars, range);
  if (auto started = feed.Start(); !started) return std::unexpected(std::move(started.error()));
  if (to.bars == 0) to.first = to.last = feed.bar().start;
  to.first = std::min(to.first, feed.bar().start);

  FeatureWindow window;
  model::Bar before;
  uint64_t bars = 0;
  do {
    const model::Bar& bar = feed.bar();
    if (window.full()) {
      if (to.samples.size() == kSamplesMax) {
        return base::Fail(fmt::format(
            "more than {} samples: choose a shorter range, a longer timeframe or fewer symbols",
            kSamplesMax));
      }
      to.samples.push_back(
          {before.start, bar.start, number, ClosesHigher(bar, before), window.Row()});
    }
    window.Add(bar);
    before = bar;
    if (++bars % kBarsPerLook == 0 && stop.stop_requested()) return false;
  } while (feed.Advance());
  if (feed.fault()) return std::unexpected(*feed.fault());
  to.bars += bars;
  hash.Add(feed.hash().value());
  to.last = std::max(to.last, before.start);
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
  Dataset data;
  BarHash hash;
  for (size_t i = 0; i < symbols.size(); ++i) {
    const TrainingSymbol& symbol = symbols[i];
    const auto added = AddSamples(symbol, static_cast<uint32_t>(i), spec.range, stop, data, hash);
    if (!added) return std::unexpected(added.error());
    if (!*added) return std::nullopt;
  }
  data.hash = hash.value();
  const auto order = [](const Sample& sample) { return std::tuple(sample.time, sample.symbol); };
  if (symbols.size() > 1) std::ranges::sort(data.samples, {}, order);
  if (auto split = Split(spec.validation, data); !split) {
    return std::unexpected(std::move(split.error()));
  }
  return data;
}

}  // namespace livetape::jobs
