#pragma once

// The body of POST /api/v1/trainings (API section 10): read here, checked by the training's own rules.
// Pure functions.

#include <string>
#include <string_view>

#include "api/body/body_error.h"
#include "jobs/training/training_request.h"

namespace livetape::api {

BodyResult<jobs::TrainingRequest> ParseTrainingBody(std::string_view body);

// The request as it was understood, as in such a body.
std::string TrainingRequestJson(const jobs::TrainingRequest& request);

}  // namespace livetape::api
