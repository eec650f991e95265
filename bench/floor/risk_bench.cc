// livetape-risk-bench: what figures of risk cost on one thread. Prints one line a measurement, the best
// of five rounds, in the thread's processor time.
//
//   historical, parametric   limits of 100 accounts with 50 positions each, all of whose marks have
//                            changed: the share of a core at ten times a second
//   monte carlo              100,000 draws and their two figures

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <vector>

#include "base/assert.h"
#include "floor/risk/value_at_risk.h"
#include "floor/trading_floor.h"

namespace {

using namespace livetape;

constexpr uint32_t kAccounts = 100, kSymbols = 200, kSymbolsEach = 50;
constexpr int kRounds = 5, kTurns = 20;

base::Price Cents(int64_t cents) { return base::Price::FromUnits(cents * 10'000'000); }

std::chrono::nanoseconds ThreadTime() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

class Listener final : public floor::FloorObserver {
 public:
  void OnOrderEvent(const floor::OrderEvent&) override {}
  void OnRuined(model::AccountId, base::WallTime) override {}
  void OnRiskAlert(const floor::RiskAlert&) override { ++alerts; }
  int alerts = 0;
};

class Bench {
 public:
  Bench()
      : floor_({.exchange_hours = false,
                .seed = 1,
                .check_identity_on_ticks = false,
                .watch_risk = true},
               listener_) {
    for (uint32_t i = 0; i < kSymbols; ++i) List();
    floor::AccountSettings settings;
    settings.cash = base::Amount::From(base::Quantity::FromUnits(1'000'000 * base::kDecimalScale));
    for (uint32_t i = 0; i < kAccounts; ++i) {
      const model::AccountId id = floor_.OpenAccount(now_, settings);
      for (uint32_t n = 0; n < kSymbolsEach; ++n) Buy(id, (i * 7 + n * 3) % kSymbols);
    }
    floor_.WatchRisk();
  }

  void Measure(floor::VarMethod method) {
    floor::RiskRules rules;
    rules.var_method = method;
    rules.of(floor::RiskMetric::kVar).limit = base::Decimal::FromUnits(500'000'000);
    floor_.SetRiskRules(now_, rules);
    auto best = std::chrono::nanoseconds::max();
    for (int round = 0; round < kRounds; ++round) {
      std::chrono::nanoseconds spent{};
      for (uint32_t turn = 0; turn < kTurns; ++turn) {
        for (uint32_t i = 0; i < kSymbols; ++i) Trade(i, 10'000 + (turn + i) % 50);
        now_ += std::chrono::milliseconds(100);
        const auto before = ThreadTime();
        Trade(0, 10'000);  // the first that comes at the next tenth
        spent += ThreadTime() - before;
      }
      best = std::min(best, spent / kTurns);
    }
    LT_ASSERT(listener_.alerts == 0, "{}", listener_.alerts);
    const auto us = static_cast<double>(best.count()) / 1e3;
    fmt::print("{:<14} {:>9.1f} us for {} accounts, {:.2f} % of a core at 10 Hz\n", Name(method),
               us, kAccounts, us / 1e3);
  }

 private:
  void List() {
    const model::InstrumentId id = floor_.AddInstrument(model::AssetClass::kUsEquity);
    constexpr int32_t kDays = 300;
    std::vector<floor::DailyClose> closes;
    closes.reserve(kDays);
    for (int32_t day = 0; day < kDays; ++day) {
      closes.push_back(
          {day, Cents(10'000 + (day * 37 + static_cast<int32_t>(id.value()) * 11) % 97)});
    }
    floor_.OnDailyCloses(id, closes);
    Trade(id.value(), 10'000);
  }
  void Trade(uint32_t symbol, int64_t cents) {
    floor_.OnTrade(now_, {model::InstrumentId(symbol), Cents(cents), {}});
  }
  void Buy(model::AccountId account, uint32_t symbol) {
    floor::OrderRequest request;
    request.instrument = model::InstrumentId(symbol);
    request.quantity = base::Quantity::FromUnits(100 * base::kDecimalScale);
    const auto placed = floor_.Place(now_, account, request);
    LT_ASSERT(placed.has_value(), "{}", Code(placed.error().reason));
  }

  Listener listener_;
  floor::TradingFloor floor_;
  base::WallTime now_{std::chrono::hours(24 * 400)};
};

void MeasureMonteCarlo() {
  auto best = std::chrono::nanoseconds::max();
  double sum = 0;
  for (uint64_t round = 0; round < kRounds; ++round) {
    const auto before = ThreadTime();
    const floor::MonteCarlo draws(0.95, round);
    sum += draws.Of({.mean = 0, .deviation = 1}).var;
    best = std::min(best, ThreadTime() - before);
  }
  LT_ASSERT(sum / kRounds > 1.6 && sum / kRounds < 1.7, "{}", sum / kRounds);
  fmt::print("{:<14} {:>9.2f} ms for {} draws\n", "monte carlo",
             static_cast<double>(best.count()) / 1e6, floor::kMonteCarloDraws);
}

}  // namespace

int main() {
  Bench bench;
  bench.Measure(floor::VarMethod::kHistorical);
  bench.Measure(floor::VarMethod::kParametric);
  MeasureMonteCarlo();
}
