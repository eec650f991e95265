#include "app/paper/paper_trading.h"

#include <gtest/gtest.h>

#include "api/market/market_topics.h"
#include "api/native/published_value.h"
#include "app/paper/paper_fixture.h"

namespace livetape::app {
namespace {

using model::Side;
using std::chrono::milliseconds;

class PaperTradingTest : public PaperFixture {
 protected:
  std::vector<std::string> TypesKept() const {
    std::vector<std::string> types;
    for (const tape::Record& record : kept_) types.push_back(record.type);
    return types;
  }
  std::string StateOf(const std::string& what, const std::string& type, const std::string& key) {
    Work();
    const auto index = shard_->table().Find(hub::StateKey("paper/paper/" + what, type, key));
    if (!index || shard_->table().value(*index).view().empty()) return "";
    return std::string(api::DecodePublishedValue(shard_->table().value(*index).view()).json);
  }
  void Restart() {
    Crash();
    Start();
  }
  void DeleteFile(const std::string& name) {
    for (const char* const end : {"", "-wal", "-shm"}) {
      std::filesystem::remove(folder_.path() / "data" / (name + end));
    }
  }
  void TradeSome() {
    Price("AAPL", "100");
    Place(Side::kBuy, "10", "AAPL");
    Price("AAPL", "110");
    Place(Side::kSell, "4", "AAPL");
    Place(Side::kBuy, "5", "AAPL", "90");
  }
};

TEST_F(PaperTradingTest, WithoutAnyTradeNothingIsOnTheTape) {
  Price("AAPL", "100");
  for (int i = 0; i < 60; ++i) Pass(milliseconds(50));
  EXPECT_EQ(storage_.tape->head(), 0U);
  EXPECT_NE(StateOf("equity", "equity", "").find("\"equity\":100000,"), std::string::npos);
}

TEST_F(PaperTradingTest, EveryOrderEventIsARecordBehindTheAccountsOpening) {
  TradeSome();
  EXPECT_EQ(TypesKept(),
            (std::vector<std::string>{"account.changed", "new", "fill", "new", "fill", "new"}));
  EXPECT_EQ(kept_[1].topic, "paper/paper/orders");
  EXPECT_EQ(kept_[2].topic, "paper/paper/fills");
  EXPECT_EQ(BookOf(), "99440 40 AAPL:6@600 open:5");
}

TEST_F(PaperTradingTest, ACrashLosesNothingThatTheTapeHas) {
  projecting_ = false;
  Restart();
  TradeSome();
  const std::string before = BookOf();
  Restart();
  EXPECT_EQ(BookOf(), before);
  Price("AAPL", "89");
  EXPECT_EQ(BookOf(), "98995 40 AAPL:11@1045");
}

TEST_F(PaperTradingTest, ASnapshotAndTheRecordsAfterItGiveTheSame) {
  TradeSome();
  for (int i = 0; i < 30; ++i) Pass(milliseconds(50));
  Place(Side::kSell, "1", "AAPL");
  const std::string before = BookOf();
  const auto peak = AccountOf().peak();
  Restart();
  EXPECT_EQ(BookOf(), before);
  EXPECT_EQ(AccountOf().peak(), peak);
}

TEST_F(PaperTradingTest, WithoutItsStoreAllIsMadeAgainFromTheTape) {
  TradeSome();
  for (int i = 0; i < 30; ++i) Pass(milliseconds(50));
  const std::string before = BookOf();
  const auto next = paper_->floor().floor().next_order();
  Crash();
  DeleteFile("store.db");
  Start();
  EXPECT_EQ(BookOf(), before);
  EXPECT_EQ(paper_->floor().floor().next_order(), next);
}

TEST_F(PaperTradingTest, AStoreOfAnotherTapeStartsAfresh) {
  TradeSome();
  for (int i = 0; i < 30; ++i) Pass(milliseconds(50));
  Crash();
  DeleteFile("tape.db");
  Start();
  EXPECT_EQ(BookOf(), "100000 0");
}

TEST_F(PaperTradingTest, AMarkFromBeforeTheRestartStillCounts) {
  TradeSome();
  for (int i = 0; i < 30; ++i) Pass(milliseconds(50));
  Restart();
  Pass(milliseconds(100));
  EXPECT_NE(StateOf("equity", "equity", "").find("\"equity\":100100,"), std::string::npos)
      << StateOf("equity", "equity", "");
}

TEST_F(PaperTradingTest, ResetsHaltsAndNamesSurvive) {
  TradeSome();
  const auto name = *model::ClientOrderId::From("mine");
  Ask([&](api::Desk& desk) -> api::DeskAnswer {
    floor::OrderRequest order;
    order.instrument = *desk.FindInstrument("AAPL");
    order.quantity = *base::Quantity::Parse("1");
    order.client_id = name;
    EXPECT_TRUE(desk.floor().Place(desk.now(), desk.account(), order));
    desk.Reset();
    desk.SetState(floor::AccountState::kHalted);
    return http::Response();
  });
  EXPECT_EQ(BookOf(), "100000 0");
  for (const bool with_store : {true, false}) {
    Crash();
    if (!with_store) DeleteFile("store.db");
    Start();
    EXPECT_EQ(BookOf(), "100000 0");
    EXPECT_EQ(AccountOf().state(), floor::AccountState::kHalted);
    EXPECT_EQ(paper_->directory().Find("paper")->state, floor::AccountState::kHalted);
    const auto order = paper_->floor().floor().FindByClientId(model::AccountId(0), name);
    EXPECT_NE(order, model::OrderId());
  }
}

TEST_F(PaperTradingTest, AccountsThatAreAskedForAreOpenedAndStay) {
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL", "", "bob");
  EXPECT_EQ(BookOf("bob"), "99900 0 AAPL:1@100");
  Restart();
  EXPECT_EQ(BookOf("bob"), "99900 0 AAPL:1@100");
  EXPECT_EQ(BookOf(), "100000 0");
  EXPECT_TRUE(paper_->directory().Find("bob"));
}

TEST_F(PaperTradingTest, AClosedPositionIsDeletedFromTheScreens) {
  TradeSome();
  Pass(milliseconds(50));
  EXPECT_NE(StateOf("positions", "position", "AAPL").find("\"quantity\":6,"), std::string::npos);
  Place(Side::kSell, "6", "AAPL");
  Pass(milliseconds(50));
  EXPECT_EQ(StateOf("positions", "position", "AAPL"), "");
}

TEST_F(PaperTradingTest, WhereAKeyHasNoRoomTheOthersAreShownAllTheSame) {
  Price("AAPL", "100");
  Place(Side::kBuy, "10", "AAPL");
  Pass(milliseconds(1000));
  state_keys_max_ = state_->size();
  Restart();
  Pass(milliseconds(1000));
  ASSERT_NE(StateOf("positions", "position", "AAPL"), "");
  Price("AAPL", "200");
  Price("MSFT", "100");
  Place(Side::kSell, "10", "AAPL");
  Place(Side::kBuy, "1", "MSFT");
  Pass(milliseconds(50));
  EXPECT_EQ(StateOf("positions", "position", "MSFT"), "") << "there was room: this showed nothing";
  EXPECT_EQ(StateOf("positions", "position", "AAPL"), "") << "it is there no more";
  EXPECT_NE(StateOf("equity", "equity", "").find("\"equity\":101000,"), std::string::npos);
}

TEST_F(PaperTradingTest, ConfiguredFeesHoldFromTheNextStartOn) {
  TradeSome();
  Crash();
  config_.paper.fee = *base::Decimal::Parse("0.01");
  Start();
  Price("AAPL", "100");
  Place(Side::kBuy, "1", "AAPL");
  EXPECT_TRUE(BookOf().starts_with("99339 39 "));
  EXPECT_EQ(kept_.back().type, "fill");
  Restart();
  EXPECT_TRUE(BookOf().starts_with("99339 39 "));
}

// Before the first request, not when the disk has taken the change.
TEST_F(PaperTradingTest, ConfiguredKeysAreInForceFromTheStart) {
  const auto configure = [this](const std::string& of_ann, const std::string& of_ben) {
    Crash();
    config_.accounts.clear();
    for (const auto& [name, key] : {std::pair("ann", of_ann), {"ben", of_ben}}) {
      config::AccountConfig& account = config_.accounts.emplace_back();
      account.name = name;
      account.key = key;
      account.secret = account.name + "'s";
    }
    Start();
  };
  const auto account_of = [this](const std::string& key) {
    return paper_->directory().OfKey(key, "").value().name;
  };
  configure("K1", "K2");
  Price("AAPL", "100");
  for (const char* const name : {"ann", "ben"}) Place(Side::kBuy, "1", "AAPL", "", name);
  configure("K2", "K1");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(account_of("K1"), "ben");
    EXPECT_EQ(account_of("K2"), "ann");
    Work();
  }
}

TEST_F(PaperTradingTest, WhatAClientHasChosenStaysUntilAnotherMultiplierIsConfigured) {
  const auto choose = [this](const std::string& account) {
    Ask(
        [](api::Desk& desk) -> api::DeskAnswer {
          api::AccountProfile profile = *desk.Profile(desk.account_name());
          profile.settings.multiplier = 4;
          profile.settings.no_shorting = true;
          desk.ChangeProfile(profile);
          return http::Response();
        },
        account);
  };
  choose("paper");
  choose("bob");
  for (const bool with_store : {true, false}) {
    Crash();
    if (!with_store) DeleteFile("store.db");
    Start();
    for (const char* const name : {"paper", "bob"}) {
      EXPECT_EQ(AccountOf(name).settings().multiplier, 4) << name;
      EXPECT_TRUE(AccountOf(name).settings().no_shorting) << name;
    }
  }
  config_.paper.multiplier = 1;
  Restart();
  EXPECT_EQ(AccountOf().settings().multiplier, 1);
  EXPECT_EQ(AccountOf("bob").settings().multiplier, 4) << "nobody has configured it";
  Restart();
  EXPECT_EQ(AccountOf().settings().multiplier, 1);
}

// A price is nobody's record: what was held at the last checkpoint has that one, all else has none.
TEST_F(PaperTradingTest, OnlyWhatTheCheckpointHeldHasAPrice) {
  Price("AAPL", "100");
  Place(Side::kBuy, "10", "AAPL");
  Price("AAPL", "120");
  Pass(milliseconds(1200));
  Price("MSFT", "50");
  Place(Side::kBuy, "4", "MSFT");
  Price("AAPL", "130");
  Crash();
  Start();
  const auto price_of = [this](std::string_view symbol) {
    const auto of = instruments_->Find(symbol);
    const model::Quote* const quote = paper_->floor().floor().quotes().Find(of->id);
    return quote == nullptr ? "none" : quote->price.ToString();
  };
  EXPECT_EQ(price_of("AAPL"), "120");
  EXPECT_EQ(price_of("MSFT"), "none");
  Work();
  const auto shown = [this](std::string_view symbol) {
    return shard_->table().Find(*api::QuoteKey(symbol)).has_value();
  };
  EXPECT_TRUE(shown("AAPL")) << "an order would be filled at it";
  EXPECT_FALSE(shown("MSFT"));
  Pass(milliseconds(1200));
  EXPECT_EQ(AccountOf().equity().ToString(), "100200") << "MSFT is worth what it cost";
  Price("MSFT", "60");
  Pass(milliseconds(1200));
  EXPECT_EQ(AccountOf().equity().ToString(), "100240");
}

// Of what was sold the store has the quote of the time when it was held, however long ago that is.
TEST_F(PaperTradingTest, WhatWasSoldBeforeTheCheckpointHasNoPrice) {
  Price("AAPL", "100");
  Place(Side::kBuy, "10", "AAPL");
  Pass(milliseconds(1200));
  Restart();
  Place(Side::kSell, "10", "AAPL");
  Price("AAPL", "200");
  Pass(milliseconds(1200));
  Restart();
  const auto of = instruments_->Find("AAPL");
  EXPECT_TRUE(!of || paper_->floor().floor().quotes().Find(of->id) == nullptr);

  // Bought again, and a crash before its source tells a price: it is worth what it cost, at each
  // later start too.
  Price("AAPL", "210");
  Place(Side::kBuy, "1", "AAPL");
  Restart();
  Pass(milliseconds(1200));
  Restart();
  EXPECT_EQ(AccountOf().equity().ToString(), "100000");
}

}  // namespace
}  // namespace livetape::app
