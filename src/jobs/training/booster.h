#pragma once

// Booster: XGBoost's booster for the direction of bars, behind values of our own. Used in the worker
// process only: it may allocate without bound, start threads or end its process. One thread owns it.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jobs/training/trained_model.h"
#include "jobs/training/training_parameters.h"
#include "jobs/training/tree_ensemble.h"

namespace livetape::jobs {

// Samples as XGBoost takes them: a row of features after another, and of each row 1 (up) or 0.
struct SampleMatrix {
  std::vector<std::string> features;  // their names
  std::vector<float> rows;
  std::vector<float> up;
};

class Booster {
 public:
  // tree_method=hist on one thread: the same samples and parameters give the same model, to the bit.
  static base::Result<Booster> Make(const SampleMatrix& training, const SampleMatrix& validation,
                                    const TrainingParameters& parameters);
  ~Booster();
  Booster(Booster&&) noexcept;
  Booster& operator=(Booster&&) noexcept;

  // Adds the next tree.
  base::Result<RoundFigures> Round();

  // Only the trees of the first `rounds`, at least one.
  base::Result<Booster> First(uint32_t rounds) const;
  // Mean gain of each feature's choices, as shares that sum to 1; 0 of those without any.
  base::Result<std::vector<double>> Importance() const;
  base::Result<TreeEnsemble> Trees() const;
  // In XGBoost's own format: "ubj" or "json".
  base::Result<std::string> Bytes(std::string_view format) const;
  // Probabilities of the validation samples, as XGBoost works them out.
  base::Result<std::vector<float>> PredictValidation() const;

 private:
  struct Handles;
  explicit Booster(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
};

}  // namespace livetape::jobs
