#include "app/jobs/train_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <utility>

#include "app/jobs/backtest_bars.h"
#include "app/jobs/backtest_options.h"
#include "app/jobs/train_report.h"
#include "app/stop_by_signal.h"
#include "jobs/backtest/backtest_request.h"
#include "jobs/training/model_file.h"
#include "jobs/training/model_json.h"
#include "jobs/training/training.h"
#include "jobs/training/training_request.h"
#include "jobs/training/worker.h"

namespace livetape::app {
namespace {

constexpr int kFailed = 1, kWrongUsage = 2;

int Failed(const base::Error& error) {
  fmt::print(stderr, "livetape train: {}\n", error.message);
  return kFailed;
}
int Wrong(const jobs::ParameterFault& fault) {
  fmt::print(stderr, "livetape train: {}: {}\n", fault.field, fault.message);
  return kWrongUsage;
}

using MaybeFault = std::optional<jobs::ParameterFault>;

MaybeFault ReadTimes(const TrainCommand& command, jobs::TrainingRequest& request) {
  const auto timeframe = model::ParseTimeframe(command.timeframe);
  if (!timeframe) {
    std::vector<std::string_view> names;
    names.reserve(model::kTimeframes.size());
    for (const model::Timeframe each : model::kTimeframes) names.push_back(model::Name(each));
    return jobs::ParameterFault{
        "timeframe", fmt::format("there is no timeframe {}; there are: {}", command.timeframe,
                                 fmt::join(names, ", "))};
  }
  request.timeframe = *timeframe;
  const auto read = [](std::string_view field, const std::string& text, auto parse,
                       std::optional<base::WallTime>& time) -> MaybeFault {
    if (text.empty()) return std::nullopt;
    const base::Result<base::WallTime> parsed = parse(text);
    if (!parsed) return jobs::ParameterFault{std::string(field), parsed.error().message};
    time = *parsed;
    return std::nullopt;
  };
  if (auto fault = read("from", command.from, jobs::ParseFrom, request.range.from)) return fault;
  return read("to", command.to, jobs::ParseTo, request.range.to);
}

MaybeFault ReadParams(const TrainCommand& command, jobs::TrainingRequest& request) {
  for (const std::string& text : command.params) {
    const auto param = ParseParam(text);
    const auto value = param ? ParseValue(param->second) : std::nullopt;
    if (!value) {
      return jobs::ParameterFault{"param",
                                  fmt::format("'{}' is not name=value with a number", text)};
    }
    if (!request.params.emplace(param->first, *value).second) {
      return jobs::ParameterFault{"param", fmt::format("{} is given twice", param->first)};
    }
  }
  return std::nullopt;
}

class Training {
 public:
  Training(const TrainCommand& command, const base::Clock& clock, jobs::TrainingRequest request)
      : command_(command), clock_(clock), request_(std::move(request)) {}

  int Run() {
    if (const auto opened = OpenBars(); !opened) return Failed(opened.error());
    const auto spec = jobs::Check(request_);
    if (!spec) return Wrong(spec.error());
    const auto selected = bars_->Select(request_.symbols, request_.timeframe, request_.range);
    if (!selected) return Failed(selected.error());
    const auto model = Train(*spec);
    if (!model) return Failed(model.error());
    if (!*model) return Failed(base::Error{"stopped; no model was made"});
    fmt::print("{}", ModelTable((*model)->facts));
    if (const auto kept = Keep(**model); !kept) return Failed(kept.error());
    return 0;
  }

 private:
  base::Result<void> OpenBars() {
    const auto config = config::Load(command_.load);
    if (!config) return std::unexpected(config.error());
    if (command_.csv.empty()) {
      auto opened = BacktestBars::OfStore(config->server.data_dir);
      if (!opened) return std::unexpected(std::move(opened.error()));
      bars_ = *std::move(opened);
      return {};
    }
    std::vector<CsvSource> sources;
    sources.reserve(command_.csv.size());
    for (const std::string& text : command_.csv) sources.push_back(ParseCsvSource(text));
    auto loaded = LoadCsv(sources, request_.timeframe, model::AssetClass::kUsEquity);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    for (const std::string& note : loaded->notes) fmt::print(stderr, "livetape train: {}\n", note);
    bars_ = BacktestBars::OfCsv(std::move(loaded->symbols), request_.timeframe);
    if (request_.symbols.empty()) request_.symbols = bars_->FileSymbols();
    return {};
  }

  base::Result<std::optional<jobs::TrainedModel>> Train(const jobs::TrainingSpec& spec) {
    std::vector<jobs::TrainingSymbol> symbols;
    for (const jobs::BacktestSymbol& symbol : bars_->Readers()) {
      symbols.push_back({symbol.name, symbol.bars});
    }
    jobs::WorkerSettings worker;
    worker.memory_mib = command_.memory_mib;
    StopBySignal stop(clock_);
    RoundProgress progress(clock_, spec.rounds);
    return jobs::Train(
        spec, symbols, worker, clock_,
        {.data =
             [](const jobs::Dataset& data) {
               fmt::print("{}", SampleLine(data));
               std::fflush(stdout);
             },
         .round = [&progress](const jobs::RoundFigures& figures) { progress.Show(figures); },
         .stop = stop.source().get_token()});
  }

  base::Result<void> Keep(const jobs::TrainedModel& model) const {
    if (command_.json) {
      std::string text;
      jobs::AppendFacts(text, model.facts);
      std::ofstream file(*command_.json, std::ios::trunc);
      if (!(file << text << '\n' << std::flush)) {
        return base::Fail(*command_.json + ": cannot be written");
      }
    }
    if (!command_.out) return {};
    if (auto written = jobs::WriteModel(*command_.out, model); !written) return written;
    fmt::print("written to {}\n", *command_.out);
    return {};
  }

  const TrainCommand& command_;
  const base::Clock& clock_;
  jobs::TrainingRequest request_;
  std::optional<BacktestBars> bars_;
};

}  // namespace

int RunTrainCommand(const TrainCommand& command, const base::Clock& clock) {
  if (command.list_params) {
    fmt::print("{}", ParameterTable());
    return 0;
  }
  jobs::TrainingRequest request{
      .model = command.model, .symbols = command.symbols, .rounds = command.rounds};
  for (const MaybeFault& fault : {ReadTimes(command, request), ReadParams(command, request)}) {
    if (fault) return Wrong(*fault);
  }
  return Training(command, clock, std::move(request)).Run();
}

int RunTrainWorkerCommand(const TrainWorkerCommand& command) {
  jobs::MakeWorker(command.memory_mib);
  return jobs::RunTrainWorker(STDIN_FILENO, STDOUT_FILENO, command.memory_mib);
}

}  // namespace livetape::app
