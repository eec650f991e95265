#include "app/jobs/backtest_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "api/jobs/backtest_body.h"
#include "app/jobs/stored_bars.h"
#include "app/jobs/stored_models.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "jobs/backtest/backtest.h"
#include "jobs/backtest/result_json.h"
#include "jobs/backtest/sweep.h"
#include "jobs/rate.h"
#include "jobs/result_list.h"
#include "store/job_books.h"

namespace livetape::app {
namespace {

using jobs::JobContext;
using model::JobEnd;

// New points of the equity curve in one event, at most (API section 10).
constexpr size_t kPointsPerEvent = 200;

std::string DateOf(base::WallTime time) { return base::FormatRfc3339(time); }

// The symbols of a request with the store's bars of each.
struct StoredSymbols {
  std::unique_ptr<store::Reader> reader;
  std::vector<std::unique_ptr<StoredBars>> bars;
  std::vector<jobs::BacktestSymbol> symbols;
};

base::Result<StoredSymbols> OpenSymbols(const jobs::BacktestRequest& request,
                                        const std::filesystem::path& folder) {
  auto reader = OpenStoreReader(folder);
  if (!reader) return std::unexpected(std::move(reader.error()));
  StoredSymbols stored{.reader = *std::move(reader), .bars = {}, .symbols = {}};
  const jobs::TimeRange& range = request.spec.range;
  for (const std::string& symbol : request.symbols) {
    const auto series = stored.reader->OneBarSeries(symbol, request.timeframe);
    if (!series) return std::unexpected(series.error());
    if (!*series) {
      return base::Fail(fmt::format("there are no bars of {} any more", symbol));
    }
    stored.bars.push_back(std::make_unique<StoredBars>(*stored.reader, symbol, request.timeframe,
                                                       range.from, range.to));
    stored.symbols.push_back(
        {.name = symbol, .asset_class = (*series)->asset_class, .bars = stored.bars.back().get()});
  }
  return stored;
}

// Tells of one run: where it is, what the account is worth, and the curve since the last event.
class RunTeller final : public jobs::ProgressSink {
 public:
  RunTeller(JobContext& context, double start, const base::Clock& clock)
      : context_(context), start_(start), rate_(clock) {}

  void OnProgress(const jobs::BacktestProgress& progress) override {
    if (!context_.Due()) return;
    const jobs::Rate rate = rate_.At(progress.done, progress.total);
    const double equity = progress.equity.Approximate();
    std::string members = fmt::format(R"("current_date":"{}",{},"results":{{)",
                                      DateOf(progress.time), jobs::RateMembers(rate, "bars"));
    members += fmt::format(R"("final_equity":{},"total_return":{},"trades":{},"equity":)", equity,
                           equity / start_ - 1, progress.trades);
    jobs::AppendEquity(members, jobs::Thinned(progress.curve, told_, kPointsPerEvent));
    told_ = progress.curve.times.size();
    context_.Report(rate.percent, progress.done, jobs::RateText(rate, "bars"), members + "}");
  }

  // Points of the curve that have been told of, thinned.
  size_t told() const { return told_; }

 private:
  JobContext& context_;
  const double start_;
  jobs::RateMeter rate_;
  size_t told_ = 0;
};

class SweepTeller final : public jobs::SweepSink {
 public:
  SweepTeller(JobContext& context, const base::Clock& clock) : context_(context), rate_(clock) {}

  void OnProgress(const jobs::SweepProgress& progress) override {
    if (!context_.Due()) return;
    const jobs::Rate rate = rate_.At(progress.done, progress.total);
    context_.Report(
        rate.percent, progress.done,
        fmt::format("{} of {} combinations, {}", progress.runs, progress.combinations,
                    jobs::RateText(rate, "bars")),
        fmt::format(R"({},"combinations":{{"done":{},"total":{}}})",
                    jobs::RateMembers(rate, "bars"), progress.runs, progress.combinations));
  }

 private:
  JobContext& context_;
  jobs::RateMeter rate_;
};

void AppendRange(std::string& out, base::WallTime first, base::WallTime last, uint64_t bars,
                 int days, uint64_t hash) {
  out += fmt::format(
      R"("from":"{}","to":"{}","bars":{},"days_per_year":{},"data_hash":"{}","version":"{}")",
      base::FormatRfc3339(first), base::FormatRfc3339(last), bars, days, jobs::HashText(hash),
      LIVETAPE_VERSION);
}

std::vector<model::CurvePoint> PointsOf(const jobs::EquityCurve& curve) {
  const jobs::EquityCurve thinned = jobs::Thinned(curve, 0, store::JobBooks::kPointsMax);
  std::vector<model::CurvePoint> points;
  points.reserve(thinned.times.size());
  for (size_t i = 0; i < thinned.times.size(); ++i) {
    points.push_back({thinned.times[i], thinned.equity[i].Approximate()});
  }
  return points;
}

// As many of the items as are kept. It says how far it is: a long list takes longer than its bars.
template <typename Items, typename Append>
base::Result<void> KeepList(JobContext& context, const base::Clock& clock, const std::string& name,
                            const Items& items, Append append) {
  jobs::ResultList list(context, name);
  jobs::RateMeter meter(clock);
  const size_t count = std::min(items.size(), store::JobBooks::kRowsMax);
  for (size_t i = 0; i < count; ++i) {
    std::string row;
    append(row, items[i]);
    if (auto added = list.Add(std::move(row)); !added) return added;
    if (!context.Due()) continue;
    const jobs::Rate rate = meter.At(i + 1, count);
    context.Report(100, context.job().records,
                   fmt::format("keeps its result: {} of {} {}", i + 1, count, name),
                   jobs::RateMembers(rate, "rows"));
  }
  return list.Flush();
}

base::Result<void> KeepLists(JobContext& context, const base::Clock& clock,
                             const jobs::BacktestRequest& request,
                             const jobs::BacktestResult& result) {
  auto kept = KeepList(
      context, clock, "trades", result.trades,
      [&](std::string& out, const auto& trade) { jobs::AppendTrade(out, trade, request.symbols); });
  if (!kept) return kept;
  return KeepList(context, clock, "fills", result.fills, [&](std::string& out, const auto& fill) {
    jobs::AppendFill(out, fill, request.symbols);
  });
}

// `told`: points of the curve that events have told of.
JobEnd EndOf(const jobs::BacktestResult& result, size_t told) {
  JobEnd end{.state = model::JobState::kCompleted};
  end.records = result.bars;
  end.message = fmt::format("{} bars, {} trades", result.bars, result.figures.trades);
  std::string figures;
  jobs::AppendFigures(figures, result.figures);
  end.result = "{\"results\":" + figures + ",\"monthly_returns\":";
  jobs::AppendMonths(end.result, result.months);
  end.result += fmt::format(R"(,"ruined":{},"fills":{},"refused_orders":{{)", result.ruined,
                            result.fill_count);
  for (const auto& [reason, count] : result.refused) {
    if (end.result.back() != '{') end.result += ',';
    end.result += fmt::format("\"{}\":{}", floor::Code(reason), count);
  }
  end.result += "},";
  AppendRange(end.result, result.first, result.last, result.bars, result.days_per_year,
              result.data_hash);
  end.result += '}';
  end.curve = PointsOf(result.curve);
  std::string curve;
  jobs::AppendEquity(curve, jobs::Thinned(result.curve, told, kPointsPerEvent));
  figures.pop_back();
  end.members = fmt::format(R"("current_date":"{}","results":{},"equity":{}}})",
                            DateOf(result.last), figures, curve);
  return end;
}

JobEnd EndOf(uint64_t skipped, const std::string& rank_by, const jobs::SweepResult& result) {
  JobEnd end{.state = model::JobState::kCompleted};
  end.records = result.bars * result.rows.size();
  end.message = fmt::format("{} combinations, {} skipped", result.rows.size(), skipped);
  std::string best = "null", figures = "null";
  if (!result.rows.empty()) {
    best.clear();
    figures.clear();
    jobs::AppendRow(best, result.rows.front());
    jobs::AppendFigures(figures, result.rows.front().figures);
  }
  end.result = fmt::format(
      R"({{"results":{},"sweep":{{"combinations":{},"skipped":{},"rank_by":"{}","best":{}}},)",
      figures, result.rows.size(), skipped, rank_by, best);
  AppendRange(end.result, result.first, result.last, result.bars, result.days_per_year,
              result.data_hash);
  end.result += '}';
  end.members = fmt::format(R"("results":{})", figures);
  return end;
}

JobEnd RunOne(JobContext& context, const JobGround& ground, const jobs::BacktestRequest& request,
              const jobs::CheckedBacktest& checked) {
  auto stored = OpenSymbols(request, ground.folder);
  if (!stored) return JobEnd::Failed(stored.error().message);
  const jobs::ModelSource models = StoredModels(ground.folder, request.timeframe);
  const auto plan = jobs::PlanStrategy(request.strategy, checked.combinations.front(), &models);
  if (!plan) return JobEnd::Failed(plan.error().message);
  RunTeller teller(context, request.spec.cash.Approximate(), ground.clock);
  const auto result = jobs::RunBacktest(request.spec, *plan, stored->symbols,
                                        {.clock = ground.clock,
                                         .sink = &teller,
                                         .interval = jobs::JobContext::kBetweenReports,
                                         .stop = context.stop()});
  if (!result) return JobEnd::Failed(result.error().message);
  if (result->stopped) return JobEnd::Cancelled();
  if (auto kept = KeepLists(context, ground.clock, request, *result); !kept) {
    return JobEnd::Failed(kept.error().message);
  }
  return EndOf(*result, teller.told());
}

JobEnd RunMany(JobContext& context, const JobGround& ground, const jobs::BacktestRequest& request,
               const jobs::CheckedBacktest& checked) {
  auto stored = OpenSymbols(request, ground.folder);
  if (!stored) return JobEnd::Failed(stored.error().message);
  const auto loaded = jobs::LoadSymbols(stored->symbols, request.spec.range, context.stop());
  if (!loaded) return JobEnd::Failed(loaded.error().message);
  if (context.stop().stop_requested()) return JobEnd::Cancelled();
  const auto planned =
      jobs::PlanSweep(request, checked, StoredModels(ground.folder, request.timeframe), *loaded);
  if (!planned) return JobEnd::Failed(planned.error().message);
  SweepTeller teller(context, ground.clock);
  const auto result = jobs::RunSweep(request.spec, planned->candidates, *loaded, request.rank_by,
                                     {.clock = ground.clock,
                                      .sink = &teller,
                                      .interval = jobs::JobContext::kBetweenReports,
                                      .stop = context.stop(),
                                      .threads = ground.threads});
  if (!result) return JobEnd::Failed(result.error().message);
  if (result->stopped) return JobEnd::Cancelled();
  const auto kept = KeepList(context, ground.clock, "sweep", result->rows,
                             [](std::string& out, const auto& row) { jobs::AppendRow(out, row); });
  if (!kept) return JobEnd::Failed(kept.error().message);
  return EndOf(planned->skipped, request.rank_by, *result);
}

}  // namespace

JobEnd RunBacktestJob(JobContext& context, const JobGround& ground) {
  auto request = api::ParseBacktestBody(context.job().request);
  if (!request) return JobEnd::Failed("the request cannot be read: " + request.error().detail);
  request->spec.hours = ground.hours;
  request->spec.daily_bars = request->timeframe == model::Timeframe::k1d;
  const auto checked = jobs::Check(*request);
  if (!checked) return JobEnd::Failed(checked.error().message);
  return checked->sweep ? RunMany(context, ground, *request, *checked)
                        : RunOne(context, ground, *request, *checked);
}

}  // namespace livetape::app
