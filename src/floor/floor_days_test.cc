// Random days of three accounts: what is reserved and held follows from the orders, the same input
// gives the same events, and a floor that is restored goes on as the one that has lived.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>

#include "base/random.h"
#include "floor/floor_fixture.h"
#include "floor/floor_witness.h"
#include "floor/order_terms.h"

namespace livetape::floor {
namespace {

using model::OrderId;

// Random days of three accounts.
class Days {
 public:
  enum class Kind {
    kTold,       // nothing that no event tells: reached stops, marks of trailing stops
    kQuotes,     // all types of orders
    kWithBooks,  // which a restart forgets
  };
  Days(uint64_t seed, Kind kind) : random_(seed), kind_(kind) {}

  void Begin(Witness& w) {
    for (int i = 0; i < 3; ++i) {
      AccountSettings settings;
      settings.cash = A("100000");
      settings.fees.rate = D("0.0013");
      settings.slippage_bps = D("7");
      settings.crypto_short = i == 2;
      w.floor.OpenAccount(time_, settings);
    }
    TickAll({&w});
  }
  void TickAll(const std::vector<Witness*>& all) {
    for (uint32_t i = 0; i < 3; ++i) Tick(all, model::InstrumentId(i));
  }
  // The same thing happens on each floor; what may be done is seen on the first.
  void Step(const std::vector<Witness*>& all) {
    time_ += std::chrono::milliseconds(random_.Below(3000));
    const uint64_t what = random_.Below(100);
    if (kind_ == Kind::kWithBooks && what < 15) return Book(all);
    const model::AccountId account(static_cast<uint32_t>(random_.Below(3)));
    if (what < 45) return Tick(all, model::InstrumentId(static_cast<uint32_t>(random_.Below(3))));
    if (what < 80) {
      const OrderRequest request = Request();
      for (Witness* w : all) (void)w->floor.Place(time_, account, request);
      return;
    }
    if (what < 98) return CancelOrReplace(all, account, what < 88);
    const bool roll = random_.Below(4) == 0;
    std::vector<model::AccountId> changed;
    for (Witness* w : all) {
      w->floor.TakeChanged(time_, changed);
      if (roll) w->floor.OnSession(time_, SessionEvent::kDayRoll);
    }
    if (roll) TickAll(all);
  }

 private:
  base::Price Around(model::InstrumentId id, uint64_t spread) {
    const auto away =
        static_cast<int64_t>(random_.Below(2 * spread)) - static_cast<int64_t>(spread);
    return base::Price::FromUnits((price_[id.value()] + away) * 10'000'000);
  }
  void Tick(const std::vector<Witness*>& all, model::InstrumentId id) {
    int64_t& cents = price_[id.value()];
    cents = std::max<int64_t>(5'000, cents + static_cast<int64_t>(random_.Below(201)) - 100);
    const auto bid = base::Price::FromUnits((cents - 2) * 10'000'000);
    const auto ask = base::Price::FromUnits((cents + 2) * 10'000'000);
    for (Witness* w : all) {
      w->floor.OnQuote(time_, {id, bid, ask, {}, {}});
      w->floor.OnTrade(time_, {id, base::Price::FromUnits(cents * 10'000'000), Q("1")});
    }
  }
  void Book(const std::vector<Witness*>& all) {
    model::BookUpdate update;
    update.instrument = model::InstrumentId(static_cast<uint32_t>(random_.Below(3)));
    update.snapshot = random_.Below(3) == 0;
    const int64_t cents = price_[update.instrument.value()];
    for (int64_t i = 1; i <= 5; ++i) {
      const auto size = [this] {
        return base::Quantity::FromUnits(static_cast<int64_t>(random_.Below(20)) *
                                         base::kDecimalScale);
      };
      update.bids.push_back({base::Price::FromUnits((cents - i) * 10'000'000), size()});
      update.asks.push_back({base::Price::FromUnits((cents + i) * 10'000'000), size()});
    }
    for (Witness* w : all) w->floor.OnBook(time_, update);
  }
  OrderRequest Request() {
    OrderRequest request;
    request.instrument = model::InstrumentId(static_cast<uint32_t>(random_.Below(3)));
    request.side = random_.Below(2) == 0 ? model::Side::kBuy : model::Side::kSell;
    request.quantity = base::Quantity::FromUnits(static_cast<int64_t>(1 + random_.Below(40)) *
                                                 base::kDecimalScale);
    if (random_.Below(8) == 0) request.client_id = *model::ClientOrderId::From("n" + NextName());
    request.tif = static_cast<model::TimeInForce>(random_.Below(6));
    if (random_.Below(2) == 0) request.tif = model::TimeInForce::kGtc;
    if (random_.Below(10) == 0) {
      request.quantity.reset();
      request.notional = A("1234.5");
      request.tif = model::TimeInForce::kDay;
    }
    if (random_.Below(4) == 0) {
      AddLegs(request);
      return request;
    }
    request.type = static_cast<model::OrderType>(random_.Below(kind_ == Kind::kTold ? 3 : 5));
    const bool limit =
        request.type == model::OrderType::kLimit || request.type == model::OrderType::kStopLimit;
    const bool stop =
        request.type == model::OrderType::kStop || request.type == model::OrderType::kStopLimit;
    if (limit) request.limit = Around(request.instrument, 200);
    if (stop) request.stop = Around(request.instrument, 200);
    if (request.type == model::OrderType::kTrailingStop) request.trail_percent = D("0.7");
    return request;
  }
  void AddLegs(OrderRequest& request) {
    constexpr std::array kClasses = {model::OrderClass::kBracket, model::OrderClass::kOco,
                                     model::OrderClass::kOto};
    request.order_class = kClasses[random_.Below(3)];
    request.tif = random_.Below(2) == 0 ? model::TimeInForce::kGtc : model::TimeInForce::kDay;
    const bool oco = request.order_class == model::OrderClass::kOco;
    const bool sells = (request.side == model::Side::kSell) == oco;
    const int64_t cents = price_[request.instrument.value()];
    const auto at = [&](int64_t away) {
      return base::Price::FromUnits((cents + (sells ? away : -away)) * 10'000'000);
    };
    request.take_profit_limit = at(60);
    if (request.order_class != model::OrderClass::kOto) request.stop_loss_stop = at(-60);
    request.type = oco ? model::OrderType::kLimit : model::OrderType::kMarket;
    if (!oco && random_.Below(2) == 0) {
      request.type = model::OrderType::kLimit;
      request.limit = at(-20);
    }
  }
  void CancelOrReplace(const std::vector<Witness*>& all, model::AccountId account, bool cancel) {
    const auto open = all.front()->floor.OpenOrders(account);
    if (open.empty()) return;
    const model::Order order = *open[random_.Below(open.size())];
    OrderChange change;
    if (order.limit.positive()) change.limit = Around(order.instrument, 200);
    if (order.stop.positive() && order.type == model::OrderType::kStop) {
      change.stop = Around(order.instrument, 200);
    }
    if (random_.Below(2) == 0) {
      change.quantity = base::Quantity::FromUnits(order.quantity.units() + base::kDecimalScale);
    }
    for (Witness* w : all) {
      if (cancel) (void)w->floor.Cancel(time_, account, order.id);
      if (!cancel) (void)w->floor.Replace(time_, account, order.id, change);
    }
  }
  std::string NextName() { return std::to_string(random_.Below(500)); }

  base::Random random_;
  const Kind kind_;
  base::WallTime time_ = *base::ParseRfc3339("2024-08-08T00:00:00Z");
  std::array<int64_t, 3> price_ = {10'000, 20'000, 30'000};
};

std::vector<AccountSnapshot> SnapshotOf(const TradingFloor& floor) {
  std::vector<AccountSnapshot> snapshots;
  for (uint32_t i = 0; i < floor.account_count(); ++i) {
    AccountSnapshot snapshot{floor.account(model::AccountId(i)), {}};
    for (const model::Order* order : floor.OpenOrders(model::AccountId(i))) {
      snapshot.orders.push_back(*order);
    }
    snapshots.push_back(std::move(snapshot));
  }
  return snapshots;
}

uint64_t Seed() {
  const uint64_t seed = static_cast<uint64_t>(testing::UnitTest::GetInstance()->random_seed());
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  return seed * 1000;
}

void ExpectSame(const Witness& a, const Witness& b) {
  for (uint32_t i = 0; i < 3; ++i) {
    ASSERT_EQ(a.TextOf(model::AccountId(i)), b.TextOf(model::AccountId(i)));
  }
  ASSERT_EQ(a.floor.next_order(), b.floor.next_order());
  ASSERT_EQ(a.floor.next_fill(), b.floor.next_fill());
}

// What is reserved and held is what the open orders say.
void ExpectClaimsFollowOrders(const Witness& w) {
  for (uint32_t i = 0; i < 3; ++i) {
    const Account& account = w.floor.account(model::AccountId(i));
    base::Amount reserved;
    std::map<model::InstrumentId, int64_t> held;
    const auto open = w.floor.OpenOrders(model::AccountId(i));
    for (const model::Order* order : open) {
      reserved = Plus(reserved, ReservedFor(*order));
      const bool shared =
          order->role == model::LegRole::kStopLoss &&
          std::any_of(open.begin(), open.end(), [order](const model::Order* other) {
            const bool sibling = other->id == order->parent ||
                                 (other->parent == order->parent && other->id != order->id);
            return sibling && !other->opening() && other->status != model::OrderStatus::kHeld;
          });
      if (!shared) held[order->instrument] += HeldFor(*order).units();
    }
    ASSERT_EQ(account.reserved().ToString(), reserved.ToString());
    for (const auto& [instrument, position] : account.positions()) {
      ASSERT_EQ(position.held.units(), held[instrument]);
      ASSERT_LE(position.held.units(), std::abs(position.quantity.units()));
      held.erase(instrument);
    }
    for (const auto& [instrument, units] : held) ASSERT_EQ(units, 0) << "held of nothing";
  }
}

// A floor from the snapshots, the events after them, and what the app keeps besides.
std::unique_ptr<Witness> Restored(const Witness& lived,
                                  const std::vector<AccountSnapshot>& snapshots,
                                  const std::vector<OrderEvent>& after) {
  auto restored = std::make_unique<Witness>(TradingFloor::Options{.seed = 1});
  for (uint32_t i = 0; i < 3; ++i) {
    const model::InstrumentId id(i);
    restored->floor.RestoreQuote(id, *lived.floor.quotes().Find(id));
  }
  for (const AccountSnapshot& snapshot : snapshots) restored->floor.RestoreAccount(snapshot);
  for (const OrderEvent& event : after) restored->floor.Replay(event);
  for (int i = 0; i < 500; ++i) {
    const auto name = *model::ClientOrderId::From("n" + std::to_string(i));
    for (uint32_t a = 0; a < 3; ++a) {
      const OrderId order = lived.floor.FindByClientId(model::AccountId(a), name);
      if (order.value() != 0) restored->floor.RestoreClientId(model::AccountId(a), name, order);
    }
  }
  restored->floor.RestoreIds(lived.floor.next_order(), lived.floor.next_fill());
  return restored;
}

void ContinueBoth(Days& days, Witness& lived, Witness& restored, int steps) {
  lived.events.clear();
  restored.events.clear();
  for (int i = 0; i < steps; ++i) {
    days.Step({&lived, &restored});
    ASSERT_EQ(lived.events.size(), restored.events.size()) << "step " << i;
    for (size_t e = 0; e < lived.events.size(); ++e) {
      ASSERT_EQ(WholeText(lived.events[e]), WholeText(restored.events[e])) << "step " << i;
    }
    lived.events.clear();
    restored.events.clear();
  }
  ExpectSame(lived, restored);
}

TEST(FloorDays, TheSameInputGivesTheSameEvents) {
  const uint64_t seed = Seed();
  std::string first;
  for (int round = 0; round < 2; ++round) {
    Witness w({.seed = static_cast<uint64_t>(round)});
    Days days(seed, Days::Kind::kWithBooks);
    days.Begin(w);
    for (int i = 0; i < 3000; ++i) days.Step({&w});
    std::string text;
    for (const OrderEvent& event : w.events) text += WholeText(event) + "\n";
    if (round == 0) first = text;
    ASSERT_EQ(text, first);
  }
}

TEST(FloorDays, ClaimsAlwaysFollowTheOrders) {
  const uint64_t seed = Seed();
  for (uint64_t run = 0; run < 10; ++run) {
    SCOPED_TRACE(seed + run);
    Witness w({.seed = 1, .check_identity_on_ticks = true});
    Days days(seed + run, Days::Kind::kWithBooks);
    days.Begin(w);
    for (int i = 0; i < 1500; ++i) {
      days.Step({&w});
      ExpectClaimsFollowOrders(w);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(FloorDays, FromASnapshotLifeGoesOnAsItWas) {
  const uint64_t seed = Seed();
  for (uint64_t run = 0; run < 20; ++run) {
    SCOPED_TRACE(seed + run);
    Witness lived({.seed = 1});
    Days days(seed + run, Days::Kind::kQuotes);
    days.Begin(lived);
    for (uint64_t i = 0; i < 200 + run * 37; ++i) days.Step({&lived});
    const auto restored = Restored(lived, SnapshotOf(lived.floor), {});
    ExpectSame(lived, *restored);
    ContinueBoth(days, lived, *restored, 500);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(FloorDays, ASnapshotAndTheEventsAfterItAreTheSameToo) {
  const uint64_t seed = Seed();
  for (uint64_t run = 0; run < 20; ++run) {
    SCOPED_TRACE(seed + run);
    Witness lived({.seed = 1});
    Days days(seed + run, Days::Kind::kTold);
    days.Begin(lived);
    for (uint64_t i = 0; i < 100 + run * 37; ++i) days.Step({&lived});
    const auto snapshots = SnapshotOf(lived.floor);
    lived.events.clear();
    for (int i = 0; i < 400; ++i) days.Step({&lived});
    const auto restored = Restored(lived, snapshots, lived.events);
    ASSERT_TRUE(restored->events.empty()) << "replaying tells nothing";
    ExpectSame(lived, *restored);
    ContinueBoth(days, lived, *restored, 500);
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace livetape::floor
