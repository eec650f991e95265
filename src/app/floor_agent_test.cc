#include "app/floor_agent.h"

#include <gtest/gtest.h>

#include "api/market/market_renderings.h"
#include "api/market/market_topics.h"
#include "api/market/quote_json.h"
#include "app/paper/paper_fixture.h"

namespace livetape::app {
namespace {

using std::chrono::milliseconds;

class FloorAgentTest : public PaperFixture {
 protected:
  void Push(decltype(model::MarketEvent::what) what) {
    ASSERT_TRUE(floor_->Push({clock_.Wall(), std::move(what)}));
  }
  void Trade(std::string_view price) {
    Push(model::TradeTick{model::InstrumentId(0), *base::Price::Parse(price), {}});
  }
  // A program publishes; true once the floor has taken it.
  bool Publish(model::PublishedTick tick) {
    bool taken = false;
    EXPECT_TRUE(floor_->Reserve(1));
    floor_->Put({std::move(tick)}, [&taken] { taken = true; });
    Pass(milliseconds(0));
    return taken;
  }
  static model::PublishedTick Tick(std::string symbol, std::string_view price) {
    model::PublishedTick tick;
    tick.symbol = std::move(symbol);
    tick.price = *base::Price::Parse(price);
    tick.size = *base::Quantity::Parse("1");
    return tick;
  }
  std::vector<model::Bar> Minutes(std::string_view symbol) const {
    return bars_->Read(instruments_->Find(symbol)->id, model::Timeframe::k1m, base::WallTime::min(),
                       base::WallTime::max(), 10);
  }
  base::StreamId Open(std::string_view topic, const hub::Rendering& rendering) {
    const base::StreamId stream(next_++);
    hub::StreamSpec spec;
    spec.patterns = {*hub::TopicPattern::Parse(topic)};
    spec.rendering = &rendering;
    spec.interval = milliseconds(100);
    hub::Shard::Opening opening;
    opening.greeting = [](auto) { return std::string(); };
    sockets_[stream].text = shard_->Subscribe(stream, std::move(spec), {}, opening);
    return stream;
  }

  uint64_t next_ = 0;
  const api::MarketRenderings renderings_;
};

TEST_F(FloorAgentTest, TradeReachesTheStreamAtTheWindow) {
  const auto stream = Open("market/*", renderings_.price_text);
  Push(model::InstrumentListed{{"BTC/USD", model::AssetClass::kCrypto}});
  Trade("10");
  Pass(milliseconds(0));
  EXPECT_EQ(sockets_[stream].text, "");
  Pass(milliseconds(100));
  EXPECT_EQ(sockets_[stream].text, "data: BTC/USD price is 10\n\n");
}

TEST_F(FloorAgentTest, ChangeRestartsAtMidnightWithoutAnyTrade) {
  const auto stream = Open("market/*", renderings_.price_json);
  Push(model::InstrumentListed{{"AAPL", model::AssetClass::kUsEquity}});
  Trade("10");
  Trade("11");
  Pass(milliseconds(100));
  EXPECT_NE(sockets_[stream].text.find("\"change\":10,"), std::string::npos);
  sockets_[stream].text.clear();
  Pass(milliseconds(2000));
  EXPECT_NE(sockets_[stream].text.find("\"price\":11,\"change\":0,"), std::string::npos);
}

TEST_F(FloorAgentTest, ClockTellsEachSecond) {
  const auto stream = Open("clock/utc", renderings_.clock);
  Pass(milliseconds(50));
  for (int i = 0; i < 60; ++i) Pass(milliseconds(50));
  EXPECT_EQ(sockets_[stream].text,
            "data: The current time is Fri Nov 20 23:59:59 2026\n\n"
            "data: The current time is Sat Nov 21 00:00:00 2026\n\n"
            "data: The current time is Sat Nov 21 00:00:01 2026\n\n");
}

TEST_F(FloorAgentTest, WallClockSetBackStopsNoStream) {
  const auto stream = Open("market/*", renderings_.price_text);
  Push(model::InstrumentListed{{"AAPL", model::AssetClass::kUsEquity}});
  Pass(milliseconds(100));
  clock_.StepWall(-std::chrono::hours(1));
  Trade("10");
  Pass(milliseconds(100));
  EXPECT_EQ(sockets_[stream].text, "data: AAPL price is 10\n\n");
  clock_.StepWall(std::chrono::hours(3));
  Trade("11");
  Pass(milliseconds(100));
  EXPECT_TRUE(sockets_[stream].text.ends_with("data: AAPL price is 11\n\n"));
}

TEST_F(FloorAgentTest, BarsAreKept) {
  Push(model::InstrumentListed{{"AAPL", model::AssetClass::kUsEquity}});
  Trade("10");
  Trade("12");
  Pass(milliseconds(1));
  const auto bars = bars_->Read(model::InstrumentId(0), model::Timeframe::k1m,
                                base::WallTime::min(), base::WallTime::max(), 10);
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(bars[0].close.ToString(), "12");
  EXPECT_EQ(bars[0].open.ToString(), "10");
}

TEST_F(FloorAgentTest, PublishedTickMakesItsInstrument) {
  const auto stream = Open("market/*", renderings_.price_text);
  EXPECT_TRUE(Publish(Tick("room-7", "21.5")));
  EXPECT_EQ(instruments_->Find("room-7")->instrument.asset_class, model::AssetClass::kCrypto);
  Pass(milliseconds(100));
  EXPECT_EQ(sockets_[stream].text, "data: room-7 price is 21.5\n\n");
  EXPECT_EQ(Minutes("room-7").size(), 1U);
}

TEST_F(FloorAgentTest, PublishedSymbolIsTakenFromTheSource) {
  const auto stream = Open("market/*", renderings_.price_text);
  Push(model::InstrumentListed{{"AAPL", model::AssetClass::kUsEquity}});
  EXPECT_TRUE(Publish(Tick("AAPL", "20")));
  Trade("10");
  Pass(milliseconds(100));
  EXPECT_EQ(sockets_[stream].text, "data: AAPL price is 20\n\n");
}

TEST_F(FloorAgentTest, SourceMayListWhatIsPublishedAlready) {
  EXPECT_TRUE(Publish(Tick("AAPL", "20")));
  Push(model::InstrumentListed{{"TSLA", model::AssetClass::kUsEquity}});
  Push(model::InstrumentListed{{"AAPL", model::AssetClass::kUsEquity}});
  Trade("10");  // of the source's first instrument, TSLA
  Pass(milliseconds(0));
  EXPECT_EQ(instruments_->size(), 2U);
  const auto stream = Open("market/TSLA", renderings_.price_text);
  EXPECT_EQ(sockets_[stream].text, "data: TSLA price is 10\n\n");
}

TEST_F(FloorAgentTest, AnotherSpellingOfACoinIsTheSame) {
  Push(model::InstrumentListed{{"BTC/USD", model::AssetClass::kCrypto}});
  Pass(milliseconds(0));
  EXPECT_TRUE(Publish(Tick("BTC", "20")));
  EXPECT_EQ(instruments_->size(), 1U);
  EXPECT_TRUE(Publish(Tick("ETH", "20")));
  Push(model::InstrumentListed{{"ETH/USD", model::AssetClass::kCrypto}});
  Pass(milliseconds(0));
  EXPECT_EQ(instruments_->size(), 2U);
}

TEST_F(FloorAgentTest, AStockIsNoOtherSpellingOfACoin) {
  EXPECT_TRUE(Publish(Tick("ABC", "5")));
  model::PublishedTick stock = Tick("ABCUSD", "100");
  stock.asset_class = model::AssetClass::kUsEquity;
  EXPECT_TRUE(Publish(stock));
  EXPECT_EQ(instruments_->size(), 2U);
  const auto price_of = [this](std::string_view symbol) {
    const auto of = instruments_->Find(symbol);
    return paper_->floor().floor().quotes().Find(of->id)->price.ToString();
  };
  EXPECT_EQ(price_of("ABC"), "5");
  EXPECT_EQ(price_of("ABCUSD"), "100");
  // Accounts hold both, and the first of them the coin alone.
  Place(model::Side::kBuy, "1", "ABC", "", "ann");
  Place(model::Side::kBuy, "2", "ABC", "", "bob");
  Place(model::Side::kBuy, "3", "ABCUSD", "", "bob");
  Pass(milliseconds(1200));
  Crash();
  Start();
  EXPECT_EQ(BookOf("bob"), "99690 0 ABC:2@10 ABCUSD:3@300");
}

TEST_F(FloorAgentTest, WithASymbolTheBookOfItsSourceIsGone) {
  const auto level = [](std::string_view price, std::string_view size) {
    return model::BookLevel{*base::Price::Parse(price), *base::Quantity::Parse(size)};
  };
  Push(model::InstrumentListed{{"BTC/USD", model::AssetClass::kCrypto}});
  const model::InstrumentId btc(0);
  Push(model::QuoteUpdate{btc, *base::Price::Parse("99"), *base::Price::Parse("101"), {}, {}});
  Push(model::BookUpdate{
      btc, true, {level("99", "1"), level("98", "1")}, {level("101", "1"), level("102", "1")}});
  Pass(milliseconds(0));
  EXPECT_TRUE(Publish(Tick("BTC/USD", "200")));
  Place(model::Side::kBuy, "5", "BTC/USD");
  EXPECT_EQ(BookOf(), "99000 0 BTC/USD:5@1000");
  Place(model::Side::kSell, "5", "BTC/USD", "210");
  EXPECT_TRUE(Publish(Tick("BTC/USD", "211")));
  EXPECT_EQ(BookOf(), "100055 55");
}

TEST_F(FloorAgentTest, ATickFromBeforeTheLastPriceOfARestartIsLate) {
  EXPECT_TRUE(Publish(Tick("X", "20")));
  Place(model::Side::kBuy, "1", "X");
  Pass(milliseconds(1200));
  Crash();
  Start();
  auto late = Tick("X", "5");
  late.time = clock_.Wall() - std::chrono::hours(1);
  EXPECT_TRUE(Publish(late));
  const auto price = [this] {
    const auto of = instruments_->Find("X");
    return paper_->floor().floor().quotes().Find(of->id)->price.ToString();
  };
  EXPECT_EQ(price(), "20");
  EXPECT_TRUE(Publish(Tick("X", "21")));
  EXPECT_EQ(price(), "21");
}

// A trade of unknown size looks like a quote of its price.
TEST_F(FloorAgentTest, AQuoteIsNoPriceOfWhatHasTradedBeforeTheStart) {
  Price("AAPL", "100");
  Place(model::Side::kBuy, "1", "AAPL");
  Pass(milliseconds(1000));
  Crash();
  Start();
  model::PublishedTick quote;
  quote.symbol = "AAPL";
  quote.bid = *base::Price::Parse("50");
  quote.ask = *base::Price::Parse("52");
  EXPECT_TRUE(Publish(quote));
  const floor::QuoteBoard& quotes = paper_->floor().floor().quotes();
  const model::Quote* const now = quotes.Find(instruments_->Find("AAPL")->id);
  EXPECT_EQ(now->ask.ToString(), "52");
  EXPECT_EQ(now->price.ToString(), "100");
}

TEST_F(FloorAgentTest, TwoSpellingsThatWereTwoInstrumentsStayTwo) {
  Push(model::InstrumentListed{{"BTC", model::AssetClass::kCrypto}});
  Push(model::InstrumentListed{{"BTC/USD", model::AssetClass::kCrypto}});
  Trade("10");
  Push(model::TradeTick{model::InstrumentId(1), *base::Price::Parse("20"), {}});
  Pass(milliseconds(0));
  Place(model::Side::kBuy, "1", "BTC");
  Place(model::Side::kBuy, "2", "BTC/USD");
  Pass(milliseconds(1200));
  const std::string before = BookOf();
  ASSERT_EQ(before, "99950 0 BTC:1@10 BTC/USD:2@40");
  Crash();
  Start();
  EXPECT_EQ(BookOf(), before);
}

TEST_F(FloorAgentTest, WhatAccountsHoldIsTheSourcesByAnotherSpellingUnlessTheyHoldThatToo) {
  Push(model::InstrumentListed{{"BTC/USD", model::AssetClass::kCrypto}});
  Push(model::InstrumentListed{{"ETH/USD", model::AssetClass::kCrypto}});
  Pass(milliseconds(0));
  const model::Instrument btc{"BTC", model::AssetClass::kCrypto},
      pair{"BTC/USD", model::AssetClass::kCrypto}, eth{"ETH", model::AssetClass::kCrypto};
  floor_->RecallHeld({btc, pair, eth});
  EXPECT_EQ(floor_->RecallHeld(btc), model::InstrumentId(2));
  EXPECT_EQ(floor_->RecallHeld(pair), model::InstrumentId(0));
  EXPECT_EQ(floor_->RecallHeld(eth), model::InstrumentId(1));
  EXPECT_EQ(instruments_->size(), 3U);
}

TEST_F(FloorAgentTest, LateTickCountsInItsOpenBarOnly) {
  const auto stream = Open("market/*", renderings_.price_text);
  EXPECT_TRUE(Publish(Tick("X", "20")));
  auto late = Tick("X", "30");
  late.time = clock_.Wall() - std::chrono::seconds(1);
  EXPECT_TRUE(Publish(late));
  Pass(milliseconds(100));
  EXPECT_EQ(sockets_[stream].text, "data: X price is 20\n\n");
  ASSERT_EQ(Minutes("X").size(), 1U);
  EXPECT_EQ(Minutes("X")[0].high.ToString(), "30");
  EXPECT_EQ(Minutes("X")[0].close.ToString(), "20");
  late.time = clock_.Wall() - std::chrono::hours(1);
  EXPECT_TRUE(Publish(late));
  EXPECT_EQ(Minutes("X").size(), 1U);
  EXPECT_GT(bars_->late(), 0U);
}

TEST_F(FloorAgentTest, TickWithoutATimeIsTheNewest) {
  auto ahead = Tick("X", "1");
  ahead.time = clock_.Wall() + std::chrono::seconds(50);
  EXPECT_TRUE(Publish(ahead));
  EXPECT_TRUE(Publish(Tick("X", "2")));
  const auto stream = Open("market/X", renderings_.price_text);
  EXPECT_EQ(sockets_[stream].text, "data: X price is 2\n\n");
}

TEST_F(FloorAgentTest, PublishedVolumeReplacesTheDays) {
  auto tick = Tick("X", "20");
  tick.volume = *base::Quantity::Parse("1000");
  EXPECT_TRUE(Publish(tick));
  const auto stream = Open("market/*", renderings_.price_text);
  const auto index = shard_->table().Find(*api::QuoteKey("X"));
  ASSERT_TRUE(index);
  EXPECT_EQ(api::DecodeQuote(shard_->table().value(*index).view()).volume,
            base::Amount::From(*base::Quantity::Parse("1000")));
  (void)stream;
}

TEST_F(FloorAgentTest, RoomForPublishedTicksIsBounded) {
  EXPECT_TRUE(floor_->Reserve(65536));
  EXPECT_FALSE(floor_->Reserve(1));
  floor_->Release(65536);
  EXPECT_TRUE(floor_->Reserve(1));
}

}  // namespace
}  // namespace livetape::app
