#include "market/symbol_spec.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "market/asset_class.h"

namespace livetape::market {
namespace {

using model::AssetClass;

struct Known {
  std::string_view symbol;
  AssetClass asset_class;
  int64_t price_cents;
  double annual_volatility, spread_bps;
};

constexpr std::array kKnown = {
    Known{"AAPL", AssetClass::kUsEquity, 187'34, 0.28, 1.0},
    Known{"TSLA", AssetClass::kUsEquity, 248'50, 0.55, 1.5},
    Known{"GOOGL", AssetClass::kUsEquity, 141'80, 0.30, 1.0},
    Known{"BTC", AssetClass::kCrypto, 64'250'00, 0.55, 0.5},
    Known{"ETH", AssetClass::kCrypto, 3'180'00, 0.70, 0.8},
};

constexpr int64_t kCentUnits = base::kDecimalScale / 100;
constexpr uint64_t kSpecStream = 0;

// FNV-1a: the same number on every machine, which std::hash does not promise.
uint64_t HashOf(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// Uniform on a logarithmic scale: as many names between 10 and 20 as between 100 and 200.
double LogUniform(base::Random& random, double low, double high) {
  return low * std::exp(random.Unit() * std::log(high / low));
}

}  // namespace

base::Random SymbolRandom(uint64_t seed, std::string_view symbol, uint64_t stream) {
  base::Random mix(seed);
  return base::Random(mix.Next() ^ HashOf(symbol) ^ (stream * 0x9e3779b97f4a7c15));
}

int64_t TickUnits(const SymbolSpec& spec) {
  int64_t units = base::kDecimalScale;
  for (int i = 0; i < spec.price_decimals; ++i) units /= 10;
  return units;
}

SymbolSpec DefaultSpec(std::string_view symbol, uint64_t seed,
                       std::optional<AssetClass> asset_class) {
  SymbolSpec spec;
  spec.symbol = symbol;
  spec.asset_class = asset_class.value_or(DefaultAssetClass(symbol));
  for (const Known& known : kKnown) {
    if (known.symbol != symbol) continue;
    spec.start_price = base::Price::FromUnits(known.price_cents * kCentUnits);
    spec.annual_volatility = known.annual_volatility;
    spec.spread_bps = known.spread_bps;
    return spec;
  }
  base::Random random = SymbolRandom(seed, symbol, kSpecStream);
  const bool equity = spec.asset_class == AssetClass::kUsEquity;
  const double price = equity ? LogUniform(random, 12, 480) : LogUniform(random, 0.2, 900);
  spec.price_decimals = equity || price >= 50 ? 2 : 4;
  const int64_t tick = TickUnits(spec);
  spec.start_price =
      base::Price::FromUnits(std::llround(price * 1e9 / static_cast<double>(tick)) * tick);
  spec.annual_volatility = equity ? 0.18 + 0.37 * random.Unit() : 0.55 + 0.45 * random.Unit();
  spec.spread_bps = equity ? 1 + 3 * random.Unit() : 2 + 6 * random.Unit();
  return spec;
}

base::Result<void> Check(const SymbolSpec& spec) {
  const auto fail = [&](std::string_view what) {
    return base::Fail(fmt::format("symbol '{}': {}", spec.symbol, what));
  };
  if (spec.symbol.empty() || spec.symbol.size() > 100) {
    return fail("the name must have 1 to 100 characters");
  }
  if (spec.price_decimals < 0 || spec.price_decimals > 9) {
    return fail(fmt::format("price_decimals must be 0 to 9, got {}", spec.price_decimals));
  }
  // Written so that a NaN fails too.
  if (!(spec.annual_volatility >= 0 && spec.annual_volatility <= 10)) {
    return fail(fmt::format("volatility must be 0 to 10 a year, got {}", spec.annual_volatility));
  }
  if (!(spec.spread_bps >= 0 && spec.spread_bps <= 1000)) {
    return fail(fmt::format("spread must be 0 to 1000 bps, got {}", spec.spread_bps));
  }
  const int64_t tick = TickUnits(spec);
  const int64_t price = spec.start_price.units();
  if (price < 10 * tick || price > 100'000'000 * base::kDecimalScale || price % tick != 0) {
    return fail(
        fmt::format("the start price must be a whole number of ticks, at least ten and at "
                    "most 100000000, got {}",
                    spec.start_price.ToString()));
  }
  return {};
}

}  // namespace livetape::market
