#pragma once

// ModelStrategy: long when a trained model foretells that the next bar closes higher. One symbol. One
// thread owns it; the model is shared and does not change.

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "jobs/backtest/strategy.h"
#include "jobs/training/features.h"
#include "jobs/training/trained_model.h"
#include "model/bar.h"

namespace livetape::jobs {

// Where the strategy `model` finds its model.
struct ModelSource {
  // The model of a training; the error says why there is none.
  std::function<base::Result<std::shared_ptr<const TrainedModel>>(std::string_view task_id)> find;
  // Of the bars that it is to trade on.
  model::Timeframe timeframe = model::Timeframe::k1d;
};

// The same models, each of them looked for once: a model is megabytes, and a sweep asks once for each
// combination. What is found is kept as long as this. One thread.
ModelSource EachFoundOnce(ModelSource source);

class ModelStrategy final : public Strategy {
 public:
  // Long while the probability of a rise is above `threshold`; short, where `goes_short`, while that
  // of none is; else flat.
  ModelStrategy(std::shared_ptr<const TrainedModel> model, double threshold, bool goes_short)
      : model_(std::move(model)), threshold_(threshold), goes_short_(goes_short) {}

  void OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
              std::vector<Intent>& intents) override;

 private:
  Stance Wish(double rise) const;

  const std::shared_ptr<const TrainedModel> model_;
  const double threshold_;
  const bool goes_short_;
  FeatureWindow window_;
  Stance wanted_ = Stance::kFlat;
};

struct ModelSettings {
  double threshold = 0.5;
  bool goes_short = false;
  bool allow_lookahead = false;
};

// Its plan forbids the bars that the model has seen, unless `allow_lookahead`. The error: the model
// was made for bars of another timeframe.
base::Result<StrategyPlan> PlanModel(std::shared_ptr<const TrainedModel> model,
                                     model::Timeframe timeframe, const ModelSettings& settings);

}  // namespace livetape::jobs
