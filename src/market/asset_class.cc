#include "market/asset_class.h"

#include <algorithm>
#include <array>

namespace livetape::market {
namespace {

// Coins whose names could be taken for shares: the larger ones by market value.
constexpr std::array<std::string_view, 36> kCoins = {
    "AAVE", "ADA",  "ALGO", "APT", "ARB",   "ATOM", "AVAX", "BAT",  "BCH",  "BNB", "BTC", "CRV",
    "DAI",  "DOGE", "DOT",  "ETC", "ETH",   "FIL",  "GRT",  "ICP",  "LINK", "LTC", "MKR", "NEAR",
    "PEPE", "SHIB", "SOL",  "SUI", "SUSHI", "TRX",  "UNI",  "USDC", "USDT", "XLM", "XRP", "XTZ"};

}  // namespace

model::AssetClass DefaultAssetClass(std::string_view symbol) {
  const bool letters =
      std::all_of(symbol.begin(), symbol.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool coin = std::find(kCoins.begin(), kCoins.end(), symbol) != kCoins.end();
  return !symbol.empty() && symbol.size() <= 5 && letters && !coin ? model::AssetClass::kUsEquity
                                                                   : model::AssetClass::kCrypto;
}

}  // namespace livetape::market
