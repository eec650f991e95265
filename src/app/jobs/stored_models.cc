#include "app/jobs/stored_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "jobs/backtest/sweep.h"
#include "jobs/training/model_file.h"

namespace livetape::app {
namespace {

std::optional<jobs::ParameterFault> CheckOne(const jobs::BacktestRequest& request,
                                             const jobs::ParameterValues& values,
                                             const jobs::ModelSource& models,
                                             store::Reader& reader) {
  const auto plan = jobs::PlanStrategy(request.strategy, values, &models);
  if (!plan) return jobs::ParameterFault{"params." + plan.error().field, plan.error().message};
  if (!plan->forbidden) return std::nullopt;
  const jobs::TimeRange& range = request.spec.range;
  store::BarQuery query;
  query.timeframe = request.timeframe;
  query.from = plan->forbidden->first;
  query.to = plan->forbidden->last;
  if (range.from) query.from = std::max(*query.from, *range.from);
  if (range.to) query.to = std::min(*query.to, *range.to);
  if (*query.from > *query.to) return std::nullopt;
  for (const std::string& symbol : request.symbols) {
    query.symbol = symbol;
    const auto count = reader.CountBars(query);
    if (!count) return jobs::ParameterFault{"symbols", count.error().message};
    if (*count == 0) continue;
    return jobs::ParameterFault{
        "params.allow_lookahead",
        fmt::format("{} bars of {} may not be used: {}", *count, symbol, plan->forbidden->why)};
  }
  return std::nullopt;
}

}  // namespace

jobs::ModelSource StoredModels(const std::filesystem::path& folder, model::Timeframe timeframe) {
  const auto find =
      [folder](
          std::string_view task_id) -> base::Result<std::shared_ptr<const jobs::TrainedModel>> {
    if (!jobs::IsTaskId(task_id)) {
      return base::Fail("task_id must be the id of a training that has completed");
    }
    const std::filesystem::path file = jobs::ModelFile(folder, task_id);
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error) {
      return base::Fail(fmt::format(
          "there is no model of a training {}: only one that has completed has made one", task_id));
    }
    auto model = jobs::ReadModel(file);
    if (!model) return std::unexpected(std::move(model.error()));
    return std::make_shared<const jobs::TrainedModel>(*std::move(model));
  };
  return {.find = find, .timeframe = timeframe};
}

std::optional<jobs::ParameterFault> CheckModel(const std::filesystem::path& folder,
                                               const jobs::BacktestRequest& request,
                                               const jobs::CheckedBacktest& checked,
                                               store::Reader& reader) {
  if (request.strategy != "model") return std::nullopt;
  const jobs::ModelSource models = jobs::EachFoundOnce(StoredModels(folder, request.timeframe));
  std::optional<jobs::ParameterFault> first;
  // What else there is of parameters does not matter here.
  std::set<std::pair<jobs::ParameterValue, jobs::ParameterValue>> seen;
  for (const jobs::ParameterValues& values : checked.combinations) {
    const auto key = std::pair(values.at("task_id"), values.at("allow_lookahead"));
    if (!seen.insert(key).second) continue;
    auto fault = CheckOne(request, values, models, reader);
    if (!fault) return std::nullopt;
    if (!first) first = std::move(fault);
  }
  if (!checked.sweep) return first;
  return jobs::NoneCanBeRun(checked.combinations.size() + checked.skipped, *std::move(first));
}

}  // namespace livetape::app
