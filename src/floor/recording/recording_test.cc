#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/random.h"
#include "base/time_text.h"
#include "floor/floor_witness.h"
#include "floor/recording/recording_fixture.h"

namespace livetape::floor {
namespace {

const base::WallTime kStart = *base::ParseRfc3339("2024-08-08T15:00:00Z");

base::Price Cents(int64_t cents) { return base::Price::FromUnits(cents * 10'000'000); }

// A small session: two accounts that trade a coin, as the floor told it and as it was recorded.
class Session {
 public:
  explicit Session(size_t block_bytes, int64_t orders = 100)
      : recorded(options_, block_bytes), witness(options_, &recorded) {
    for (const char* symbol : {"AAPL", "MSFT", "BTC"}) recorded.OnInput(InstrumentNamed{symbol});
    AccountSettings settings;
    settings.cash = base::Amount::FromUnits(base::Int128{1'000'000} * 1'000'000'000'000'000'000);
    for (const char* name : {"alice", "bob"}) {
      witness.floor.OpenAccount(kStart, settings);
      recorded.OnInput(AccountNamed{name});
    }
    recorded.OnInput(RestoringEnded{});
    base::Random random(7);
    for (int64_t i = 0; i < orders; ++i) {
      const base::WallTime time = kStart + std::chrono::seconds(i);
      const auto cents = 10'000 + static_cast<int64_t>(random.Below(400));
      witness.floor.OnQuote(time, {kBtc, Cents(cents), Cents(cents + 2), {}, {}});
      OrderRequest request;
      request.instrument = kBtc;
      request.side = random.Below(2) == 0 ? model::Side::kBuy : model::Side::kSell;
      request.quantity = base::Quantity::FromUnits(base::kDecimalScale);
      const model::AccountId account(static_cast<uint32_t>(random.Below(2)));
      (void)witness.floor.Place(time, account, request);
    }
    recorded.OnInput(RecordingEnded{});
    recorded.Seal();
  }

 private:
  static constexpr model::InstrumentId kBtc{2};
  const TradingFloor::Options options_{.exchange_hours = false, .seed = 5};

 public:
  RecordedFile recorded;
  Witness witness;
};

void ExpectPrefix(const std::vector<OrderEvent>& events, const std::vector<OrderEvent>& all) {
  ASSERT_LE(events.size(), all.size());
  for (size_t i = 0; i < events.size(); ++i) EXPECT_EQ(WholeText(events[i]), WholeText(all[i]));
}

TEST(Recording, TellsWhatHappened) {
  const Session session(1000);
  PlayedFloor played;
  EXPECT_EQ(played.Play(session.recorded.bytes()), "");
  ASSERT_GT(session.witness.events.size(), 100U);
  EXPECT_EQ(played.events.size(), session.witness.events.size());
  ExpectPrefix(played.events, session.witness.events);
  EXPECT_FALSE(played.cut_off);
  EXPECT_TRUE(played.player->live());
  EXPECT_TRUE(played.player->named());
  EXPECT_EQ(played.player->accounts(), (std::vector<std::string>{"alice", "bob"}));
  EXPECT_EQ(played.player->instruments()[2].symbol, "BTC");
  EXPECT_EQ(played.player->instruments()[1].asset_class, model::AssetClass::kUsEquity);
}

TEST(Recording, CutOffAnywhereIsReadUpToTheLastWholeBlock) {
  const Session session(300, 60);
  const std::string& bytes = session.recorded.bytes();
  const std::vector<size_t>& ends = session.recorded.ends();
  ASSERT_GT(ends.size(), 10U);
  for (size_t size = ends.front(); size < bytes.size(); size += 7) {
    PlayedFloor played;
    ASSERT_EQ(played.Play(bytes.substr(0, size)), "") << size;
    const size_t whole = *(std::upper_bound(ends.begin(), ends.end(), size) - 1);
    EXPECT_EQ(played.end, whole) << size;
    EXPECT_EQ(played.cut_off, whole != size) << size;
    ExpectPrefix(played.events, session.witness.events);
  }
}

TEST(Recording, EveryDamagedByteIsFound) {
  const Session session(300, 40);
  const std::string& bytes = session.recorded.bytes();
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    PlayedFloor played;
    EXPECT_NE(played.Play(damaged), "") << at;
  }
}

TEST(Recording, OfAnotherKindIsRefusedInWords) {
  PlayedFloor played;
  EXPECT_EQ(played.Play("{\"e\":\"trade\"}\n"),
            "this is no recording: `livetape serve --record FILE` makes one");
  EXPECT_EQ(played.Play(""), "this is no recording: `livetape serve --record FILE` makes one");
  EXPECT_EQ(played.Play(std::string(kRecordingMagic)), "the recording ends before its header");
}

TEST(Recording, HeaderKeepsWhatTheFloorWasMadeWith) {
  const std::string bytes = BeginRecording({.options = {.exchange_hours = true, .seed = 77},
                                            .ids_seed = 99,
                                            .began = kStart,
                                            .program = "1.2.3"});
  std::istringstream in(bytes);
  const auto reader = RecordingReader::Open(in);
  ASSERT_TRUE(reader);
  EXPECT_TRUE(reader->header().options.exchange_hours);
  EXPECT_EQ(reader->header().options.seed, 77U);
  EXPECT_EQ(reader->header().ids_seed, 99U);
  EXPECT_EQ(reader->header().began, kStart);
  EXPECT_EQ(reader->header().program, "1.2.3");
}

// Limits that halt cancel orders: at a tick, at a question, at new rules.
TEST(Recording, TellsWhatLimitsOfRiskHaveDone) {
  const TradingFloor::Options options{.watch_risk = true};
  RecordedFile recorded(options, 200);
  Witness witness(options, &recorded);
  TradingFloor& floor = witness.floor;
  AccountSettings settings;
  settings.cash = base::Amount::FromUnits(base::Int128{10'000} * 1'000'000'000'000'000'000);
  const model::AccountId account = floor.OpenAccount(kStart, settings);
  const model::InstrumentId coin(2);
  std::vector<DailyClose> closes;
  for (int32_t day = 0; day < 30; ++day) closes.push_back({19'000 + day, Cents(9'000 + day * 37)});
  floor.OnDailyCloses(coin, closes);
  RiskState state;
  state.exceedances = 3;
  state.roll_var = 0.0123;
  floor.RestoreRisk(account, state);
  RiskRules rules;
  rules.of(RiskMetric::kDrawdown) = {.limit = base::Decimal::FromUnits(10'000'000),
                                     .severity = Severity::kCritical,
                                     .action = RiskAction::kHalt};
  floor.SetRiskRules(kStart, rules);
  floor.WatchRisk();
  recorded.OnInput(RestoringEnded{});
  const auto place = [&](model::OrderType type, std::optional<base::Price> limit) {
    OrderRequest request;
    request.instrument = coin;
    request.type = type;
    request.tif = model::TimeInForce::kGtc;
    request.limit = limit;
    request.quantity = base::Quantity::FromUnits(20 * base::kDecimalScale);
    EXPECT_TRUE(floor.Place(kStart, account, request));
  };
  floor.OnQuote(kStart, {coin, Cents(10'000), Cents(10'000), {}, {}});
  place(model::OrderType::kMarket, std::nullopt);
  place(model::OrderType::kLimit, Cents(100));
  floor.Risk(account);
  floor.OnQuote(kStart + std::chrono::seconds(1), {coin, Cents(9'000), Cents(9'000), {}, {}});
  floor.OnQuote(kStart + std::chrono::seconds(2), {coin, Cents(9'000), Cents(9'000), {}, {}});
  recorded.Seal();
  ASSERT_EQ(floor.account(account).state(), AccountState::kHalted);
  ASSERT_EQ(witness.events.back().kind, OrderEventKind::kCanceled);

  PlayedFloor played;
  EXPECT_EQ(played.Play(recorded.bytes()), "");
  EXPECT_EQ(played.events.size(), witness.events.size());
  ExpectPrefix(played.events, witness.events);
  EXPECT_EQ(played.floor->account(account).state(), AccountState::kHalted);
  EXPECT_EQ(played.floor->risk_state(account), floor.risk_state(account));
}

// What the floor's calls trust their callers with, and a file is not trusted with.
class RecordingWith : public testing::Test {
 protected:
  std::string FaultOf(const std::vector<FloorInput>& inputs) {
    RecordedFile file({});
    for (const FloorInput& input : inputs) file.OnInput(input);
    file.Seal();
    PlayedFloor played;
    return played.Play(file.bytes());
  }
  void ExpectRefused(const FloorInput& input) {
    const std::string fault = FaultOf({InstrumentAdded{}, AccountOpened{}, input});
    EXPECT_NE(fault.find("out of range or of an instrument or account"), std::string::npos)
        << fault << " of kind " << input.index();
  }
};

TEST_F(RecordingWith, UnknownInstrumentsAndAccounts) {
  const model::InstrumentId nowhere(1);
  const model::AccountId nobody(1);
  ExpectRefused(QuoteTold{kStart, {nowhere, Cents(1), Cents(2), {}, {}}});
  ExpectRefused(TradeTold{kStart, {nowhere, Cents(1), {}}});
  ExpectRefused(VolumeTold{kStart, nowhere, {}});
  ExpectRefused(BookTold{kStart, {nowhere, false, {}, {}}});
  ExpectRefused(BarOpened{kStart, nowhere, Cents(1)});
  ExpectRefused(SettingsChanged{nobody, {}});
  ExpectRefused(StateSet{kStart, nobody, AccountState::kHalted});
  ExpectRefused(AccountReset{kStart, nobody});
  ExpectRefused(OrderPlaced{kStart, nobody, {}});
  ExpectRefused(OrderCanceled{kStart, nobody, model::OrderId(1)});
  ExpectRefused(OrderReplaced{kStart, nobody, model::OrderId(1), {}});
  ExpectRefused(NameRestored{nobody, {}, model::OrderId(1)});
}

TEST_F(RecordingWith, PricesAndSizesThatCannotBe) {
  const model::InstrumentId coin(0);
  ExpectRefused(QuoteTold{kStart, {coin, Cents(3), Cents(2), {}, {}}});
  ExpectRefused(QuoteTold{kStart, {coin, Cents(0), Cents(2), {}, {}}});
  ExpectRefused(TradeTold{kStart, {coin, Cents(-1), {}}});
  ExpectRefused(TradeTold{kStart, {coin, Cents(1), base::Quantity::FromUnits(-1)}});
  ExpectRefused(VolumeTold{kStart, coin, base::Quantity::FromUnits(-1)});
  ExpectRefused(BookTold{kStart, {coin, true, {{Cents(0), {}}}, {}}});
  ExpectRefused(BarOpened{kStart, coin, Cents(0)});
  model::Bar bar;
  bar.open = bar.high = bar.close = Cents(2);
  bar.low = Cents(3);
  ExpectRefused(BarEnded{kStart, coin, bar});
  ExpectRefused(QuoteRestored{coin, {}});
  AccountSettings settings;
  settings.multiplier = 3;
  ExpectRefused(AccountOpened{kStart, settings});
  ExpectRefused(SettingsChanged{model::AccountId(0), settings});
}

TEST_F(RecordingWith, RiskThatCannotBe) {
  const model::InstrumentId coin(0);
  const model::AccountId account(0);
  ExpectRefused(DailyClosesTold{coin, {{5, Cents(1)}, {5, Cents(2)}}});
  ExpectRefused(DailyClosesTold{coin, {{5, Cents(0)}}});
  ExpectRefused(DailyClosesTold{model::InstrumentId(1), {}});
  RiskRules rules;
  rules.var_confidence = base::Decimal::FromUnits(base::kDecimalScale);
  ExpectRefused(RiskRulesSet{kStart, rules});
  ExpectRefused(RiskAsked{model::AccountId(1)});
  RiskState state;
  state.broken = 1 << kRiskMetrics;
  ExpectRefused(RiskRestored{account, state});
  EXPECT_EQ(FaultOf({RiskWatched{}}),
            "the recording speaks of risk, which its floor did not watch");
}

TEST_F(RecordingWith, NamesThatAreTooMany) {
  EXPECT_EQ(FaultOf({InstrumentAdded{}, InstrumentNamed{"BTC"}}), "");
  ExpectRefused(AccountNamed{""});
  EXPECT_NE(FaultOf({InstrumentAdded{}, InstrumentNamed{"BTC"}, InstrumentNamed{"ETH"}}), "");
}

TEST_F(RecordingWith, RestoringAfterTheTradingHasBegun) {
  EXPECT_EQ(FaultOf({IdsRestored{model::OrderId(4), 5}, RestoringEnded{}}), "");
  EXPECT_EQ(FaultOf({RestoringEnded{}, IdsRestored{model::OrderId(4), 5}}),
            "the recording restores something after the trading has begun");
}

TEST_F(RecordingWith, AFillOfAnOrderThatIsNotOpen) {
  OrderEvent event;
  event.kind = OrderEventKind::kFill;
  event.order.id = model::OrderId(3);
  event.order.status = model::OrderStatus::kFilled;
  EXPECT_EQ(FaultOf({InstrumentAdded{}, AccountOpened{}, EventReplayed{event}}),
            "the recording has an event of order 3 that cannot be");
}

TEST_F(RecordingWith, AnyTimesOneAfterTheOther) {
  const std::chrono::hours margin(24 * 367);
  const base::WallTime first = base::WallTime::min() + margin;
  const base::WallTime last = base::WallTime::max() - margin;
  EXPECT_EQ(FaultOf({WindowEnded{first}, WindowEnded{last}, WindowEnded{first}}), "");
  for (const base::WallTime never : {base::WallTime::min(), base::WallTime::max()}) {
    EXPECT_EQ(FaultOf({WindowEnded{never}}),
              "the recording has an entry that is not of the form that its version has");
  }
}

}  // namespace
}  // namespace livetape::floor
