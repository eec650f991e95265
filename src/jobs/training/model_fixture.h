#pragma once

// A small model that was never trained, for tests.

#include <utility>

#include "base/assert.h"
#include "base/time_text.h"
#include "jobs/training/trained_model.h"

namespace livetape::jobs {

// The forerunner of all: it foretells a rise, with 0.75, after a bar that fell, else 0.25.
inline TreeEnsemble Contrarian() {
  const float odds = 1.0986123F;  // ln 3
  auto trees = TreeEnsemble::Make(
      kFeatures, 0, {0},
      {{.feature = 0, .left = 1, .value = 0}, {.value = odds}, {.value = -odds}});
  LT_ASSERT(trees, "{}", trees.error().message);
  return *std::move(trees);
}

// Has seen the bars of 2020.
inline TrainedModel ContrarianModel() {
  TrainedModel model{{}, Contrarian(), "what XGBoost wrote"};
  ModelFacts& facts = model.facts;
  facts.symbols = {"A", "B"};
  facts.first = *base::ParseRfc3339("2020-01-01");
  facts.split = *base::ParseRfc3339("2020-10-01");
  facts.last = *base::ParseRfc3339("2020-12-31");
  facts.bars = 732;
  facts.data_hash = 0xfeed'beef'dead'cafe;
  facts.training_samples = 500;
  facts.validation_samples = 130;
  facts.validation_up = 0.53;
  facts.parameters.seed = 42;
  facts.parameters.learning_rate = 0.05;
  facts.rounds = 100;
  facts.rounds_run = 37;
  facts.best = {27, 0.65, 0.6, 0.69, 0.52};
  facts.importance[0] = 1;
  return model;
}

}  // namespace livetape::jobs
