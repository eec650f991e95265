#include "jobs/training/booster.h"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "base/json_text.h"
#include "jobs/training/tree_export.h"

namespace livetape::jobs {
namespace {

base::Result<void> Checked(int status) {
  if (status == 0) return {};
  return base::Fail(fmt::format("XGBoost: {}", XGBGetLastError()));
}

base::Result<void> Fill(const SampleMatrix& samples, DMatrixHandle& matrix) {
  const size_t rows = samples.up.size(), columns = samples.features.size();
  LT_ASSERT(samples.rows.size() == rows * columns, "{} values, {} rows of {}", samples.rows.size(),
            rows, columns);
  if (auto made = Checked(XGDMatrixCreateFromMat(samples.rows.data(), rows, columns,
                                                 std::numeric_limits<float>::quiet_NaN(), &matrix));
      !made) {
    return made;
  }
  return Checked(XGDMatrixSetFloatInfo(matrix, "label", samples.up.data(), rows));
}

// 0.555, not 0.5549999999999999: shares of whole samples have few digits.
double Accuracy(double error) { return std::round((1 - error) * 1e9) / 1e9; }

// The value after `name` in a line such as "[0]\ttrain-logloss:0.69\ttrain-error:0.4".
std::optional<double> Metric(std::string_view line, std::string_view name) {
  const size_t at = line.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view text = line.substr(at + name.size());
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

struct Booster::Handles {
  Handles() = default;
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    // Nothing is left to be done about a handle that cannot be freed.
    if (booster != nullptr) XGBoosterFree(booster);
    if (training != nullptr) XGDMatrixFree(training);
    if (validation != nullptr) XGDMatrixFree(validation);
  }

  DMatrixHandle training = nullptr, validation = nullptr;
  BoosterHandle booster = nullptr;
  std::vector<std::string> features;
  int rounds = 0;
};

Booster::Booster(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Booster::~Booster() = default;
Booster::Booster(Booster&&) noexcept = default;
Booster& Booster::operator=(Booster&&) noexcept = default;

base::Result<Booster> Booster::Make(const SampleMatrix& training, const SampleMatrix& validation,
                                    const TrainingParameters& p) {
  auto handles = std::make_unique<Handles>();
  handles->features = training.features;
  if (auto filled = Fill(training, handles->training); !filled) {
    return std::unexpected(std::move(filled.error()));
  }
  if (auto filled = Fill(validation, handles->validation); !filled) {
    return std::unexpected(std::move(filled.error()));
  }
  const std::array matrices = {handles->training, handles->validation};
  if (auto made = Checked(XGBoosterCreate(matrices.data(), matrices.size(), &handles->booster));
      !made) {
    return std::unexpected(std::move(made.error()));
  }
  std::vector<const char*> names;
  for (const std::string& name : training.features) names.push_back(name.c_str());
  if (auto named = Checked(
          XGBoosterSetStrFeatureInfo(handles->booster, "feature_name", names.data(), names.size()));
      !named) {
    return std::unexpected(std::move(named.error()));
  }
  const std::vector<std::pair<const char*, std::string>> settings = {
      {"booster", "gbtree"},
      {"tree_method", "hist"},
      {"objective", "binary:logistic"},
      {"eval_metric", "logloss"},
      {"eval_metric", "error"},
      {"base_score", "0.5"},
      {"nthread", "1"},
      {"verbosity", "0"},
      {"seed", fmt::format("{}", p.seed)},
      {"max_depth", fmt::format("{}", p.max_depth)},
      {"learning_rate", fmt::format("{}", p.learning_rate)},
      {"subsample", fmt::format("{}", p.subsample)},
      {"min_child_weight", fmt::format("{}", p.min_child_weight)},
  };
  for (const auto& [name, value] : settings) {
    if (auto set = Checked(XGBoosterSetParam(handles->booster, name, value.c_str())); !set) {
      return std::unexpected(std::move(set.error()));
    }
  }
  return Booster(std::move(handles));
}

base::Result<RoundFigures> Booster::Round() {
  Handles& h = *handles_;
  if (auto added = Checked(XGBoosterUpdateOneIter(h.booster, h.rounds, h.training)); !added) {
    return std::unexpected(std::move(added.error()));
  }
  std::array matrices = {h.training, h.validation};
  std::array<const char*, 2> names = {"train", "val"};
  const char* text = nullptr;
  if (auto judged = Checked(XGBoosterEvalOneIter(h.booster, h.rounds, matrices.data(), names.data(),
                                                 matrices.size(), &text));
      !judged) {
    return std::unexpected(std::move(judged.error()));
  }
  ++h.rounds;
  const std::string_view line(text);
  const auto loss = Metric(line, "train-logloss:"), error = Metric(line, "train-error:");
  const auto val_loss = Metric(line, "val-logloss:"), val_error = Metric(line, "val-error:");
  if (!loss || !error || !val_loss || !val_error) {
    return base::Fail(fmt::format("XGBoost: figures of a round cannot be read: {}", line));
  }
  return RoundFigures{static_cast<uint32_t>(h.rounds), *loss, Accuracy(*error), *val_loss,
                      Accuracy(*val_error)};
}

base::Result<Booster> Booster::First(uint32_t rounds) const {
  LT_ASSERT(rounds > 0 && static_cast<int>(rounds) <= handles_->rounds, "{} of {}", rounds,
            handles_->rounds);
  auto handles = std::make_unique<Handles>();
  handles->features = handles_->features;
  handles->rounds = static_cast<int>(rounds);
  if (auto cut =
          Checked(XGBoosterSlice(handles_->booster, 0, handles->rounds, 1, &handles->booster));
      !cut) {
    return std::unexpected(std::move(cut.error()));
  }
  return Booster(std::move(handles));
}

base::Result<std::vector<double>> Booster::Importance() const {
  bst_ulong count = 0, dimensions = 0;
  const char** names = nullptr;
  const bst_ulong* shape = nullptr;
  const float* scores = nullptr;
  std::string config = R"({"importance_type": "gain", "feature_names": [)";
  for (const std::string& name : handles_->features) {
    if (&name != &handles_->features.front()) config += ",";
    base::AppendJsonString(config, name);
  }
  config += "]}";
  if (auto scored = Checked(XGBoosterFeatureScore(handles_->booster, config.c_str(), &count, &names,
                                                  &dimensions, &shape, &scores));
      !scored) {
    return std::unexpected(std::move(scored.error()));
  }
  std::vector<double> shares(handles_->features.size());
  for (bst_ulong i = 0; i < count; ++i) {
    const auto it = std::ranges::find(handles_->features, names[i]);
    if (it == handles_->features.end()) {
      return base::Fail(fmt::format("XGBoost: names a feature {} that it was not given", names[i]));
    }
    shares[static_cast<size_t>(it - handles_->features.begin())] = scores[i];
  }
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (sum > 0) {
    for (double& share : shares) share /= sum;
  }
  return shares;
}

base::Result<TreeEnsemble> Booster::Trees() const {
  const auto json = Bytes("json");
  if (!json) return std::unexpected(json.error());
  return TreesOfXgboost(*json);
}

base::Result<std::string> Booster::Bytes(std::string_view format) const {
  bst_ulong size = 0;
  const char* bytes = nullptr;
  const std::string config = fmt::format(R"({{"format": "{}"}})", format);
  if (auto saved =
          Checked(XGBoosterSaveModelToBuffer(handles_->booster, config.c_str(), &size, &bytes));
      !saved) {
    return std::unexpected(std::move(saved.error()));
  }
  return std::string(bytes, size);
}

base::Result<std::vector<float>> Booster::PredictValidation() const {
  LT_ASSERT(handles_->validation != nullptr);
  const std::string config =
      fmt::format(R"({{"type": 0, "training": false, "iteration_begin": 0, "iteration_end": {}, )"
                  R"("strict_shape": false}})",
                  handles_->rounds);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  if (auto done = Checked(XGBoosterPredictFromDMatrix(
          handles_->booster, handles_->validation, config.c_str(), &shape, &dimensions, &values));
      !done) {
    return std::unexpected(std::move(done.error()));
  }
  const size_t count = std::accumulate(shape, shape + dimensions, size_t{1}, std::multiplies<>());
  return std::vector<float>(values, values + count);
}

}  // namespace livetape::jobs
