#include "app/jobs/train_report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <vector>

#include "app/jobs/bar_selection.h"
#include "jobs/backtest/backtest_request.h"
#include "jobs/training/training_parameters.h"

namespace livetape::app {

using jobs::ModelFacts;
using jobs::RoundFigures;

std::string ParameterTable() {
  std::string text =
      fmt::format("{}: {}\n", jobs::DirectionModel().name, jobs::DirectionModel().meaning);
  for (const jobs::Parameter& p : jobs::DirectionModel().parameters) {
    text += fmt::format("  {:<22}{:<8} {} ({}, {} to {})\n", p.name, jobs::Text(p.preset),
                        p.meaning, jobs::Name(p.type()), p.least, p.most);
  }
  return text;
}

std::string SampleLine(const jobs::Dataset& data) {
  return fmt::format("{} bars: {} samples for training before {}, {} for validation from then on\n",
                     data.bars, data.training().size(), ShortTime(data.split),
                     data.validation().size());
}

std::string RoundLine(const RoundFigures& f) {
  return fmt::format(
      "round {:>4}  loss {:.5f}  accuracy {:.4f}  val_loss {:.5f}  val_accuracy {:.4f}", f.round,
      f.loss, f.accuracy, f.val_loss, f.val_accuracy);
}

std::string ModelTable(const ModelFacts& facts) {
  std::string text;
  const auto line = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("{:<20}{}\n", name, value);
  };
  line("rounds", fmt::format("{} of {}{}", facts.rounds_run, facts.rounds,
                             facts.rounds_run < facts.rounds ? ", stopped early" : ""));
  line("best round", fmt::format("{}", facts.best.round));
  line("loss", fmt::format("{:.6f}", facts.best.loss));
  line("accuracy", fmt::format("{:.4f}", facts.best.accuracy));
  line("val_loss", fmt::format("{:.6f}  (0.693147 is a coin's)", facts.best.val_loss));
  const bool mostly_up = facts.validation_up >= 0.5;
  line("val_accuracy", fmt::format("{:.4f}  (who always says {} gets {:.4f})",
                                   facts.best.val_accuracy, mostly_up ? "up" : "down",
                                   mostly_up ? facts.validation_up : 1 - facts.validation_up));
  line("bars seen", fmt::format("{} to {}", ShortTime(facts.first), ShortTime(facts.last)));
  text += "importance\n";
  std::vector<size_t> order(jobs::kFeatures);
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&facts](size_t feature) { return facts.importance[feature]; });
  for (const size_t feature : order) {
    text +=
        fmt::format("  {:<18}{:.4f}\n", jobs::kFeatureNames[feature], facts.importance[feature]);
  }
  return text;
}

RoundProgress::RoundProgress(const base::Clock& clock, uint32_t rounds)
    : clock_(clock),
      rounds_(rounds),
      terminal_(isatty(STDOUT_FILENO) == 1),
      rate_(clock),
      last_(clock.Mono()) {}

RoundProgress::~RoundProgress() {
  if (shown_) fmt::print("\r\x1b[K");
  std::fflush(stdout);
}

void RoundProgress::Show(const RoundFigures& figures) {
  if (!terminal_) {
    fmt::print("{}\n", RoundLine(figures));
    std::fflush(stdout);
    return;
  }
  constexpr size_t kWidth = 20;
  if (clock_.Mono() - last_ < std::chrono::milliseconds(100)) return;
  last_ = clock_.Mono();
  shown_ = true;
  const jobs::Rate rate = rate_.At(figures.round, rounds_);
  const auto filled = static_cast<size_t>(rate.percent / 100 * kWidth);
  fmt::print("\r\x1b[K[{}{}] {:3.0f} %, {:.0f} s left, {}", std::string(filled, '#'),
             std::string(kWidth - filled, ' '), rate.percent, rate.seconds_left.value_or(0),
             RoundLine(figures));
  std::fflush(stdout);
}

}  // namespace livetape::app
