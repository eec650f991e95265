#pragma once

// Job events: what the world is told of a job, as records of the tape: the events of the channels
// `training` and `backtest` (API section 4), those of imports, and what the user of an import gets
// (API section 5). Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "model/job.h"
#include "tape/record.h"

namespace livetape::api {

// What a job of that kind is called in answers and events: "backtest_id".
std::string_view IdField(model::JobKind kind);
// "jobs/backtest"; ids follow as the last segment.
std::string_view TopicOf(model::JobKind kind);

// The event that tells of the job as it is: its state, or `running` with how far it has come.
// `members`: further members of the data object, without the first comma; may be empty. Where they
// make the event too long they are left out.
std::vector<tape::NewRecord> JobRecords(const model::Job& job, std::string_view members);

}  // namespace livetape::api
