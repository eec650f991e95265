#include "market/synthetic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "base/time_text.h"

namespace livetape::market {
namespace {

using model::MarketEvent;
using model::QuoteUpdate;
using model::TradeTick;

const base::WallTime kStart = *base::ParseRfc3339("2026-11-20T15:00:00Z");

class SyntheticTest : public testing::Test {
 protected:
  static SyntheticOptions Options(std::vector<std::string> symbols, uint64_t seed = 42) {
    SyntheticOptions options;
    for (const std::string& symbol : symbols) options.symbols.push_back(DefaultSpec(symbol, seed));
    options.seed = seed;
    options.rate = 10;
    options.start = kStart;
    return options;
  }
  void Open(SyntheticOptions options) { source_ = *SyntheticSource::Open(std::move(options)); }
  MarketEvent Next() {
    MarketEvent event;
    EXPECT_TRUE(source_->Next(event).value());
    return event;
  }
  // Live events after the listing and the history, as text "symbol bid/ask" and "symbol price".
  std::map<uint32_t, std::string> TapeBySymbol(int events) {
    std::map<uint32_t, std::string> tape;
    while (events > 0) {
      const MarketEvent event = Next();
      if (const auto* quote = std::get_if<QuoteUpdate>(&event.what)) {
        tape[quote->instrument.value()] +=
            quote->bid.ToString() + "/" + quote->ask.ToString() + " ";
        --events;
      } else if (const auto* trade = std::get_if<TradeTick>(&event.what)) {
        tape[trade->instrument.value()] +=
            trade->size.ToString() + "@" + trade->price.ToString() + " ";
        --events;
      }
    }
    return tape;
  }
  std::unique_ptr<SyntheticSource> source_;
};

TEST_F(SyntheticTest, ListsThenTellsItsHistoryThenLives) {
  Open(Options({"AAPL", "BTC"}));
  for (const char* symbol : {"AAPL", "BTC"}) {
    const MarketEvent event = Next();
    EXPECT_EQ(std::get<model::InstrumentListed>(event.what).instrument.symbol, symbol);
    EXPECT_EQ(event.time, kStart);
  }
  for (uint32_t id = 0; id < 2; ++id) {
    const auto daily = std::get<model::BarHistory>(Next().what);
    EXPECT_EQ(daily.instrument.value(), id);
    EXPECT_EQ(daily.timeframe, model::Timeframe::k1d);
    EXPECT_EQ(daily.bars.size(), 400U);
    const auto minutes = std::get<model::BarHistory>(Next().what);
    EXPECT_EQ(minutes.instrument.value(), id);
    EXPECT_EQ(minutes.timeframe, model::Timeframe::k1m);
    EXPECT_EQ(minutes.bars.size(), 7200U);
    EXPECT_EQ(minutes.bars.back().close, daily.bars.back().close);
  }
  const auto quote = std::get<QuoteUpdate>(Next().what);
  EXPECT_LE(quote.bid.ToString(), "187.34");
  EXPECT_GT(quote.ask, quote.bid);
}

TEST_F(SyntheticTest, EveryUpdateIsAQuoteAndThenATradeAtItsBidOrAsk) {
  Open(Options({"AAPL", "BTC", "ACME"}));
  for (int i = 0; i < 3 + 6; ++i) Next();
  bool bids = false, asks = false;
  for (uint32_t update = 0; update < 3000; ++update) {
    const MarketEvent first = Next();
    const MarketEvent second = Next();
    const auto quote = std::get<QuoteUpdate>(first.what);
    const auto trade = std::get<TradeTick>(second.what);
    EXPECT_EQ(quote.instrument.value(), update % 3);
    EXPECT_EQ(trade.instrument, quote.instrument);
    EXPECT_EQ(first.time, second.time);
    EXPECT_TRUE(quote.bid.positive());
    EXPECT_LT(quote.bid, quote.ask);
    EXPECT_TRUE(quote.bid_size.positive() && quote.ask_size.positive() && trade.size.positive());
    EXPECT_TRUE(trade.price == quote.bid || trade.price == quote.ask);
    (trade.price == quote.bid ? bids : asks) = true;
  }
  EXPECT_TRUE(bids && asks);
}

TEST_F(SyntheticTest, UpdatesAreSpreadEvenlyOverTheSecond) {
  Open(Options({"AAPL", "BTC", "ETH", "ACME"}));  // 10 a second each: one every 25 ms
  for (int i = 0; i < 4 + 8; ++i) Next();
  for (int update = 0; update < 8; ++update) Next();
  for (int update = 4; update < 200; ++update) {
    EXPECT_EQ(Next().time, kStart + update * std::chrono::milliseconds(25));
    Next();
  }
}

TEST_F(SyntheticTest, EachSymbolHasAPriceAtTheStartHoweverSlowTheMarketIs) {
  SyntheticOptions options = Options({"AAPL", "BTC", "ETH", "ACME"});
  options.rate = 0.001;
  Open(std::move(options));
  for (int i = 0; i < 4 + 8; ++i) Next();
  for (uint32_t symbol = 0; symbol < 4; ++symbol) {
    const MarketEvent event = Next();
    EXPECT_EQ(event.time, kStart);
    EXPECT_EQ(std::get<QuoteUpdate>(event.what).instrument.value(), symbol);
    Next();
  }
  EXPECT_EQ(Next().time, kStart + std::chrono::seconds(1000));
}

TEST_F(SyntheticTest, IsReproducible) {
  Open(Options({"AAPL", "BTC"}));
  const auto first = TapeBySymbol(2000);
  Open(Options({"AAPL", "BTC"}));
  EXPECT_EQ(TapeBySymbol(2000), first);
  Open(Options({"AAPL", "BTC"}, 43));
  EXPECT_NE(TapeBySymbol(2000), first);
}

TEST_F(SyntheticTest, AnotherSymbolDoesNotChangeTheOthers) {
  Open(Options({"AAPL", "BTC"}));
  const auto two = TapeBySymbol(2000);
  Open(Options({"AAPL", "BTC", "ACME"}));
  const auto three = TapeBySymbol(3000);
  EXPECT_EQ(three.at(0), two.at(0));
  EXPECT_EQ(three.at(1), two.at(1));
}

TEST_F(SyntheticTest, MovesAsMuchAsItsVolatilitySays) {
  SyntheticOptions options = Options({"BTC"});
  options.symbols[0].annual_volatility = 1;
  options.symbols[0].spread_bps = 0;
  options.rate = 1;
  Open(std::move(options));
  for (int i = 0; i < 3; ++i) Next();
  double squares = 0, last = 0;
  constexpr int kUpdates = 20000;
  for (int i = 0; i < kUpdates; ++i) {
    const double bid = std::get<QuoteUpdate>(Next().what).bid.Approximate();
    Next();
    if (last > 0) squares += std::pow(std::log(bid / last), 2);
    last = bid;
  }
  const double per_second = std::sqrt(squares / kUpdates);
  EXPECT_NEAR(per_second, 1 / std::sqrt(kSecondsPerYear), 0.03 / std::sqrt(kSecondsPerYear));
}

TEST_F(SyntheticTest, ExtremeSpecsStayInsideTheRangeOfPrices) {
  SyntheticOptions options = Options({"DEAR", "TINY"});
  options.symbols[0].start_price = base::Price::FromUnits(100'000'000 * base::kDecimalScale);
  options.symbols[1].price_decimals = 9;
  options.symbols[1].start_price = base::Price::FromUnits(10);
  for (SymbolSpec& spec : options.symbols) {
    spec.annual_volatility = 10;
    spec.spread_bps = 1000;
  }
  options.rate = 0.001;
  Open(std::move(options));
  const auto highest = base::Price::FromUnits(1'000'000'000 * base::kDecimalScale);
  for (int i = 0; i < 200'000; ++i) {
    const MarketEvent event = Next();
    if (const auto* quote = std::get_if<QuoteUpdate>(&event.what)) {
      ASSERT_TRUE(quote->bid.positive());
      ASSERT_LT(quote->bid, quote->ask);
      ASSERT_LT(quote->ask, highest);
    } else if (const auto* history = std::get_if<model::BarHistory>(&event.what)) {
      for (const model::Bar& bar : history->bars) {
        ASSERT_TRUE(bar.low.positive());
        ASSERT_LT(bar.high, highest);
      }
    }
  }
}

TEST_F(SyntheticTest, RefusesImpossibleOptions) {
  const auto error = [](SyntheticOptions options) {
    auto source = SyntheticSource::Open(std::move(options));
    return source ? std::string("accepted") : source.error().message;
  };
  EXPECT_EQ(error(Options({})), "a synthetic market needs at least one symbol");
  EXPECT_EQ(error(Options({"BTC", "BTC"})), "symbol 'BTC' is given twice");
  SyntheticOptions options = Options({"BTC", "ETH"});
  options.rate = 50'001;
  EXPECT_EQ(error(options),
            "the rate must be at least 0.001 updates per second and symbol, and at most 100000 a "
            "second over all 2 symbols; got 50001 per symbol");
  options.rate = std::nan("");
  EXPECT_NE(error(options), "accepted");
  options.rate = 50'000;
  EXPECT_EQ(error(options), "accepted");
}

}  // namespace
}  // namespace livetape::market
