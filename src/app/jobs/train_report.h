#pragma once

// What `livetape train` prints: the parameters there are, rounds, and what a model has become; and the
// bar that shows how far it is. Pure functions, but for the bar.

#include <string>

#include "base/clock.h"
#include "jobs/rate.h"
#include "jobs/training/dataset.h"
#include "jobs/training/trained_model.h"

namespace livetape::app {

std::string ParameterTable();
// "495 samples for training before 2007-..., 124 for validation from then on"
std::string SampleLine(const jobs::Dataset& data);
std::string RoundLine(const jobs::RoundFigures& figures);
std::string ModelTable(const jobs::ModelFacts& facts);

// A bar that is written over on a terminal, at most ten times a second; elsewhere a line for each
// round. One thread owns it.
class RoundProgress {
 public:
  // `clock` outlives it.
  RoundProgress(const base::Clock& clock, uint32_t rounds);
  ~RoundProgress();
  RoundProgress(const RoundProgress&) = delete;
  RoundProgress& operator=(const RoundProgress&) = delete;

  void Show(const jobs::RoundFigures& figures);

 private:
  const base::Clock& clock_;
  const uint32_t rounds_;
  const bool terminal_;
  const jobs::RateMeter rate_;
  base::MonoTime last_;
  bool shown_ = false;
};

}  // namespace livetape::app
