#include "market/instrument_table.h"

#include <gtest/gtest.h>

namespace livetape::market {
namespace {

TEST(InstrumentTable, ListsEachSymbolOnceInOrder) {
  InstrumentTable table(std::nullopt);
  std::vector<model::MarketEvent> events;
  EXPECT_EQ(table.Find("AAPL", {}, events)->value(), 0U);
  EXPECT_EQ(table.Find("BTC", {}, events)->value(), 1U);
  EXPECT_EQ(table.Find("AAPL", {}, events)->value(), 0U);
  ASSERT_EQ(events.size(), 2U);
  const auto& listed = std::get<model::InstrumentListed>(events[1].what).instrument;
  EXPECT_EQ(listed.symbol, "BTC");
  EXPECT_EQ(listed.asset_class, model::AssetClass::kCrypto);
}

TEST(InstrumentTable, AGivenClassHoldsForAll) {
  InstrumentTable table(model::AssetClass::kUsEquity);
  std::vector<model::MarketEvent> events;
  EXPECT_TRUE(table.Find("BTC", {}, events));
  EXPECT_EQ(std::get<model::InstrumentListed>(events[0].what).instrument.asset_class,
            model::AssetClass::kUsEquity);
}

TEST(InstrumentTable, RefusesTooManySymbols) {
  InstrumentTable table(std::nullopt);
  std::vector<model::MarketEvent> events;
  for (size_t i = 0; i < kFeedSymbolsMax; ++i) {
    ASSERT_TRUE(table.Find("S" + std::to_string(i), {}, events));
  }
  EXPECT_FALSE(table.Find("ONEMORE", {}, events));
  EXPECT_TRUE(table.Find("S7", {}, events));
  EXPECT_EQ(events.size(), kFeedSymbolsMax);
}

TEST(InstrumentTable, SymbolsArePrintableAndShort) {
  EXPECT_TRUE(IsSymbol("BTC/USD"));
  EXPECT_FALSE(IsSymbol(""));
  EXPECT_FALSE(IsSymbol("A B"));
  EXPECT_FALSE(IsSymbol("A\xff"));
  EXPECT_FALSE(IsSymbol(std::string(33, 'A')));
}

}  // namespace
}  // namespace livetape::market
