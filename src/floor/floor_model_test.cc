// Random trading against a simple model of the rules (floor_model.h): thousands of orders, ticks,
// books, bars, replacements, sessions and resets of several accounts. A second floor is told the
// same and must tell the same, byte for byte; now and then it is thrown away and restored from
// snapshots and the events after them. What the second floor was told is recorded, and the recording
// played to a third tells the same again. FLOOR_MODEL_ROUNDS asks for more rounds, FLOOR_MODEL_SEED for
// others.

#include "floor/floor_model.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time_text.h"
#include "floor/floor_witness.h"
#include "floor/model_climate.h"
#include "floor/model_saves.h"
#include "floor/model_wishes.h"
#include "floor/recording/recording_fixture.h"

namespace livetape::floor {
namespace {

constexpr uint32_t kInstruments = 3;  // of a Witness: two stocks and a coin
constexpr uint32_t kAccounts = 4;
constexpr int64_t kCentsMax = 100'000'000'000;  // the greatest price

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

template <typename Fixed>
Fixed Units(int64_t units) {
  return Fixed::FromUnits(units);
}

class Round {
 public:
  explicit Round(uint64_t seed)
      : random_(seed),
        climate_(ModelClimate::Of(seed)),
        wishes_(random_, climate_.taste()),
        options_{
            .exchange_hours = climate_.exchange, .seed = seed, .check_identity_on_ticks = true},
        model_(climate_.exchange),
        lived_(std::make_unique<Witness>(options_)),
        recorded_(std::make_unique<RecordedFile>(options_)),
        twin_(std::make_unique<Witness>(options_, recorded_.get())) {
    for (uint32_t i = 0; i < kInstruments; ++i) {
      model_.AddInstrument(i < 2 ? model::AssetClass::kUsEquity : model::AssetClass::kCrypto);
    }
    for (uint32_t i = 0; i < kAccounts; ++i) Open(ModelSettings(i, climate_.hostile));
    if (climate_.hostile) price_ = {100, 20'000, kCentsMax - 2'000};
    Session(SessionEvent::kOpen);
    for (uint32_t i = 0; i < kInstruments; ++i) Tick(i);
    Save();
  }

  // "" while all is well.
  std::string Step() {
    Act();
    Compare();
    return !model_.fault().empty() ? model_.fault() : fault_;
  }
  // Of what the twin was told since it came to be; "" if the recording of it tells the same.
  std::string PlayAgain() {
    recorded_->Seal();
    PlayedFloor played;
    const std::string fault = played.Play(recorded_->bytes());
    if (!fault.empty()) return fault;
    if (played.events.size() != told_.size()) {
      return fmt::format("the recording tells {} events, not {}", played.events.size(),
                         told_.size());
    }
    for (size_t i = 0; i < told_.size(); ++i) {
      const std::string a = WholeText(told_[i]);
      const std::string b = WholeText(played.events[i]);
      if (a != b) return fmt::format("the recording tells\n{}\ninstead of\n{}", b, a);
    }
    inputs_ += played.inputs;
    return "";
  }
  size_t inputs() const { return inputs_; }
  size_t events() const { return lived_->events.size(); }
  size_t fills() const { return static_cast<size_t>(lived_->floor.next_fill() - 1); }
  size_t restores() const { return restores_; }
  std::string Tail() const {
    std::string text;
    const size_t count = lived_->events.size();
    for (size_t i = count > 8 ? count - 8 : 0; i < count; ++i) {
      text += WholeText(lived_->events[i]) + "\n";
    }
    return text;
  }

 private:
  void Open(const AccountSettings& settings) {
    lived_->floor.OpenAccount(time_, settings);
    twin_->floor.OpenAccount(time_, settings);
    model_.OpenAccount(settings);
  }

  // --- the same to both floors; events of the first go to the model

  template <typename Call>
  void Both(Call call) {
    call(lived_->floor);
    call(twin_->floor);
  }
  void Listen() {
    while (heard_ < lived_->events.size()) model_.Hear(lived_->events[heard_++]);
  }
  // Between two messages of one step too: the model must hear what the first has led to.
  void Hear() {
    Listen();
    model_.Settled(lived_->floor);
  }
  void Compare() {
    Hear();
    if (lived_->ruined != ruined_) SeeWhoIsRuined();
    ruined_ = lived_->ruined;
    SeeTwin();
  }
  void SeeTwin() {
    const size_t from = compared_;
    const size_t count = lived_->events.size() - from;
    if (twin_->events.size() != count) {
      fault_ = "the twin told " + std::to_string(twin_->events.size()) + " events, not " +
               std::to_string(count);
      return;
    }
    for (size_t i = 0; i < count; ++i) {
      const std::string a = WholeText(lived_->events[from + i]);
      const std::string b = WholeText(twin_->events[i]);
      if (a != b) fault_ = fmt::format("the twin tells\n{}\ninstead of\n{}", b, a);
    }
    compared_ = lived_->events.size();
    told_.insert(told_.end(), twin_->events.begin(), twin_->events.end());
    twin_->events.clear();
    for (uint32_t i = 0; i < kAccounts && count > 0; ++i) {
      const model::AccountId id(i);
      if (lived_->TextOf(id) != twin_->TextOf(id)) {
        fault_ = "the twin's account is\n" + twin_->TextOf(id) + "not\n" + lived_->TextOf(id);
      }
    }
  }
  void SeeWhoIsRuined() {
    for (uint32_t i = 0; i < kAccounts; ++i) {
      const bool halted = StateOf(i) == AccountState::kHalted;
      if (halted && !halted_[i]) model_.Ruined(model::AccountId(i));
      halted_[i] = halted;
    }
  }
  AccountState StateOf(uint32_t account) const {
    return lived_->floor.account(model::AccountId(account)).state();
  }

  // --- what happens

  bool Chance(uint64_t percent) { return random_.Below(100) < percent; }
  void Act() {
    time_ += std::chrono::milliseconds(random_.Below(5'000));
    const auto instrument = static_cast<uint32_t>(random_.Below(kInstruments));
    const model::AccountId account(static_cast<uint32_t>(random_.Below(kAccounts)));
    const uint64_t what = random_.Below(1'000);
    if (what < 330) return Tick(instrument);
    if (what < 450) {
      if (climate_.books) return Book(instrument);
      if (climate_.bars) return Bar(instrument);
      return Tick(instrument);
    }
    if (what < 750) return Place(account, instrument);
    if (what < 810) return Cancel(account);
    if (what < 900) return Replace(account);
    if (what < 930) return Session();
    if (what < 960) return Window();
    if (what < 968) return Reset(account);
    if (what < 985) return State(account);
    if (climate_.restores()) Restore();
  }

  int64_t LowestCents() const { return climate_.hostile ? 70 : 3'000; }
  void Tick(uint32_t i) {
    int64_t& cents = price_[i];
    const int64_t step = Chance(3) ? cents / 5 : 150;
    cents += static_cast<int64_t>(random_.Below(static_cast<uint64_t>(2 * step + 1))) - step;
    cents = std::clamp<int64_t>(cents, LowestCents(), kCentsMax - 50);
    const model::InstrumentId id(i);
    const auto spread = static_cast<int64_t>(random_.Below(20));
    if (!Chance(25)) {
      const auto bid = Units<base::Price>((cents - spread) * kCent);
      const auto ask = Units<base::Price>((cents + spread) * kCent + 1);
      model_.market(id).Quote(bid.units(), ask.units());
      Both([&](TradingFloor& floor) { floor.OnQuote(time_, {id, bid, ask, {}, {}}); });
      Hear();
    }
    if (!Chance(30)) {
      const auto away = static_cast<int64_t>(random_.Below(41)) - 20;
      const auto price = Units<base::Price>((cents + away) * kCent);
      model_.market(id).Trade(price.units());
      // With a size: a quote that comes back is known to have traded by its volume.
      const auto size = Units<base::Quantity>(1);
      Both([&](TradingFloor& floor) { floor.OnTrade(time_, {id, price, size}); });
    }
  }
  void Book(uint32_t i) {
    model::BookUpdate update{model::InstrumentId(i), Chance(30), {}, {}};
    for (uint64_t n = random_.Below(5); n > 0; --n) {
      // One draw a statement: the same seed is the same round in every build.
      const auto whole = static_cast<int64_t>(random_.Below(30)) * 1'000'000'000;
      const auto size = Units<base::Quantity>(Chance(80) ? whole : whole / 7);
      const auto away = static_cast<int64_t>(random_.Below(60));
      const bool bid = Chance(50);
      const auto price = Units<base::Price>(
          std::clamp<int64_t>(price_[i] + (bid ? -away : away), 1, kCentsMax) * kCent);
      (bid ? update.bids : update.asks).push_back({price, size});
    }
    model_.market(update.instrument).Book(update);
    Both([&](TradingFloor& floor) { floor.OnBook(time_, update); });
  }
  void Bar(uint32_t i) {
    const model::InstrumentId id(i);
    const auto around = [&] {
      const int64_t cents = price_[i] + static_cast<int64_t>(random_.Below(601)) - 300;
      return std::clamp<int64_t>(cents, 1, kCentsMax) * kCent;
    };
    const std::array points = {around(), around(), around(), around()};
    const auto [low, high] = std::minmax_element(points.begin(), points.end());
    const int64_t close = points[1];
    model::Bar bar;
    bar.start = time_;
    bar.open = Units<base::Price>(points[0]);
    bar.low = Units<base::Price>(*low);
    bar.high = Units<base::Price>(*high);
    bar.close = Units<base::Price>(close);
    price_[i] = std::clamp<int64_t>(close / kCent, LowestCents(), kCentsMax - 50);
    const auto reached = model_.InReachOf(id, *low, *high);
    model_.market(id).Bar(*low, *high, close);
    Both([&](TradingFloor& floor) {
      if (points[2] % (2 * kCent) == 0) floor.OnBarOpen(time_, id, bar.open);
      floor.OnBarRest(time_, id, bar);
    });
    Hear();
    model_.AfterBar(reached);
  }

  void Place(model::AccountId account, uint32_t i) {
    const model::InstrumentId id(i);
    const Position* const position = lived_->floor.account(account).Find(id);
    const OrderRequest request =
        wishes_.Order(id, price_[i], position != nullptr ? position->quantity : base::Quantity());
    Both([&](TradingFloor& floor) { (void)floor.Place(time_, account, request); });
  }
  const model::Order* AnyOpen(model::AccountId account) {
    const auto open = lived_->floor.OpenOrders(account);
    return open.empty() ? nullptr : open[random_.Below(open.size())];
  }
  void Cancel(model::AccountId account) {
    const model::Order* const order = AnyOpen(account);
    const model::OrderId id =
        order != nullptr ? order->id
                         : model::OrderId(random_.Below(lived_->floor.next_order().value() + 2));
    Both([&](TradingFloor& floor) { (void)floor.Cancel(time_, account, id); });
  }
  void Replace(model::AccountId account) {
    const model::Order* const order = AnyOpen(account);
    if (order == nullptr) return;
    const model::OrderId id = order->id;
    const OrderChange change = wishes_.Change(*order, price_[order->instrument.value()]);
    Both([&](TradingFloor& floor) { (void)floor.Replace(time_, account, id, change); });
  }

  void Session(SessionEvent event) {
    Both([&](TradingFloor& floor) { floor.OnSession(time_, event); });
    Listen();
    model_.Session(event, time_);
  }
  // Quotes come at once after a roll where the floor may be thrown away: that one begins is nowhere
  // in a snapshot.
  void Session() {
    if (climate_.exchange && Chance(70)) {
      const bool opens = Chance(60);
      Session(opens ? SessionEvent::kOpen : SessionEvent::kClose);
      if (!opens) model_.AfterClose();
      return;
    }
    Session(SessionEvent::kDayRoll);
    model_.AfterRoll();
    if (!climate_.restores()) return;
    for (uint32_t i = 0; i < kInstruments; ++i) {
      const model::InstrumentId id(i);
      const auto price = Units<base::Price>(price_[i] * kCent);
      model_.market(id).Quote(price.units(), price.units());
      Both([&](TradingFloor& floor) { floor.OnQuote(time_, {id, price, price, {}, {}}); });
      Hear();
    }
    Save();
  }
  void Window() {
    std::vector<model::AccountId> changed;
    Both([&](TradingFloor& floor) { floor.TakeChanged(time_, changed); });
    Hear();
    model_.Windowed(lived_->floor);
    Save();
  }
  void Reset(model::AccountId account) {
    Both([&](TradingFloor& floor) { floor.Reset(time_, account); });
    Listen();
    model_.Reset(account);
    SetState(account, AccountState::kActive);
  }
  void State(model::AccountId account) {
    const bool active = StateOf(account.value()) != AccountState::kActive || Chance(20);
    SetState(account,
             active ? AccountState::kActive : static_cast<AccountState>(1 + random_.Below(2)));
  }
  void SetState(model::AccountId account, AccountState state) {
    Both([&](TradingFloor& floor) { floor.SetState(time_, account, state); });
    model_.SetState(account, state);
    halted_[account.value()] = state == AccountState::kHalted;
    Save();
  }

  // --- a crash of the twin

  void Save() {
    if (climate_.restores()) saves_.Save(*lived_);
  }
  void Restore() {
    if (!climate_.late) Save();
    ++restores_;
    if (const std::string fault = PlayAgain(); !fault.empty()) fault_ = fault;
    told_.clear();
    recorded_ = std::make_unique<RecordedFile>(options_);
    twin_ = std::make_unique<Witness>(options_, recorded_.get());
    const std::string fault = saves_.Restore(*lived_, *twin_);
    if (!fault.empty()) fault_ = fault;
    recorded_->OnInput(RestoringEnded{});
  }

  base::Random random_;
  const ModelClimate climate_;
  ModelWishes wishes_;
  const TradingFloor::Options options_;
  FloorModel model_;
  std::unique_ptr<Witness> lived_;
  std::unique_ptr<RecordedFile> recorded_;  // of the twin
  std::unique_ptr<Witness> twin_;
  std::vector<OrderEvent> told_;  // by the twin
  size_t inputs_ = 0;             // played again
  base::WallTime time_ = *base::ParseRfc3339("2024-08-08T15:00:00Z");
  std::array<int64_t, kInstruments> price_ = {10'000, 20'000, 40'000};  // cents
  std::array<bool, kAccounts> halted_{};
  size_t heard_ = 0, compared_ = 0;
  int ruined_ = 0;
  std::string fault_;
  ModelSaves saves_;
  size_t restores_ = 0;
};

TEST(FloorModel, AgreesWithTheFloorWhateverHappens) {
  const uint64_t seed = FromEnvironment("FLOOR_MODEL_SEED", 1);
  const uint64_t rounds = FromEnvironment("FLOOR_MODEL_ROUNDS", 300);
  constexpr int kSteps = 200;
  size_t events = 0, fills = 0, restores = 0, inputs = 0;
  for (uint64_t i = seed; i < seed + rounds; ++i) {
    Round round(i);
    for (int step = 0; step < kSteps; ++step) {
      const std::string fault = round.Step();
      ASSERT_EQ(fault, "") << "FLOOR_MODEL_SEED=" << i << " step " << step << "\n" << round.Tail();
    }
    ASSERT_EQ(round.PlayAgain(), "") << "FLOOR_MODEL_SEED=" << i;
    inputs += round.inputs();
    events += round.events();
    fills += round.fills();
    restores += round.restores();
  }
  // Or nothing has been tried.
  if (rounds >= 100) {
    EXPECT_GT(fills, rounds * 10);
  }
  std::printf("seeds %lu to %lu: %zu events, %zu fills, %zu restores, %zu inputs recorded\n",
              static_cast<unsigned long>(seed), static_cast<unsigned long>(seed + rounds - 1),
              events, fills, restores, inputs);
}

}  // namespace
}  // namespace livetape::floor
