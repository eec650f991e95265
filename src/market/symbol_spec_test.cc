#include "market/symbol_spec.h"

#include <gtest/gtest.h>

#include <limits>

namespace livetape::market {
namespace {

TEST(SymbolSpec, KnownSymbolsHaveFixedPlausiblePrices) {
  EXPECT_EQ(DefaultSpec("AAPL", 1).start_price.ToString(), "187.34");
  EXPECT_EQ(DefaultSpec("BTC", 99).start_price.ToString(), "64250");
  EXPECT_EQ(DefaultSpec("BTC", 1).asset_class, model::AssetClass::kCrypto);
}

TEST(SymbolSpec, OtherNamesAreDrawnFromSeedAndName) {
  const SymbolSpec a = DefaultSpec("ACME", 7);
  EXPECT_EQ(a.start_price, DefaultSpec("ACME", 7).start_price);
  EXPECT_NE(a.start_price, DefaultSpec("ACME", 8).start_price);
  EXPECT_NE(a.start_price, DefaultSpec("ACMF", 7).start_price);
}

TEST(SymbolSpec, AGivenClassWins) {
  EXPECT_EQ(DefaultSpec("ACME", 7, model::AssetClass::kCrypto).asset_class,
            model::AssetClass::kCrypto);
}

TEST(SymbolSpec, EveryDrawnSpecPassesItsCheck) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    for (const char* symbol : {"AAPL", "ETH", "ACME", "room-7", "XYZ/USD"}) {
      const auto checked = Check(DefaultSpec(symbol, seed));
      EXPECT_TRUE(checked) << checked.error().message;
    }
  }
}

TEST(SymbolSpec, CheckNamesSymbolAndAllowedRange) {
  SymbolSpec spec = DefaultSpec("AAPL", 1);
  spec.annual_volatility = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Check(spec).error().message,
            "symbol 'AAPL': volatility must be 0 to 10 a year, got nan");
  spec = DefaultSpec("AAPL", 1);
  spec.start_price = base::Price::FromUnits(base::kDecimalScale / 1000);
  EXPECT_FALSE(Check(spec));
  spec.start_price = base::Price();
  EXPECT_FALSE(Check(spec));
}

}  // namespace
}  // namespace livetape::market
