#include "market/asset_class.h"

#include <gtest/gtest.h>

namespace livetape::market {
namespace {

using model::AssetClass;

TEST(AssetClass, OneToFiveCapitalLettersAreAShare) {
  EXPECT_EQ(DefaultAssetClass("F"), AssetClass::kUsEquity);
  EXPECT_EQ(DefaultAssetClass("GOOGL"), AssetClass::kUsEquity);
}

TEST(AssetClass, KnownCoinsAndAllOtherNamesAreCrypto) {
  for (const char* symbol : {"BTC", "ETH", "SUSHI", "BTCUSDT", "BTC/USD", "aapl", "A1", ""}) {
    EXPECT_EQ(DefaultAssetClass(symbol), AssetClass::kCrypto) << symbol;
  }
}

}  // namespace
}  // namespace livetape::market
