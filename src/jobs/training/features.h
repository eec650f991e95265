#pragma once

// FeatureWindow: what a model sees of a symbol at the close of a bar, out of that bar and the ones
// before it. One thread owns it. Training and backtests use the same class, bar by bar, so that
// both see the same numbers to the last bit; nothing in it has seen a later bar.
//
// With C the close, V the volume, t the newest bar and r(t) = C(t) / C(t-1) - 1:
//   return_n       C(t) / C(t-n) - 1                                            n = 1, 5, 10, 20
//   sma_distance_n C(t) / mean(C(t-n+1) .. C(t)) - 1                            n = 10, 20, 50
//   rsi_14         Wilder's relative strength index of closes, 0 to 1 (50 / 100 when nothing moved)
//   volatility_n   sample standard deviation (ddof 1) of r(t-n+1) .. r(t)       n = 10, 20
//   volume_change  ln((1 + V(t)) / (1 + V(t-1)))
//   volume_ratio   ln((1 + V(t)) / (1 + mean(V(t-19) .. V(t))))
// All but rsi_14 depend on the newest kFeatureWarmUp bars only; rsi_14 remembers all since the first.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "jobs/backtest/indicators.h"
#include "model/bar.h"

namespace livetape::jobs {

inline constexpr std::array<std::string_view, 12> kFeatureNames = {
    "return_1",        "return_5",        "return_10",       "return_20",
    "sma_distance_10", "sma_distance_20", "sma_distance_50", "rsi_14",
    "volatility_10",   "volatility_20",   "volume_change",   "volume_ratio"};
inline constexpr size_t kFeatures = kFeatureNames.size();
// Raised with every change of a formula or of the list: a model is of no use with other features.
inline constexpr uint32_t kFeatureVersion = 1;
// Bars of a symbol until its features are known.
inline constexpr size_t kFeatureWarmUp = 50;

// In the order of kFeatureNames, each finite.
using FeatureRow = std::array<float, kFeatures>;

class FeatureWindow {
 public:
  // A later bar of the symbol; its prices are positive. A volume below 0 counts as 0.
  void Add(const model::Bar& bar);
  // There have been kFeatureWarmUp bars.
  bool full() const { return bars_ >= kFeatureWarmUp; }
  // At the close of the newest bar; full.
  FeatureRow Row() const;

 private:
  // A power of two, and one bar more than the longest feature looks back.
  static constexpr size_t kKept = 64;
  static_assert(kKept > kFeatureWarmUp);

  double Close(size_t ago) const { return closes_[(bars_ - 1 - ago) % kKept]; }
  double Volume(size_t ago) const { return volumes_[(bars_ - 1 - ago) % kKept]; }
  double Return(size_t ago, size_t length) const { return Close(ago) / Close(ago + length) - 1; }
  double SmaDistance(size_t length) const;
  double Volatility(size_t length) const;
  double VolumeRatio() const;

  std::array<double, kKept> closes_{}, volumes_{};
  uint64_t bars_ = 0;
  Rsi rsi_{14};
};

// What is to be foretold at the close of a bar: does the next one close higher?
inline bool ClosesHigher(base::Price next, base::Price close) { return next > close; }

}  // namespace livetape::jobs
