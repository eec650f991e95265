#pragma once

// The body of POST /api/v1/trainings (API section 10), checked but for the bars that it asks for.
// Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "api/body/body_error.h"
#include "jobs/training/training.h"

namespace livetape::api {

struct TrainingRequest {
  std::vector<std::string> symbols{};
  jobs::ParameterValues params{};  // as given
  jobs::TrainingSpec spec{};
};

BodyResult<TrainingRequest> ParseTrainingBody(std::string_view body);

// The request as it was understood, as in such a body.
std::string TrainingRequestJson(const TrainingRequest& request);

}  // namespace livetape::api
