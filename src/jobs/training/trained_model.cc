#include "jobs/training/trained_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "floor/image_bytes.h"

namespace livetape::jobs {
namespace {

constexpr std::string_view kMagic = "livetape model\n";
constexpr char kKind = 'M';

void Pass(floor::ImageWriter& out, double value) { out.Pass(std::bit_cast<uint64_t>(value)); }
void Pass(floor::ImageReader& in, double& value) {
  uint64_t bits = 0;
  in.Pass(bits);
  value = std::bit_cast<double>(bits);
}

// One list of fields for both ways: all but texts and trees.
template <typename Image, typename Facts>
void PassFields(Image& image, Facts& m) {
  image.Choice(m.timeframe, model::kTimeframes.size());
  image.All(m.first, m.last, m.split, m.bars, m.data_hash, m.training_samples,
            m.validation_samples);
  Pass(image, m.validation_up);
  auto& p = m.parameters;
  image.All(p.max_depth, p.early_stopping_rounds, p.seed);
  for (auto* const value : {&p.learning_rate, &p.subsample, &p.min_child_weight, &p.validation}) {
    Pass(image, *value);
  }
  image.All(m.rounds, m.rounds_run, m.best.round);
  for (auto* const value :
       {&m.best.loss, &m.best.accuracy, &m.best.val_loss, &m.best.val_accuracy}) {
    Pass(image, *value);
  }
  for (auto& share : m.importance) Pass(image, share);
}

// The features that a model was made with, before anything that depends on them.
base::Result<void> CheckFeatures(floor::ImageReader& in) {
  uint32_t version = 0;
  in.Pass(version);
  std::vector<std::string_view> names(in.Count());
  for (std::string_view& name : names) in.Pass(name);
  if (!in.good()) return base::Fail("the model is damaged: its list of features is cut short");
  if (version == kFeatureVersion && std::ranges::equal(names, kFeatureNames)) return {};
  return base::Fail(fmt::format(
      "the model was made with {} features of version {}, this program computes {} of version {}: "
      "train it anew",
      names.size(), version, kFeatures, kFeatureVersion));
}

bool Sound(const ModelFacts& m) {
  const auto finite = [](double value) { return std::isfinite(value); };
  return !m.symbols.empty() && m.first <= m.split && m.split <= m.last &&
         std::ranges::all_of(m.importance, finite) &&
         std::ranges::all_of(
             std::array{m.validation_up, m.parameters.learning_rate, m.parameters.subsample,
                        m.parameters.min_child_weight, m.parameters.validation, m.best.loss,
                        m.best.accuracy, m.best.val_loss, m.best.val_accuracy},
             finite);
}

}  // namespace

std::string ModelBytes(const TrainedModel& model) {
  floor::ImageWriter out(kKind, kModelFileVersion);
  out.Pass(kFeatureVersion);
  out.Count(kFeatures);
  for (const std::string_view name : kFeatureNames) out.Pass(name);
  out.Count(model.facts.symbols.size());
  for (const std::string& symbol : model.facts.symbols) out.Pass(std::string_view(symbol));
  PassFields(out, model.facts);
  out.Pass(std::string_view(model.trees.Bytes()));
  out.Pass(std::string_view(model.xgboost));
  return std::string(kMagic) + std::move(out).Sealed();
}

base::Result<TrainedModel> ParseModel(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) {
    return base::Fail("this is no model of livetape: it does not begin with \"livetape model\"");
  }
  auto in =
      floor::ImageReader::Open(bytes.substr(kMagic.size()), kKind, kModelFileVersion, "model");
  if (!in) return std::unexpected(std::move(in.error()));
  if (auto same = CheckFeatures(*in); !same) return std::unexpected(std::move(same.error()));
  ModelFacts facts;
  facts.symbols.resize(in->Count());
  for (std::string& symbol : facts.symbols) {
    std::string_view text;
    in->Pass(text);
    symbol = text;
  }
  PassFields(*in, facts);
  std::string_view trees, xgboost;
  in->All(trees, xgboost);
  if (!in->Complete() || !Sound(facts)) {
    return base::Fail("the model is damaged: its fields are not those of a model");
  }
  auto ensemble = TreeEnsemble::Parse(trees);
  if (!ensemble) return std::unexpected(std::move(ensemble.error()));
  if (ensemble->features() != kFeatures) {
    return base::Fail("the model is damaged: its trees are of other features");
  }
  return TrainedModel{std::move(facts), *std::move(ensemble), std::string(xgboost)};
}

}  // namespace livetape::jobs
