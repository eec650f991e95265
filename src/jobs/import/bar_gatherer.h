#pragma once

// BarGatherer: sorts the rows of an import into batches of bars for a sink. One thread owns it.
//
// Memory is bounded: bars of all symbols together, symbols, and the buckets that are remembered. A
// symbol whose rows come in order gives a batch whenever it has kSinkBarsMax bars; one whose rows do
// not waits until the bounds want room, so that few batches overlap.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "jobs/import/bar_sink.h"
#include "jobs/import/seen_buckets.h"

namespace livetape::jobs {

class BarGatherer {
 public:
  static constexpr size_t kBarsMax = 262'144;  // 80 bytes each
  static constexpr size_t kSymbolsMax = 10'000;

  // `sink` outlives it.
  BarGatherer(BarSink& sink, model::Timeframe timeframe, model::AssetClass asset_class);

  enum class Taken : uint8_t {
    kInOrder,
    kUnsorted,   // there was a later bar of the symbol
    kDuplicate,  // not taken: there was a bar of the bucket
    kTooManySymbols,
  };
  // Takes a bar whose start is a time in its bucket, from 1970 on. The error is the sink's.
  base::Result<Taken> Add(std::string_view symbol, const model::Bar& bar);
  // Gives the sink what is left.
  base::Result<void> Finish();

  size_t symbols() const { return series_.size(); }
  // Of the bars taken; there is at least one.
  base::WallTime first() const { return first_; }
  base::WallTime last() const { return last_; }

 private:
  struct Series {
    std::string symbol;
    std::vector<model::Bar> bars;
    bool sorted = true;  // `bars` are in order
    int64_t newest = -1;
    SeenBuckets seen;
  };

  Series* Find(std::string_view symbol);
  base::Result<void> Give(Series& series);
  base::Result<void> GiveAll();
  base::Result<void> Pass(const std::string& symbol, std::vector<model::Bar> bars);

  BarSink& sink_;
  const model::Timeframe timeframe_;
  const model::AssetClass asset_class_;
  const int64_t bucket_ns_;
  std::vector<std::unique_ptr<Series>> series_;
  std::unordered_map<std::string_view, Series*> by_symbol_;  // the keys are their symbols
  Series* current_ = nullptr;                                // of the row before
  size_t bars_ = 0;                                          // of all series
  size_t chunks_left_ = SeenBuckets::kChunksMax;
  base::WallTime first_ = base::WallTime::max(), last_ = base::WallTime::min();
};

}  // namespace livetape::jobs
