#pragma once

// The trees of a model that XGBoost has written as JSON. Pure functions; worker process only.

#include <string_view>

#include "base/result.h"
#include "jobs/training/tree_ensemble.h"

namespace livetape::jobs {

// `json` is what XGBoost 1.7 saves of a gbtree with objective binary:logistic and numeric features
// (its doc/model.schema). The error says what of it is not as expected.
base::Result<TreeEnsemble> TreesOfXgboost(std::string_view json);

}  // namespace livetape::jobs
