#pragma once

// Curves of results as JSON. Pure functions.

#include <cstddef>
#include <span>
#include <string>

#include "model/job.h"

namespace livetape::api {

// [{"time","equity","drawdown"},...]: at most `most` points, at least 4: where there are more, the
// lowest and the highest of each stretch of the same length. `drawdown` is under the highest equity
// so far, 0 or negative.
std::string EquityJson(std::span<const model::CurvePoint> curve, size_t most);

}  // namespace livetape::api
