// livetape-floor-bench: what the trading floor does on one thread, in memory; its events are counted
// and thrown away. Prints one line a measurement, the best of five rounds. Times are the thread's
// processor time, so that a busy machine counts less.
//
//   market orders      accepted and filled at once
//   resting limits     accepted, then matched by the ticks that come to them, 2,000 at a time
//   many of them       likewise, 20,000 at a time: more than the processor's caches hold
//   half and half      of both, as they come
//   idle tick          a quote or trade that no order waits for, with 100,000 limits resting
//   names              bytes that the index of client order ids takes for each order
//
// 1,000 accounts trade on 100 symbols; each has positions in 8 of them.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "base/assert.h"
#include "base/clock.h"
#include "floor/client_order_index.h"
#include "floor/trading_floor.h"

namespace {

using namespace livetape;

constexpr uint32_t kAccounts = 1'000;
constexpr uint32_t kSymbols = 100;
constexpr uint32_t kSymbolsEach = 8;
constexpr int kRounds = 5;
constexpr uint64_t kFew = 2'000, kMany = 20'000;
constexpr uint64_t kOrders = 160'000;  // of a round: as many sold as bought

base::Price Cents(int64_t cents) { return base::Price::FromUnits(cents * 10'000'000); }
base::Quantity Shares(int64_t shares) {
  return base::Quantity::FromUnits(shares * base::kDecimalScale);
}

std::chrono::nanoseconds ThreadTime() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

class Counter final : public floor::FloorObserver {
 public:
  void OnOrderEvent(const floor::OrderEvent& event) override {
    ++events;
    if (floor::IsFill(event.kind)) ++fills;
    if (event.kind == floor::OrderEventKind::kRejected) ++rejected;
  }
  void OnRuined(model::AccountId, base::WallTime) override { ++ruined; }
  uint64_t events = 0, fills = 0, rejected = 0, ruined = 0;
};

class Bench {
 public:
  Bench() : floor_({.exchange_hours = false, .seed = 1}, counter_) {
    for (uint32_t i = 0; i < kSymbols; ++i) {
      Quote(floor_.AddInstrument(model::AssetClass::kUsEquity), 10'000);
    }
    floor::AccountSettings settings;
    settings.cash = base::Amount::From(base::Quantity::FromUnits(1'000'000 * base::kDecimalScale));
    settings.fees.rate = base::Decimal::FromUnits(1'000'000);
    for (uint32_t i = 0; i < kAccounts; ++i) floor_.OpenAccount(now_, settings);
    for (uint64_t i = 0; i < uint64_t{kAccounts} * kSymbolsEach; ++i) {
      Place(i, model::Side::kBuy, 10, 0);
    }
  }

  void Run() {
    Report("market orders", kOrders, [this] {
      for (uint64_t i = 0; i < kOrders; ++i) Place(i, SideOf(i), 1, 0);
    });
    Report("resting limits", kOrders, [this] { RestAndMatch(kOrders, kFew); });
    Report("many of them", kOrders, [this] { RestAndMatch(kOrders, kMany); });
    Report("half and half", kOrders, [this] {
      for (uint64_t i = 0; i < kOrders / 2; ++i) Place(i, SideOf(i), 1, 0);
      RestAndMatch(kOrders / 2, kFew);
    });
    LT_ASSERT(counter_.rejected == 0 && counter_.ruined == 0, "{} refused, {} ruined",
              counter_.rejected, counter_.ruined);
    IdleTicks();
    fmt::print("events: {}, of them fills: {}\n", counter_.events, counter_.fills);
  }

 private:
  // All trade on all of their symbols in turn, first one way, then the other.
  static model::Side SideOf(uint64_t i) {
    return i / (uint64_t{kAccounts} * kSymbolsEach) % 2 == 0 ? model::Side::kSell
                                                             : model::Side::kBuy;
  }
  static model::InstrumentId SymbolOf(uint64_t i) {
    const uint64_t account = i % kAccounts;
    const uint64_t which = i / kAccounts % kSymbolsEach;
    return model::InstrumentId(static_cast<uint32_t>((account * 7 + which * 13) % kSymbols));
  }

  void Quote(model::InstrumentId id, int64_t cents) {
    floor_.OnQuote(now_, {id, Cents(cents - 1), Cents(cents + 1), Shares(100), Shares(100)});
    floor_.OnTrade(now_, {id, Cents(cents), Shares(1)});
  }

  // `limit` in cents; 0: a market order.
  void Place(uint64_t i, model::Side side, int64_t shares, int64_t limit) {
    floor::OrderRequest request;
    request.instrument = SymbolOf(i);
    request.side = side;
    request.quantity = Shares(shares);
    if (limit > 0) {
      request.type = model::OrderType::kLimit;
      request.limit = Cents(limit);
    }
    const model::AccountId account(static_cast<uint32_t>(i % kAccounts));
    const auto placed = floor_.Place(now_, account, request);
    LT_ASSERT(placed, "order {}: {}", i, floor::Code(placed.error().reason));
  }

  // Two limits around the market for each account and turn, at a hundred prices; then the market
  // walks through all of them, in 2,800 ticks and one window.
  void RestAndMatch(uint64_t orders, uint64_t at_a_time) {
    for (uint64_t done = 0; done < orders; done += at_a_time) {
      for (uint64_t i = done / 2; i < (done + at_a_time) / 2; ++i) {
        const auto away = static_cast<int64_t>(10 + i * 37 % 100);
        Place(i, model::Side::kSell, 1, 10'000 + away);
        Place(i, model::Side::kBuy, 1, 10'000 - away);
      }
      for (int64_t away = 0; away <= 120; away += 10) QuoteAll(10'000 + away);
      for (int64_t away = 0; away <= 120; away += 10) QuoteAll(10'000 - away);
      QuoteAll(10'000);
      floor_.TakeChanged(now_, changed_);
    }
  }

  void QuoteAll(int64_t cents) {
    for (uint32_t i = 0; i < kSymbols; ++i) Quote(model::InstrumentId(i), cents);
  }

  template <typename Work>
  void Report(std::string_view what, uint64_t count, Work work) {
    double best = 0;
    for (int round = 0; round < kRounds; ++round) {
      now_ += std::chrono::seconds(1);
      const auto began = ThreadTime();
      work();
      const std::chrono::duration<double> took = ThreadTime() - began;
      best = std::max(best, static_cast<double>(count) / took.count());
    }
    fmt::print("{:<16} {:>10.0f} orders/s, {:.0f} ns each\n", what, best, 1e9 / best);
  }

  void IdleTicks() {
    for (uint64_t i = 0; i < 100'000; ++i) {
      Place(i, SideOf(i), 1, SideOf(i) == model::Side::kSell ? 20'000 : 5'000);
    }
    constexpr uint64_t kTicks = 2'000'000;
    double best = 1e9;
    for (int round = 0; round < kRounds; ++round) {
      const auto began = ThreadTime();
      for (uint64_t i = 0; i < kTicks / 2; ++i) {
        Quote(model::InstrumentId(static_cast<uint32_t>(i % kSymbols)),
              10'000 + static_cast<int64_t>(i % 7));
      }
      const std::chrono::duration<double, std::nano> took = ThreadTime() - began;
      best = std::min(best, took.count() / static_cast<double>(kTicks));
      floor_.TakeChanged(now_, changed_);
    }
    fmt::print("{:<16} {:>10.1f} ns\n", "idle tick", best);
  }

  Counter counter_;
  base::WallTime now_ = base::WallTime(std::chrono::seconds(1'700'000'000));
  floor::TradingFloor floor_;
  std::vector<model::AccountId> changed_;
};

void MeasureNames() {
  constexpr uint64_t kNames = 1'000'000;
  floor::ClientOrderIndex index(7);
  for (uint64_t i = 1; i <= kNames; ++i) {
    const auto name = model::ClientOrderId::From(fmt::format("order-of-a-client-{}", i));
    index.Add(model::AccountId(static_cast<uint32_t>(i % kAccounts)), *name, model::OrderId(i));
  }
  fmt::print("{:<16} {:>10.1f} bytes an order, {} of them\n", "names",
             static_cast<double>(index.bytes()) / static_cast<double>(kNames), kNames);
}

}  // namespace

int main() {
  Bench().Run();
  MeasureNames();
  return 0;
}
