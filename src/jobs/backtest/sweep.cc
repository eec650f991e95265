#include "jobs/backtest/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "base/assert.h"

namespace livetape::jobs {
namespace {

// The work of a sweep, shared by its threads: each takes the next candidate until none is left.
class SweepRun {
 public:
  SweepRun(const BacktestSpec& spec, std::span<const SweepCandidate> candidates,
           std::span<const LoadedSymbol> symbols, const SweepControl& control)
      : spec_(spec),
        candidates_(candidates),
        symbols_(symbols),
        control_(control),
        outside_(control.stop, [this] { stop_.request_stop(); }),
        rows_(candidates.size()),
        last_(control.clock.Mono()) {
    spec_.keeps_curve = false;
    for (const LoadedSymbol& symbol : symbols) bars_ += symbol.bars.size();
  }

  // By each thread.
  void Work() {
    for (;;) {
      const size_t i = next_.fetch_add(1);
      if (i >= candidates_.size() || stop_.stop_requested()) return;
      RunOne(i);
    }
  }

  // By the calling thread, when all have ended.
  base::Result<SweepResult> Finish(std::string_view rank_by) {
    if (error_) return std::unexpected(*std::move(error_));
    SweepResult result = std::move(about_);
    result.stopped = runs_ < candidates_.size();
    result.bars = bars_;
    for (std::optional<SweepRow>& row : rows_) {
      if (row) result.rows.push_back(*std::move(row));
    }
    if (!result.stopped) Report();
    // Nothing is less than every number, so that it comes last.
    std::ranges::stable_sort(result.rows, std::greater(), [rank_by](const SweepRow& row) {
      return FigureOf(row.figures, rank_by);
    });
    return result;
  }

 private:
  // Adds what one run has done since it last told to what all have done.
  class RunSink final : public ProgressSink {
   public:
    explicit RunSink(SweepRun& sweep) : sweep_(sweep) {}
    void OnProgress(const BacktestProgress& progress) override {
      sweep_.Add(progress.done - told_);
      told_ = progress.done;
    }
    uint64_t told() const { return told_; }

   private:
    SweepRun& sweep_;
    uint64_t told_ = 0;
  };

  void RunOne(size_t i) {
    std::vector<BarsInMemory> readers;
    readers.reserve(symbols_.size());
    std::vector<BacktestSymbol> symbols;
    for (const LoadedSymbol& symbol : symbols_) {
      readers.emplace_back(symbol.bars);
      symbols.push_back({symbol.name, symbol.asset_class, &readers.back()});
    }
    RunSink sink(*this);
    auto result = RunBacktest(spec_, candidates_[i].plan, symbols,
                              {.clock = control_.clock,
                               .sink = &sink,
                               .interval = control_.interval,
                               .stop = stop_.get_token()});
    const std::scoped_lock lock(mutex_);
    if (!result) {
      if (!error_) error_ = std::move(result.error());
      stop_.request_stop();
      return;
    }
    if (result->stopped) return;
    ++runs_;
    done_ += bars_ - sink.told();  // who is ruined does not see all
    // The same for all runs that have seen all.
    if (about_.data_hash == 0 || result->last > about_.last) {
      about_.first = result->first;
      about_.last = result->last;
      about_.days_per_year = result->days_per_year;
      about_.data_hash = result->data_hash;
    }
    rows_[i] = SweepRow{candidates_[i].values, result->figures, result->ruined};
  }

  void Add(uint64_t bars) {
    const std::scoped_lock lock(mutex_);
    done_ += bars;
    const base::MonoTime now = control_.clock.Mono();
    if (now - last_ < control_.interval) return;
    last_ = now;
    Report();
  }
  void Report() {
    if (control_.sink == nullptr) return;
    control_.sink->OnProgress({.done = done_,
                               .total = bars_ * candidates_.size(),
                               .runs = runs_,
                               .combinations = candidates_.size()});
  }

  BacktestSpec spec_;
  const std::span<const SweepCandidate> candidates_;
  const std::span<const LoadedSymbol> symbols_;
  const SweepControl& control_;
  std::stop_source stop_;
  const std::stop_callback<std::function<void()>> outside_;
  uint64_t bars_ = 0;
  std::atomic<size_t> next_ = 0;
  std::vector<std::optional<SweepRow>> rows_;  // each written by the thread that ran it

  std::mutex mutex_;  // of all that follows
  uint64_t done_ = 0, runs_ = 0;
  SweepResult about_;
  std::optional<base::Error> error_;
  base::MonoTime last_;
};

// The plan may not see one of the bars.
bool Forbids(const StrategyPlan& plan, std::span<const LoadedSymbol> symbols) {
  return plan.forbidden && std::ranges::any_of(symbols, [&plan](const LoadedSymbol& symbol) {
           const auto bar =
               std::ranges::lower_bound(symbol.bars, plan.forbidden->first, {}, &model::Bar::start);
           return bar != symbol.bars.end() && bar->start <= plan.forbidden->last;
         });
}

}  // namespace

base::Result<std::vector<LoadedSymbol>> LoadSymbols(std::span<const BacktestSymbol> symbols,
                                                    const TimeRange& range,
                                                    const std::stop_token& stop) {
  std::vector<LoadedSymbol> loaded;
  loaded.reserve(symbols.size());
  size_t count = 0;
  const auto outside = [&range](const model::Bar& bar) {
    return (range.from && bar.start < *range.from) || (range.to && bar.start > *range.to);
  };
  for (const BacktestSymbol& symbol : symbols) {
    LoadedSymbol& one = loaded.emplace_back(symbol.name, symbol.asset_class);
    while (!stop.stop_requested()) {
      const auto chunk = symbol.bars->Next();
      if (!chunk) return std::unexpected(chunk.error());
      if (chunk->empty()) break;
      const size_t before = one.bars.size();
      std::ranges::remove_copy_if(*chunk, std::back_inserter(one.bars), outside);
      count += one.bars.size() - before;
      if (count > kSweepBarsMax) {
        return base::Fail(
            fmt::format("a sweep keeps all bars in memory, {} at most: take fewer symbols, a "
                        "shorter range or a longer timeframe",
                        kSweepBarsMax));
      }
    }
  }
  return loaded;
}

ParameterFault NoneCanBeRun(uint64_t combinations, ParameterFault first) {
  first.message = fmt::format("none of the {} combinations can be run; the first: {}", combinations,
                              first.message);
  return first;
}

std::expected<PlannedSweep, ParameterFault> PlanSweep(const BacktestRequest& request,
                                                      const CheckedBacktest& checked,
                                                      const ModelSource& models,
                                                      std::span<const LoadedSymbol> symbols) {
  const ModelSource each = EachFoundOnce(models);
  PlannedSweep planned{.skipped = checked.skipped};
  planned.candidates.reserve(checked.combinations.size());
  std::optional<ParameterFault> first;
  for (const ParameterValues& values : checked.combinations) {
    auto plan = PlanStrategy(request.strategy, values, &each);
    if (plan && !Forbids(*plan, symbols)) {
      planned.candidates.push_back({.values = values, .plan = *std::move(plan)});
      continue;
    }
    ++planned.skipped;
    if (first) continue;
    first = plan ? ParameterFault{"allow_lookahead", std::move(plan->forbidden->why)}
                 : std::move(plan.error());
  }
  if (!planned.candidates.empty()) return planned;
  return std::unexpected(NoneCanBeRun(planned.skipped, *std::move(first)));
}

base::Result<SweepResult> RunSweep(const BacktestSpec& spec,
                                   std::span<const SweepCandidate> candidates,
                                   std::span<const LoadedSymbol> symbols, std::string_view rank_by,
                                   const SweepControl& control) {
  LT_ASSERT(!candidates.empty() && candidates.size() <= kCombinationsMax && !symbols.empty() &&
                control.threads > 0 && FindFigure(rank_by) != nullptr,
            "{} candidates, {} symbols, {} threads, rank by {}", candidates.size(), symbols.size(),
            control.threads, rank_by);
  SweepRun run(spec, candidates, symbols, control);
  {
    std::vector<std::jthread> others;
    const size_t threads = std::min(control.threads, candidates.size());
    for (size_t i = 1; i < threads; ++i) others.emplace_back([&run] { run.Work(); });
    run.Work();
  }
  return run.Finish(rank_by);
}

}  // namespace livetape::jobs
