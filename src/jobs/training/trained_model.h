#pragma once

// TrainedModel: what a training has made, and the bytes of its file (docs/formats/model.md). A plain
// struct and pure functions.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/training/features.h"
#include "jobs/training/training_parameters.h"
#include "jobs/training/tree_ensemble.h"
#include "model/bar.h"

namespace livetape::jobs {

// How good a model is after a round of boosting. Losses are mean negative log likelihoods (0.693 is
// what a coin gets), accuracies shares of the samples.
struct RoundFigures {
  uint32_t round = 0;  // from 1
  double loss = 0, accuracy = 0;
  double val_loss = 0, val_accuracy = 0;

  friend bool operator==(const RoundFigures&, const RoundFigures&) = default;
};

// What a model was made of, and how good it has become.
struct ModelFacts {
  std::vector<std::string> symbols;
  model::Timeframe timeframe = model::Timeframe::k1d;
  base::WallTime first, last;  // bars that it has seen, in training or in validation
  base::WallTime split;        // where validation begins
  uint64_t bars = 0, data_hash = 0;
  uint64_t training_samples = 0, validation_samples = 0;
  double validation_up = 0;  // share of rises: what a model that always says "up" would get

  TrainingParameters parameters;
  uint32_t rounds = 0;      // that were asked for
  uint32_t rounds_run = 0;  // until it was stopped early
  RoundFigures best;        // the round that is kept, and the figures of it

  // What each feature's choices have gained, in their mean, as a share of that of all features; all 0
  // when no tree has made a choice.
  std::array<double, kFeatures> importance{};

  friend bool operator==(const ModelFacts&, const ModelFacts&) = default;
};

struct TrainedModel {
  ModelFacts facts;
  TreeEnsemble trees;
  std::string xgboost;  // the same trees as XGBoost's own file (UBJSON), for other programs
};

inline constexpr uint8_t kModelFileVersion = 1;
inline constexpr size_t kModelBytesMax = 256 << 20;

std::string ModelBytes(const TrainedModel& model);
// The error says whether they are no model, damaged, or of another version of file or features.
base::Result<TrainedModel> ParseModel(std::string_view bytes);

}  // namespace livetape::jobs
