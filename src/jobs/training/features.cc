#include "jobs/training/features.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace livetape::jobs {
namespace {

constexpr size_t kVolumeLength = 20;

}  // namespace

void FeatureWindow::Add(const model::Bar& bar) {
  const double close = bar.close.Approximate();
  closes_[bars_ % kKept] = close;
  volumes_[bars_ % kKept] = std::max(0.0, bar.volume.Approximate());
  rsi_.Add(close);
  ++bars_;
}

double FeatureWindow::SmaDistance(size_t length) const {
  double sum = 0;
  for (size_t ago = 0; ago < length; ++ago) sum += Close(ago);
  return Close(0) / (sum / static_cast<double>(length)) - 1;
}

double FeatureWindow::Volatility(size_t length) const {
  double sum = 0;
  for (size_t ago = 0; ago < length; ++ago) sum += Return(ago, 1);
  const double mean = sum / static_cast<double>(length);
  double squares = 0;
  for (size_t ago = 0; ago < length; ++ago) {
    const double distance = Return(ago, 1) - mean;
    squares += distance * distance;
  }
  return std::sqrt(squares / static_cast<double>(length - 1));
}

double FeatureWindow::VolumeRatio() const {
  double sum = 0;
  for (size_t ago = 0; ago < kVolumeLength; ++ago) sum += Volume(ago);
  return std::log((1 + Volume(0)) / (1 + sum / static_cast<double>(kVolumeLength)));
}

FeatureRow FeatureWindow::Row() const {
  LT_ASSERT(full(), "{} bars", bars_);
  const std::array<double, kFeatures> values = {
      Return(0, 1),
      Return(0, 5),
      Return(0, 10),
      Return(0, 20),
      SmaDistance(10),
      SmaDistance(20),
      SmaDistance(50),
      rsi_.value() / 100,
      Volatility(10),
      Volatility(20),
      std::log((1 + Volume(0)) / (1 + Volume(1))),
      VolumeRatio(),
  };
  FeatureRow row;
  for (size_t i = 0; i < kFeatures; ++i) {
    LT_ASSERT(std::isfinite(values[i]), "{} is {}", kFeatureNames[i], values[i]);
    row[i] = static_cast<float>(values[i]);
  }
  return row;
}

}  // namespace livetape::jobs
