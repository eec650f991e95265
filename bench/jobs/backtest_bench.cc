// livetape-backtest-bench [short|long|sweep]: SMA cross 10/30, long and short, through the whole trading floor: the path
// of every bar, orders, fills, the accounting identity, the equity curve and all figures. On one
// thread; prints one line a measurement, the best of its rounds. Times are the thread's processor
// time, so that a busy machine counts less.
//
//   short runs   1,047 daily bars, again and again: Google 2004 to 2008 where that recording is beside
//                the checkout, else a seeded walk; the answer is asserted each time
//   long run     10,000,000 minutes: a seeded walk, again and again
//   sweep        1,600 pairs of averages on the daily bars, on one thread and on two by turns, five
//                times, in time of day; the tables must be the same

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "base/assert.h"
#include "base/clock.h"
#include "base/random.h"
#include "jobs/backtest/backtest.h"
#include "jobs/backtest/real_bars.h"
#include "jobs/backtest/sma_cross.h"
#include "jobs/backtest/sweep.h"

namespace {

using namespace livetape;

constexpr int kRounds = 7;
constexpr size_t kLongBars = 10'000'000;

std::chrono::nanoseconds ThreadTime() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Prices in cents around 100, like those of a stock.
std::vector<model::Bar> Walk(size_t count, std::chrono::seconds interval) {
  constexpr int64_t kCent = 10'000'000;
  base::Random random(7);
  std::vector<model::Bar> bars(count);
  int64_t price = 10'000;
  auto start = base::WallTime(std::chrono::seconds(1'000'000'800));
  const auto step = [&random](int64_t most) {
    return static_cast<int64_t>(random.Below(static_cast<uint64_t>(most) + 1));
  };
  for (model::Bar& bar : bars) {
    const int64_t open = std::max<int64_t>(price + step(2) - 1, 100);
    const int64_t close = std::clamp<int64_t>(open + step(10) - 5, 1'000, 100'000);
    bar.start = start;
    bar.open = base::Price::FromUnits(open * kCent);
    bar.close = base::Price::FromUnits(close * kCent);
    bar.high = base::Price::FromUnits((std::max(open, close) + step(3)) * kCent);
    bar.low = base::Price::FromUnits((std::min(open, close) - step(3)) * kCent);
    bar.volume = base::Amount::From(base::Quantity::FromUnits(base::kDecimalScale));
    price = close;
    start += interval;
  }
  return bars;
}

// The same bars again and again, at later times: they come in small pieces, as from a store, and
// not from a gigabyte of memory.
class Repeated final : public jobs::BarReader {
 public:
  Repeated(const std::vector<model::Bar>& bars, std::chrono::seconds interval, uint64_t count)
      : bars_(bars), interval_(interval), count_(count), start_(bars.front().start) {}
  base::Result<std::span<const model::Bar>> Next() override {
    const size_t size = std::min<uint64_t>(piece_.size(), count_ - done_);
    for (size_t i = 0; i < size; ++i) {
      piece_[i] = bars_[at_];
      piece_[i].start = start_;
      start_ += interval_;
      if (++at_ == bars_.size()) at_ = 0;
    }
    done_ += size;
    return std::span<const model::Bar>(piece_).first(size);
  }
  std::optional<uint64_t> count() const override { return count_; }

 private:
  const std::vector<model::Bar>& bars_;
  const std::chrono::seconds interval_;
  const uint64_t count_;
  base::WallTime start_;
  uint64_t done_ = 0;
  size_t at_ = 0;
  std::vector<model::Bar> piece_ = std::vector<model::Bar>(2048);
};

jobs::BacktestResult RunOn(jobs::BarReader& reader, int64_t cash) {
  static const base::RealClock clock;
  jobs::BacktestSpec spec;
  spec.cash = base::Amount::From(base::Decimal::FromUnits(cash * base::kDecimalScale));
  spec.close_at_end = jobs::CloseAtEnd::kOpen;
  const jobs::StrategyPlan plan{.portfolio = false, .warm_up = 30, .make = [](size_t) {
                                  return std::make_unique<jobs::SmaCross>(10, 30, true);
                                }};
  const jobs::BacktestSymbol symbol{"A", model::AssetClass::kUsEquity, &reader};
  auto result = jobs::RunBacktest(spec, plan, {&symbol, 1}, {.clock = clock});
  LT_ASSERT(result, "{}", result.error().message);
  return std::move(*result);
}

template <typename Work>
void Report(std::string_view what, double bars, int rounds, Work work) {
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto began = ThreadTime();
    work();
    const std::chrono::duration<double> took = ThreadTime() - began;
    best = std::max(best, bars / took.count());
  }
  fmt::print("{:<12} {:>6.2f} million bars/s, {:.1f} ns each\n", what, best / 1e6, 1e9 / best);
}

std::vector<model::Bar> DailyBars() {
  const auto google = jobs::GoogleDaily();
  return google ? *google : Walk(1'047, std::chrono::days(1));
}

void ShortRuns() {
  constexpr int kRuns = 400;
  const std::vector<model::Bar> bars = DailyBars();
  const auto run = [&bars] {
    jobs::BarsInMemory reader(bars);
    return RunOn(reader, 10'000);
  };
  const std::string answer =
      jobs::GoogleDaily() ? "53310.62" : run().figures.final_equity.ToString();
  Report("short runs", static_cast<double>(bars.size()) * kRuns, kRounds, [&] {
    for (int i = 0; i < kRuns; ++i) {
      const std::string equity = run().figures.final_equity.ToString();
      LT_ASSERT(equity == answer, "{} is not {}", equity, answer);
    }
  });
}

void LongRun() {
  const std::vector<model::Bar> bars = Walk(10'000, std::chrono::minutes(1));
  uint64_t trades = 0;
  Report("long run", kLongBars, 3, [&] {
    Repeated reader(bars, std::chrono::minutes(1), kLongBars);
    const jobs::BacktestResult result = RunOn(reader, 1'000'000'000);
    LT_ASSERT(!result.ruined && result.bars == kLongBars, "{} bars", result.bars);
    trades = result.figures.trades;
  });
  fmt::print("trades of the long run: {}\n", trades);
}

std::vector<jobs::SweepCandidate> Pairs() {
  std::vector<jobs::SweepCandidate> pairs;
  for (int64_t fast = 1; fast <= 40; ++fast) {
    for (int64_t slow = 41; slow <= 80; ++slow) {
      const jobs::ParameterValues values = {{"fast", fast}, {"slow", slow}, {"short", true}};
      pairs.push_back({values, *jobs::PlanStrategy("sma_cross", values)});
    }
  }
  return pairs;
}

void Sweep() {
  static const base::RealClock clock;
  const std::vector<jobs::SweepCandidate> pairs = Pairs();
  const std::vector<jobs::LoadedSymbol> symbols = {
      {"A", model::AssetClass::kUsEquity, DailyBars()}};
  const auto run = [&](size_t threads, double& seconds) {
    const base::MonoTime began = clock.Mono();
    auto result =
        jobs::RunSweep({}, pairs, symbols, "sharpe_ratio", {.clock = clock, .threads = threads});
    seconds = std::chrono::duration<double>(clock.Mono() - began).count();
    LT_ASSERT(result && result->rows.size() == pairs.size());
    std::string table;
    for (const jobs::SweepRow& row : result->rows) {
      table += jobs::Text(row.values) + row.figures.final_equity.ToString() + "\n";
    }
    return table;
  };
  std::vector<double> ratios;
  for (int round = 0; round < 5; ++round) {
    double one = 0, two = 0;
    const std::string alone = run(1, one), together = run(2, two);
    LT_ASSERT(alone == together);
    ratios.push_back(one / two);
    fmt::print("sweep        {:.3f} s on one thread, {:.3f} s on two: {:.2f} x\n", one, two,
               one / two);
  }
  std::ranges::sort(ratios);
  fmt::print("sweep of {} pairs on two threads {:.2f} x the speed of one\n", pairs.size(),
             ratios[ratios.size() / 2]);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view only = argc > 1 ? argv[1] : "";
  if (only.empty() || only == "short") ShortRuns();
  if (only.empty() || only == "long") LongRun();
  if (only.empty() || only == "sweep") Sweep();
  return 0;
}
