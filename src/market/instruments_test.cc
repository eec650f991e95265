#include "market/instruments.h"

#include <gtest/gtest.h>

namespace livetape::market {
namespace {

TEST(Instruments, CryptoAnswersToEverySpelling) {
  Instruments instruments;
  instruments.Add({"AAPL", model::AssetClass::kUsEquity});
  instruments.Add({"BTC", model::AssetClass::kCrypto});
  instruments.Add({"ETH/USD", model::AssetClass::kCrypto});
  instruments.Add({"BTCUSDT", model::AssetClass::kCrypto});
  for (const char* spelling : {"BTC", "BTC/USD", "BTCUSD"}) {
    ASSERT_TRUE(instruments.Find(spelling)) << spelling;
    EXPECT_EQ(instruments.Find(spelling)->instrument.symbol, "BTC");
  }
  EXPECT_EQ(instruments.Find("ETHUSD")->id.value(), 2u);
  EXPECT_EQ(instruments.Find("BTCUSDT")->id.value(), 3u);
  EXPECT_FALSE(instruments.Find("AAPLUSD"));
  EXPECT_FALSE(instruments.Find("USD"));
  EXPECT_FALSE(instruments.Find(""));
}

TEST(Instruments, AStockIsNoSpellingOfACoin) {
  Instruments instruments;
  instruments.Add({"ABC", model::AssetClass::kCrypto});
  const model::Instrument coin{"ABCUSD", model::AssetClass::kCrypto};
  const model::Instrument stock{"ABCUSD", model::AssetClass::kUsEquity};
  ASSERT_TRUE(instruments.Find(coin));
  EXPECT_EQ(instruments.Find(coin)->instrument.symbol, "ABC");
  EXPECT_FALSE(instruments.Find(stock));
  instruments.Add(stock);
  EXPECT_EQ(instruments.Find(stock)->id.value(), 1U);
  EXPECT_EQ(instruments.Find({"ABC", model::AssetClass::kUsEquity})->id.value(), 0U)
      << "of a symbol there is one";
}

}  // namespace
}  // namespace livetape::market
