#include "jobs/training/model_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/json_text.h"
#include "base/time_text.h"
#include "jobs/backtest/result_json.h"

namespace livetape::jobs {
namespace {

// The numbers of features, the most important first.
std::array<size_t, kFeatures> Ranked(const ModelFacts& facts) {
  std::array<size_t, kFeatures> order{};
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&facts](size_t feature) { return facts.importance[feature]; });
  return order;
}

}  // namespace

void AppendRound(std::string& out, const RoundFigures& figures) {
  out += fmt::format(R"({{"round":{},"loss":)", figures.round);
  AppendNumber(out, figures.loss);
  out += ",\"accuracy\":";
  AppendNumber(out, figures.accuracy);
  out += ",\"val_loss\":";
  AppendNumber(out, figures.val_loss);
  out += ",\"val_accuracy\":";
  AppendNumber(out, figures.val_accuracy);
  out += "}";
}

void AppendParameters(std::string& out, const TrainingParameters& p) {
  out += fmt::format(R"({{"max_depth":{},"learning_rate":{},"subsample":{},"min_child_weight":{},)"
                     R"("early_stopping_rounds":{},"validation":{},"seed":{}}})",
                     p.max_depth, p.learning_rate, p.subsample, p.min_child_weight,
                     p.early_stopping_rounds, p.validation, p.seed);
}

void AppendImportance(std::string& out, const ModelFacts& facts) {
  out += "[";
  for (const size_t feature : Ranked(facts)) {
    out += fmt::format(R"({}{{"feature":"{}","gain":)", out.back() == '[' ? "" : ",",
                       kFeatureNames[feature]);
    AppendNumber(out, facts.importance[feature]);
    out += "}";
  }
  out += "]";
}

void AppendFacts(std::string& out, const ModelFacts& facts) {
  out += R"({"model":"direction","symbols":[)";
  for (const std::string& symbol : facts.symbols) {
    if (out.back() != '[') out += ",";
    base::AppendJsonString(out, symbol);
  }
  out += fmt::format(R"(],"timeframe":"{}","from":"{}","to":"{}","validation_from":"{}","bars":{},)"
                     R"("training_samples":{},"validation_samples":{},"val_up_share":)",
                     model::Name(facts.timeframe), base::FormatRfc3339(facts.first),
                     base::FormatRfc3339(facts.last), base::FormatRfc3339(facts.split), facts.bars,
                     facts.training_samples, facts.validation_samples);
  AppendNumber(out, facts.validation_up);
  out += fmt::format(R"(,"rounds":{},"rounds_run":{},"best":)", facts.rounds, facts.rounds_run);
  AppendRound(out, facts.best);
  out += ",\"params\":";
  AppendParameters(out, facts.parameters);
  out += fmt::format(R"(,"feature_version":{},"importance":)", kFeatureVersion);
  AppendImportance(out, facts);
  out += fmt::format(R"(,"data_hash":"{}"}})", HashText(facts.data_hash));
}

}  // namespace livetape::jobs
