#include "jobs/backtest/simple_strategies.h"

namespace livetape::jobs {
namespace {

// What is the same but for rounding is the same: of a price, or of the 100 of an index.
constexpr double kRounding = 1e-12;

}  // namespace

void BuyAndHold::OnBars(std::span<const SymbolBar> bars, const Holdings& /*holdings*/,
                        std::vector<Intent>& intents) {
  if (bought_) return;
  bought_ = true;
  intents.emplace_back(Target{bars.front().symbol, Stance::kLong});
}

void EmaCross::OnBars(std::span<const SymbolBar> bars, const Holdings& /*holdings*/,
                      std::vector<Intent>& intents) {
  // In whole units the means of equal closes are equal, whatever their lengths.
  const auto close = static_cast<double>(bars.front().bar->close.units());
  fast_.Add(close);
  slow_.Add(close);
  if (!slow_.full()) return;
  const int side = static_cast<int>(fast_.value() > slow_.value()) -
                   static_cast<int>(fast_.value() < slow_.value());
  if (side * side_ < 0) {
    intents.emplace_back(Target{bars.front().symbol, side > 0 ? Stance::kLong : below_});
  }
  side_ = side;
}

void RsiReversal::OnBars(std::span<const SymbolBar> bars, const Holdings& /*holdings*/,
                         std::vector<Intent>& intents) {
  rsi_.Add(bars.front().bar->close.Approximate());
  if (!rsi_.full()) return;
  Stance wish = wanted_;
  constexpr double kSame = 100 * kRounding;
  if (rsi_.value() < lower_ - kSame) wish = Stance::kLong;
  if (rsi_.value() > upper_ + kSame) wish = above_;
  if (wish == wanted_) return;
  wanted_ = wish;
  intents.emplace_back(Target{bars.front().symbol, wish});
}

Stance BollingerReversal::Wish(double close) const {
  const double mean = closes_.mean();
  const double reach = deviations_ * closes_.deviation();
  const double same = close * kRounding;
  if (close < mean - reach - same) return Stance::kLong;
  if (close > mean + reach + same && goes_short_) return Stance::kShort;
  // Between the bands what is held stays until the mean has been reached.
  if (wanted_ == Stance::kLong && close >= mean - same) return Stance::kFlat;
  if (wanted_ == Stance::kShort && close <= mean + same) return Stance::kFlat;
  return wanted_;
}

void BollingerReversal::OnBars(std::span<const SymbolBar> bars, const Holdings& /*holdings*/,
                               std::vector<Intent>& intents) {
  const double close = bars.front().bar->close.Approximate();
  closes_.Add(close);
  if (!closes_.full()) return;
  const Stance wish = Wish(close);
  if (wish == wanted_) return;
  wanted_ = wish;
  intents.emplace_back(Target{bars.front().symbol, wish});
}

}  // namespace livetape::jobs
