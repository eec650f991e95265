#include "jobs/training/training_parameters.h"

#include <variant>

#include "base/assert.h"

namespace livetape::jobs {
namespace {

StrategyInfo MakeDirectionModel() {
  const TrainingParameters p;
  return {
      "direction",
      "Foretells whether the next bar closes higher, with boosted trees on returns, distances from "
      "moving averages, strength, volatility and volume.",
      false,
      {
          {"max_depth", int64_t{p.max_depth}, 1, 10, "choices from a tree's root to a leaf"},
          {"learning_rate", p.learning_rate, 0.001, 1, "how much of each new tree counts"},
          {"subsample", p.subsample, 0.1, 1, "share of the samples that each tree is made of"},
          {"min_child_weight", p.min_child_weight, 0, 1'000'000,
           "weight of the samples that a leaf must have; each sample weighs up to 1/4"},
          {"early_stopping_rounds", int64_t{p.early_stopping_rounds}, 0, kRoundsMax,
           "training ends when val_loss has not become better for so many rounds; 0: never"},
          {"validation", p.validation, 0.05, 0.5,
           "share of the samples, the newest, that the model is judged by and does not learn from"},
          {"seed", int64_t{p.seed}, 0, 2'147'483'647, "of the choice of samples for each tree"},
      }};
}

template <typename Type>
Type At(const ParameterValues& values, std::string_view name) {
  const auto it = values.find(name);
  LT_ASSERT(it != values.end(), "{}", name);
  return std::get<Type>(it->second);
}

uint32_t Whole(const ParameterValues& values, std::string_view name) {
  return static_cast<uint32_t>(At<int64_t>(values, name));
}

}  // namespace

const StrategyInfo& DirectionModel() {
  static const StrategyInfo model = MakeDirectionModel();
  return model;
}

std::expected<TrainingParameters, ParameterFault> CheckTrainingParameters(
    const ParameterValues& given) {
  const auto values = CompleteParameters(DirectionModel(), given);
  if (!values) return std::unexpected(values.error());
  return TrainingParameters{
      .max_depth = Whole(*values, "max_depth"),
      .learning_rate = At<double>(*values, "learning_rate"),
      .subsample = At<double>(*values, "subsample"),
      .min_child_weight = At<double>(*values, "min_child_weight"),
      .early_stopping_rounds = Whole(*values, "early_stopping_rounds"),
      .validation = At<double>(*values, "validation"),
      .seed = Whole(*values, "seed"),
  };
}

}  // namespace livetape::jobs
