#include "app/paper/demo_strategy.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::app {
namespace {

constexpr std::chrono::minutes kMinute{1};
// Of the cash is left for the spread, slippage and fees of a purchase: 1/20.
constexpr int kMarginDivisor = 20;
constexpr int64_t kShareUnits = base::kDecimalScale;
constexpr int64_t kCoinUnits = base::kDecimalScale / 10'000;
constexpr int64_t kQuantityUnitsMax = 9'000'000'000 * base::kDecimalScale;

int64_t LotUnits(model::AssetClass asset_class) {
  return asset_class == model::AssetClass::kUsEquity ? kShareUnits : kCoinUnits;
}

auto SecondOf(base::WallTime time) { return std::chrono::floor<std::chrono::seconds>(time); }

}  // namespace

DemoStrategy::DemoStrategy(const DemoOptions& options) : options_(options) {
  LT_ASSERT(options.fast >= 1 && options.fast < options.slow, "fast {}, slow {}", options.fast,
            options.slow);
  LT_ASSERT(options.share_bps >= 1 && options.share_bps <= 10'000, "share {}", options.share_bps);
}

size_t DemoStrategy::AddSymbol(model::AssetClass asset_class) {
  symbols_.push_back({.asset_class = asset_class, .priced = std::nullopt, .ordered = std::nullopt});
  return symbols_.size() - 1;
}

bool DemoStrategy::Due(base::WallTime time, size_t symbol) const {
  LT_ASSERT(symbol < symbols_.size(), "symbol {}", symbol);
  const auto& priced = symbols_[symbol].priced;
  return !priced || SecondOf(time) > SecondOf(*priced);
}

std::optional<DemoIntent> DemoStrategy::OnPrice(base::WallTime time, size_t index,
                                                base::Price price, const DemoStanding& standing) {
  LT_ASSERT(price.positive(), "price {}", price.units());
  if (!Due(time, index)) return std::nullopt;
  Symbol& symbol = symbols_[index];
  if (symbol.priced && time - *symbol.priced > kMinute) {
    symbol.prices = 0;
    symbol.side = 0;
    symbol.wish = Wish::kNone;
  }
  symbol.priced = time;
  Average(symbol, price.Approximate());

  if (standing.open_order || !MayOrder(time, symbol)) return std::nullopt;
  DemoIntent intent;
  if (symbol.wish == Wish::kLong && standing.position.zero()) {
    intent = {model::Side::kBuy, Affordable(symbol.asset_class, price, standing)};
  } else if (symbol.wish == Wish::kFlat) {
    intent = {model::Side::kSell, standing.position};
  }
  if (!intent.quantity.positive()) return std::nullopt;
  symbol.ordered = time;
  ordered_.push_back(time);
  return intent;
}

// The averages of n prices with weights that fall by (n - 1) / (n + 1) a price; n is their length.
void DemoStrategy::Average(Symbol& symbol, double price) {
  if (symbol.prices == 0) {
    symbol.fast = symbol.slow = price;
  } else {
    symbol.fast += (price - symbol.fast) * 2 / (options_.fast + 1);
    symbol.slow += (price - symbol.slow) * 2 / (options_.slow + 1);
  }
  const int side = (symbol.fast > symbol.slow) - (symbol.fast < symbol.slow);
  const bool crossed = side != 0 && side != symbol.side;
  if (side != 0) symbol.side = side;
  if (symbol.prices < options_.slow) {
    ++symbol.prices;
  } else if (crossed) {
    symbol.wish = side > 0 ? Wish::kLong : Wish::kFlat;
  }
}

bool DemoStrategy::MayOrder(base::WallTime time, const Symbol& symbol) {
  if (symbol.ordered && time - *symbol.ordered < options_.cool_down) return false;
  while (!ordered_.empty() && time - ordered_.front() >= kMinute) ordered_.pop_front();
  return ordered_.size() < options_.orders_per_minute;
}

base::Quantity DemoStrategy::Affordable(model::AssetClass asset_class, base::Price price,
                                        const DemoStanding& standing) const {
  const base::Int128 share = standing.equity.units() / 10'000 * options_.share_bps;
  const base::Int128 cash = standing.cash.units() / kMarginDivisor * (kMarginDivisor - 1);
  const base::Int128 budget = std::min(share, cash);
  if (budget <= 0) return {};
  // 10^-18 of money over 10^-9 of money are 10^-9 of a share.
  const base::Int128 units = std::min(budget / price.units(), base::Int128{kQuantityUnitsMax});
  return base::Quantity::FromUnits(static_cast<int64_t>(units - units % LotUnits(asset_class)));
}

}  // namespace livetape::app
