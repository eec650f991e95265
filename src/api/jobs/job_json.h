#pragma once

// A job as the answers of API section 10 write it. Pure functions.

#include <string>
#include <string_view>

#include "model/job.h"

namespace livetape::api {

// {"backtest_id":...,"status":...,...}: what was asked for, how far it has come, and of a completed
// one its result: in full, or in a list only the figures (`results`, `metrics` or `report`).
std::string JobJson(const model::Job& job, bool full);

// {"backtest_id":"...","status":"queued"}
std::string JobStanding(const model::Job& job);

// The member that has the figures of a result of that kind.
std::string_view FiguresField(model::JobKind kind);

}  // namespace livetape::api
