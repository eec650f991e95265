#include "jobs/backtest/model_strategy.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "base/time_text.h"

namespace livetape::jobs {

ModelSource EachFoundOnce(ModelSource source) {
  using Found = base::Result<std::shared_ptr<const TrainedModel>>;
  const auto known = std::make_shared<std::map<std::string, Found, std::less<>>>();
  auto find = [known, from = std::move(source.find)](std::string_view id) -> Found {
    if (const auto at = known->find(id); at != known->end()) return at->second;
    return known->emplace(id, from(id)).first->second;
  };
  return {.find = std::move(find), .timeframe = source.timeframe};
}

Stance ModelStrategy::Wish(double rise) const {
  if (rise > threshold_) return Stance::kLong;
  return goes_short_ && 1 - rise > threshold_ ? Stance::kShort : Stance::kFlat;
}

void ModelStrategy::OnBars(std::span<const SymbolBar> bars, const Holdings& /*holdings*/,
                           std::vector<Intent>& intents) {
  window_.Add(*bars.front().bar);
  if (!window_.full()) return;
  const Stance wish = Wish(model_->trees.Probability(window_.Row()));
  if (wish == wanted_) return;
  wanted_ = wish;
  intents.emplace_back(Target{bars.front().symbol, wish});
}

base::Result<StrategyPlan> PlanModel(std::shared_ptr<const TrainedModel> model,
                                     model::Timeframe timeframe, const ModelSettings& settings) {
  const ModelFacts& facts = model->facts;
  if (facts.timeframe != timeframe) {
    return base::Fail(
        fmt::format("the model was trained on bars of {}, the backtest has those of {}",
                    model::Name(facts.timeframe), model::Name(timeframe)));
  }
  StrategyPlan plan;
  plan.warm_up = kFeatureWarmUp;
  if (!settings.allow_lookahead) {
    plan.forbidden = {
        facts.first, facts.last,
        fmt::format("the model has been trained on bars from {} to {} and knows what "
                    "followed; test it on others, or set allow_lookahead",
                    base::FormatRfc3339(facts.first), base::FormatRfc3339(facts.last))};
  }
  plan.make = [model = std::move(model), settings](size_t) {
    return std::make_unique<ModelStrategy>(model, settings.threshold, settings.goes_short);
  };
  return plan;
}

}  // namespace livetape::jobs
