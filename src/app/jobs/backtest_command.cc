#include "app/jobs/backtest_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "app/jobs/backtest_bars.h"
#include "app/jobs/backtest_files.h"
#include "app/jobs/backtest_options.h"
#include "app/jobs/backtest_table.h"
#include "app/jobs/bar_progress.h"
#include "app/jobs/bar_selection.h"
#include "app/jobs/exec_session.h"
#include "app/jobs/recording_replay.h"
#include "app/stop_by_signal.h"
#include "jobs/backtest/model_strategy.h"
#include "jobs/training/model_file.h"

namespace livetape::app {
namespace {

constexpr int kFailed = 1, kWrongUsage = 2;

int Failed(const base::Error& error) {
  fmt::print(stderr, "livetape backtest: {}\n", error.message);
  return kFailed;
}
int Wrong(const jobs::ParameterFault& fault) {
  fmt::print(stderr, "livetape backtest: {}: {}\n", fault.field, fault.message);
  return kWrongUsage;
}

class Backtest {
 public:
  Backtest(const BacktestCommand& command, const base::Clock& clock, jobs::BacktestRequest request)
      : command_(command), clock_(clock), request_(std::move(request)) {}

  int Run() {
    if (const auto opened = OpenBars(); !opened) return Failed(opened.error());
    const auto checked = Checked();
    if (!checked) return Wrong(checked.error());
    const auto selected = bars_->Select(request_.symbols, request_.timeframe, request_.spec.range);
    if (!selected) return Failed(selected.error());
    if (!command_.exec.empty()) return RunProgram();
    return checked->sweep ? RunSweep(*checked) : RunOne(checked->combinations.front());
  }

 private:
  base::Result<void> OpenBars() {
    const auto config = config::Load(command_.load);
    if (!config) return std::unexpected(config.error());
    request_.spec.hours = config->market.hours == config::MarketHours::kExchange
                              ? market::Hours::kExchange
                              : market::Hours::kAlways;
    request_.spec.daily_bars = request_.timeframe == model::Timeframe::k1d;
    data_folder_ = config->server.data_dir;
    if (command_.csv.empty()) {
      auto opened = BacktestBars::OfStore(data_folder_);
      if (!opened) return std::unexpected(std::move(opened.error()));
      bars_ = *std::move(opened);
      return {};
    }
    std::vector<CsvSource> sources;
    sources.reserve(command_.csv.size());
    for (const std::string& text : command_.csv) sources.push_back(ParseCsvSource(text));
    auto loaded =
        LoadCsv(sources, request_.timeframe,
                ParseAssetClass(command_.asset_class).value_or(model::AssetClass::kUsEquity));
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    for (const std::string& note : loaded->notes) {
      fmt::print(stderr, "livetape backtest: {}\n", note);
    }
    bars_ = BacktestBars::OfCsv(std::move(loaded->symbols), request_.timeframe);
    if (request_.symbols.empty()) request_.symbols = bars_->FileSymbols();
    return {};
  }

  // A program has no parameters that we could check; the rest of its request is checked with a
  // strategy that has none either.
  std::expected<jobs::CheckedBacktest, jobs::ParameterFault> Checked() const {
    jobs::BacktestRequest request = request_;
    if (!command_.exec.empty()) request.strategy = "buy_and_hold";
    return Check(request);
  }

  // Of the data folder by the number of its training, or any file.
  jobs::ModelSource Models() const {
    const auto find =
        [this](
            std::string_view task_id) -> base::Result<std::shared_ptr<const jobs::TrainedModel>> {
      auto model = jobs::ReadModel(jobs::IsTaskId(task_id) ? jobs::ModelFile(data_folder_, task_id)
                                                           : std::filesystem::path(task_id));
      if (!model) return std::unexpected(std::move(model.error()));
      return std::make_shared<const jobs::TrainedModel>(*std::move(model));
    };
    return {.find = find, .timeframe = request_.timeframe};
  }

  jobs::BacktestControl Control(BarProgress& progress, const StopBySignal& stop) const {
    return {.clock = clock_, .sink = &progress, .stop = stop.source().get_token()};
  }

  int RunOne(const jobs::ParameterValues& values) {
    const jobs::ModelSource models = Models();
    const auto plan = jobs::PlanStrategy(request_.strategy, values, &models);
    if (!plan) return Wrong(plan.error());
    StopBySignal stop(clock_);
    return Finish(request_.strategy + " " + jobs::Text(values), values, RunPlan(*plan, stop));
  }

  base::Result<jobs::BacktestResult> RunPlan(const jobs::StrategyPlan& plan,
                                             const StopBySignal& stop) {
    BarProgress progress(clock_);
    const auto symbols = bars_->Readers();
    return jobs::RunBacktest(request_.spec, plan, symbols, Control(progress, stop));
  }

  int RunProgram() {
    ExecOptions options{.command = command_.exec};
    options.timeout = std::chrono::milliseconds(std::llround(command_.exec_timeout_s * 1000));
    for (const std::string& text : command_.params) {
      auto param = ParseParam(text);
      if (!param) return Wrong({"param", fmt::format("'{}' is not name=value", text)});
      options.params.push_back(*std::move(param));
    }
    StopBySignal stop(clock_);
    auto session = ExecSession::Start(options, request_, clock_, stop.source());
    if (!session) return Failed(session.error());
    const auto result = RunPlan((*session)->Plan(), stop);
    if ((*session)->fault()) return Failed(*(*session)->fault());
    return Finish(command_.exec, {}, result);
  }

  int Finish(const std::string& title, const jobs::ParameterValues& values,
             const base::Result<jobs::BacktestResult>& result) const {
    if (!result) return Failed(result.error());
    if (result->stopped && result->bars == 0) return Failed(base::Error{"stopped"});
    fmt::print("{}", Table(title, request_, *result));
    if (command_.json) {
      const auto written = WriteJson(*command_.json, request_, values, *result);
      if (!written) return Failed(written.error());
    }
    if (command_.csv_out) {
      const auto written = WriteCsv(*command_.csv_out, request_, *result);
      if (!written) return Failed(written.error());
    }
    if (!result->stopped) return 0;
    return Failed(base::Error{
        fmt::format("stopped after the bar of {}: all is as of then", ShortTime(result->last))});
  }

  int RunSweep(const jobs::CheckedBacktest& checked) {
    StopBySignal stop(clock_);
    const auto symbols = bars_->Readers();
    const auto loaded = jobs::LoadSymbols(symbols, request_.spec.range, stop.source().get_token());
    if (!loaded) return Failed(loaded.error());
    if (stop.source().stop_requested()) return Failed(base::Error{"stopped"});
    const auto planned = jobs::PlanSweep(request_, checked, Models(), *loaded);
    if (!planned) return Wrong(planned.error());
    const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
    base::Result<jobs::SweepResult> result;
    {
      BarProgress progress(clock_);
      result = jobs::RunSweep(request_.spec, planned->candidates, *loaded, request_.rank_by,
                              {.clock = clock_,
                               .sink = &progress,
                               .stop = stop.source().get_token(),
                               .threads = command_.threads > 0 ? command_.threads : processors});
    }
    if (!result) return Failed(result.error());
    fmt::print("{}", Table(request_, *planned, *result, command_.rows));
    if (command_.json) {
      const auto written = WriteJson(*command_.json, request_, planned->skipped, *result);
      if (!written) return Failed(written.error());
    }
    if (command_.csv_out) {
      const auto written = WriteCsv(*command_.csv_out, *result);
      if (!written) return Failed(written.error());
    }
    if (!result->stopped) return 0;
    return Failed(base::Error{fmt::format("stopped: {} of {} combinations were run",
                                          result->rows.size(), planned->candidates.size())});
  }

  const BacktestCommand& command_;
  const base::Clock& clock_;
  jobs::BacktestRequest request_;
  std::filesystem::path data_folder_;
  std::optional<BacktestBars> bars_;
};

}  // namespace

int RunBacktestCommand(const BacktestCommand& command, const base::Clock& clock) {
  if (command.list_strategies) {
    fmt::print("{}", StrategyTable());
    return 0;
  }
  if (command.recording) {
    if (!command.strategy.empty() || !command.exec.empty() || !command.csv.empty()) {
      return Wrong({"recording",
                    "it has its own orders and prices: give it without --strategy, "
                    "--exec and --csv"});
    }
    return ReplayRecording({*command.recording, command.records, command.json}, clock);
  }
  if (command.records) return Wrong({"records", "it goes with --recording FILE"});
  if (command.strategy.empty() == command.exec.empty()) {
    return Wrong({"strategy", "give either --strategy NAME (--list shows all) or --exec PROGRAM"});
  }
  if (!ParseAssetClass(command.asset_class)) {
    return Wrong({"asset_class", fmt::format("there is no asset class {}; there are: us_equity, "
                                             "crypto",
                                             command.asset_class)});
  }
  if (command.exec.empty()) {
    const auto strategy = jobs::LookUpStrategy(command.strategy);
    if (!strategy) return Wrong(strategy.error());
  }
  auto request = RequestOf(command);
  if (!request) return Wrong(request.error());
  return Backtest(command, clock, *std::move(request)).Run();
}

}  // namespace livetape::app
