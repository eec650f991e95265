#include "jobs/training/worker_protocol.h"

#include <fmt/format.h>

#include <bit>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <utility>

#include "base/json_text.h"
#include "floor/image_bytes.h"
#include "jobs/training/dataset.h"

namespace livetape::jobs {
namespace {

constexpr char kHeadKind = 'H';
constexpr char kModelKind = 'W';
constexpr uint8_t kVersion = 1;

uint64_t Bits(double value) { return std::bit_cast<uint64_t>(value); }

template <typename Image>
void PassNumber(Image& image, auto& value) {
  if constexpr (std::is_same_v<Image, floor::ImageWriter>) {
    image.Pass(Bits(value));
  } else {
    uint64_t bits = 0;
    image.Pass(bits);
    value = std::bit_cast<double>(bits);
  }
}

template <typename Image, typename Head>
void PassHead(Image& image, Head& head) {
  auto& p = head.parameters;
  image.All(head.training_samples, head.validation_samples, head.rounds, p.max_depth,
            p.early_stopping_rounds, p.seed);
  PassNumber(image, p.learning_rate);
  PassNumber(image, p.subsample);
  PassNumber(image, p.min_child_weight);
  PassNumber(image, p.validation);
}

template <typename Image, typename Figures>
void PassFigures(Image& image, Figures& figures) {
  image.Pass(figures.round);
  PassNumber(image, figures.loss);
  PassNumber(image, figures.accuracy);
  PassNumber(image, figures.val_loss);
  PassNumber(image, figures.val_accuracy);
}

// The number as its text says: Boost's is off by the last bit where there are many digits, and the same
// figure comes with the model once more, bit by bit.
std::optional<double> NumberIn(const boost::json::object& line, std::string_view text,
                               std::string_view name) {
  const boost::json::value* const value = line.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  double number = value->to_number<double>();
  const std::string key = fmt::format("\"{}\":", name);
  if (const size_t at = text.find(key); at != std::string_view::npos) {
    const std::string_view rest = text.substr(at + key.size());
    std::from_chars(rest.data(), rest.data() + rest.size(), number);
  }
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<uint64_t> CountIn(const boost::json::object& line, std::string_view name) {
  const boost::json::value* const value = line.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return std::nullopt;
  return static_cast<uint64_t>(value->get_int64());
}

std::optional<WorkerLine> RoundIn(const boost::json::object& line, std::string_view text) {
  const auto round = CountIn(line, "round");
  const auto loss = NumberIn(line, text, "loss"), accuracy = NumberIn(line, text, "accuracy");
  const auto val_loss = NumberIn(line, text, "val_loss"),
             val_accuracy = NumberIn(line, text, "val_accuracy");
  if (!round || *round == 0 || *round > kRoundsMax || !loss || !accuracy || !val_loss ||
      !val_accuracy) {
    return std::nullopt;
  }
  return RoundFigures{static_cast<uint32_t>(*round), *loss, *accuracy, *val_loss, *val_accuracy};
}

}  // namespace

std::string HeadBytes(const WorkerHead& head) {
  floor::ImageWriter out(kHeadKind, kVersion);
  out.Count(head.features.size());
  for (const std::string& name : head.features) out.Pass(std::string_view(name));
  PassHead(out, head);
  return std::move(out).Sealed();
}

base::Result<WorkerHead> ParseHead(std::string_view bytes) {
  auto in = floor::ImageReader::Open(bytes, kHeadKind, kVersion, "head of the samples");
  if (!in) return std::unexpected(std::move(in.error()));
  WorkerHead head;
  head.features.resize(in->Count());
  for (std::string& name : head.features) {
    std::string_view text;
    in->Pass(text);
    name = text;
  }
  PassHead(*in, head);
  const bool right = in->Complete() && !head.features.empty() && head.training_samples > 0 &&
                     head.training_samples <= kSamplesMax && head.validation_samples > 0 &&
                     head.validation_samples <= kSamplesMax && head.rounds > 0 &&
                     head.rounds <= kRoundsMax;
  if (!right) return base::Fail("the head of the samples has impossible numbers");
  return head;
}

std::string WorkerModelBytes(const WorkerModel& model) {
  floor::ImageWriter out(kModelKind, kVersion);
  out.Pass(model.rounds_run);
  PassFigures(out, model.best);
  out.Count(model.importance.size());
  for (const double share : model.importance) PassNumber(out, share);
  out.Pass(std::string_view(model.trees.Bytes()));
  out.Pass(std::string_view(model.xgboost));
  return std::move(out).Sealed();
}

base::Result<WorkerModel> ParseWorkerModel(std::string_view bytes) {
  auto in = floor::ImageReader::Open(bytes, kModelKind, kVersion, "model of the worker");
  if (!in) return std::unexpected(std::move(in.error()));
  uint32_t rounds_run = 0;
  in->Pass(rounds_run);
  RoundFigures best;
  PassFigures(*in, best);
  std::vector<double> importance(in->Count());
  for (double& share : importance) PassNumber(*in, share);
  std::string_view trees, xgboost;
  in->All(trees, xgboost);
  if (!in->Complete()) return base::Fail("the model of the worker is cut short");
  auto ensemble = TreeEnsemble::Parse(trees);
  if (!ensemble) return std::unexpected(std::move(ensemble.error()));
  return WorkerModel{rounds_run, best, std::move(importance), *std::move(ensemble),
                     std::string(xgboost)};
}

std::string LineOf(const WorkerLine& line) {
  if (const auto* round = std::get_if<RoundFigures>(&line)) {
    return fmt::format(R"({{"round":{},"loss":{},"accuracy":{},"val_loss":{},"val_accuracy":{}}})"
                       "\n",
                       round->round, round->loss, round->accuracy, round->val_loss,
                       round->val_accuracy);
  }
  if (const auto* follows = std::get_if<ModelFollows>(&line)) {
    return fmt::format("{{\"model_bytes\":{}}}\n", follows->bytes);
  }
  std::string text = "{\"error\":";
  base::AppendJsonString(text, std::get<WorkerFailure>(line).message);
  return text + "}\n";
}

std::optional<WorkerLine> ParseWorkerLine(std::string_view line) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(line, error);
  if (error || !value.is_object()) return std::nullopt;
  const boost::json::object& object = value.get_object();
  if (object.contains("round")) return RoundIn(object, line);
  if (const auto bytes = CountIn(object, "model_bytes")) return ModelFollows{*bytes};
  const boost::json::value* const failure = object.if_contains("error");
  if (failure == nullptr || !failure->is_string()) return std::nullopt;
  return WorkerFailure{std::string(failure->get_string())};
}

}  // namespace livetape::jobs
