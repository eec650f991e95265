#pragma once

// Dataset: what a model learns from and what it is judged by, out of the bars of some symbols. The
// thread of the training.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/backtest/bar_feed.h"
#include "jobs/bar_reader.h"
#include "jobs/training/features.h"

namespace livetape::jobs {

struct TrainingSymbol {
  std::string name;
  BarReader* bars = nullptr;
};

// The features at the close of a bar, and whether the next one closed higher.
struct Sample {
  base::WallTime time;      // of that bar
  base::WallTime known_at;  // of the next one
  uint32_t symbol = 0;      // which of the symbols
  bool up = false;
  FeatureRow features{};
};

struct DatasetSpec {
  TimeRange range;
  double validation = 0.2;  // share of the samples, within 0 and 1
};

inline constexpr size_t kSamplesMax = 2'000'000;
inline constexpr size_t kTrainingSamplesMin = 50;
inline constexpr size_t kValidationSamplesMin = 10;

// Invariants:
//  1. Samples are in the order of time, then of symbols.
//  2. Every sample for training, and what it foretells, is known before `split`; every one for
//     validation is of `split` or later.
struct Dataset {
  std::span<const Sample> training() const { return std::span(samples).first(training_samples); }
  std::span<const Sample> validation() const {
    return std::span(samples).subspan(training_samples);
  }

  std::vector<Sample> samples;
  size_t training_samples = 0;
  base::WallTime split;
  base::WallTime first, last;  // starts of the bars that were read, both in it
  uint64_t bars = 0;
  uint64_t hash = 0;  // of the bars, as in a backtest's result (jobs/backtest/bar_hash.h)
};

// Split in time at the first moment behind 1 - `validation` of the samples: never shuffled, one
// moment for all symbols. A symbol's last bar before `split` is in neither part, as what it foretells
// is seen in the second. Nothing: it was stopped. The error says what is missing or too much.
base::Result<std::optional<Dataset>> ReadDataset(const DatasetSpec& spec,
                                                 std::span<const TrainingSymbol> symbols,
                                                 const std::stop_token& stop = {});

}  // namespace livetape::jobs
