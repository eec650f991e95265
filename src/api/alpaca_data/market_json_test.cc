#include "api/alpaca_data/market_json.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::api {
namespace {

base::Price Price(std::string_view text) { return *base::Price::Parse(text); }
base::Quantity Size(std::string_view text) { return *base::Quantity::Parse(text); }

model::Bar SomeBar(std::string_view high, std::string_view low, std::string_view close) {
  model::Bar bar;
  bar.start = *base::ParseRfc3339("2026-11-20T15:04:00Z");
  bar.open = Price(low);
  bar.high = Price(high);
  bar.low = Price(low);
  bar.close = Price(close);
  bar.volume = base::Amount::From(Size("12.5"));
  bar.trades = 3;
  return bar;
}

model::Quote SomeQuote() {
  model::Quote quote;
  quote.price = Price("187.34");
  quote.bid = Price("187.33");
  quote.ask = Price("187.35");
  quote.bid_size = Size("100");
  quote.time = *base::ParseRfc3339("2026-11-20T15:04:05.5Z");
  quote.price_time = *base::ParseRfc3339("1970-01-01T00:00:02.000003999Z");
  return quote;
}

std::string Bar(const model::Bar& bar) {
  std::string out;
  AppendAlpacaBar(out, bar);
  return out;
}

TEST(MarketJson, BarsAreNumbersUnderShortNames) {
  EXPECT_EQ(
      Bar(SomeBar("12", "10", "11")),
      R"({"t":"2026-11-20T15:04:00.000000Z","o":10,"h":12,"l":10,"c":11,"v":12.5,"n":3,"vw":11})");
}

TEST(MarketJson, TheAverageOfABarIsItsTypicalPriceRounded) {
  const auto vw = [](const model::Bar& bar) { return Bar(bar).substr(Bar(bar).find("\"vw\":")); };
  EXPECT_EQ(vw(SomeBar("11", "10", "10")), R"("vw":10.333333333})");
  EXPECT_EQ(vw(SomeBar("11", "10", "11")), R"("vw":10.666666667})");
  EXPECT_EQ(vw(SomeBar("0.000000002", "0.000000001", "0.000000001")), R"("vw":0.000000001})");
  EXPECT_EQ(vw(SomeBar("9223372036.854775807", "9223372036.854775807", "9223372036.854775807")),
            R"("vw":9223372036.854775807})");
}

TEST(MarketJson, QuotesOfStocksHaveVenuesAndThoseOfCryptoHaveNot) {
  std::string stock, crypto;
  AppendAlpacaQuote(stock, SomeQuote(), MarketFamily::kStocks);
  AppendAlpacaQuote(crypto, SomeQuote(), MarketFamily::kCrypto);
  EXPECT_EQ(stock, R"({"t":"2026-11-20T15:04:05.500000Z","bp":187.33,"bs":100,"ap":187.35,"as":0,)"
                   R"("bx":"","ax":"","c":[],"z":""})");
  EXPECT_EQ(crypto,
            R"({"t":"2026-11-20T15:04:05.500000Z","bp":187.33,"bs":100,"ap":187.35,"as":0})");
}

TEST(MarketJson, TheLastPriceIsATradeWhoseIdIsItsTime) {
  std::string stock, crypto;
  AppendAlpacaTrade(stock, SomeQuote(), MarketFamily::kStocks);
  AppendAlpacaTrade(crypto, SomeQuote(), MarketFamily::kCrypto);
  EXPECT_EQ(stock, R"({"t":"1970-01-01T00:00:02.000003Z","p":187.34,"s":0,"i":2000003,)"
                   R"("x":"","c":[],"z":""})");
  EXPECT_EQ(crypto, R"({"t":"1970-01-01T00:00:02.000003Z","p":187.34,"s":0,"i":2000003,"tks":""})");
}

TEST(MarketJson, WhatASnapshotLacksIsNull) {
  std::string out;
  AppendSnapshotFields(out, {}, MarketFamily::kStocks);
  EXPECT_EQ(out, R"("latestTrade":null,"latestQuote":null,"minuteBar":null,"dailyBar":null,)"
                 R"("prevDailyBar":null)");
}

}  // namespace
}  // namespace livetape::api
