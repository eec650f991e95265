#pragma once

// What all jobs have in common over HTTP (API section 10): lists, one job, its lists of rows, cancel
// and restart; and the way of a new one into the queue.

#include <string>
#include <string_view>
#include <vector>

#include "api/access/guard.h"
#include "api/jobs/bar_check.h"
#include "api/jobs/job_backend.h"
#include "http/router.h"

namespace livetape::api {

// Backtests, trainings and imports: GET of the list and of one, DELETE, POST .../restart.
void AddJobs(http::Router& router, const JobBackend& backend);

// "/api/v1/backtests"
std::string_view PathOf(model::JobKind kind);

// `handler` for callers with `permission` whose token reaches jobs of that kind; others get 401 or
// 403.
http::Handler JobHandler(const JobBackend& backend, auth::Permission permission,
                         model::JobKind kind, GuardedHandler handler);

// A job on stored bars. Both are told the symbols as the store names them.
struct JobOnBars {
  model::Job job;  // but for its request
  Caller caller;   // who must be granted `market/<symbol>` of each
  BarsWanted wanted;
  std::function<std::string(const std::vector<std::string>& symbols)> request;
  // What else may stand against it; may be null.
  std::function<std::optional<jobs::ParameterFault>(const std::vector<std::string>& symbols,
                                                    store::Reader&)>
      further{};
};
// As SubmitJob, once the store has been found to have the bars; 422 naming the field if it has not,
// or if the request is too long.
http::Reply SubmitOnBars(const JobBackend& backend, size_t loop, JobOnBars work);

// Puts a new job with that request into the queue; `responder` gets 202 with its id and status when
// that is durable, or 503. Without an id it gets one. False: it was refused.
bool SubmitJob(const JobBackend& backend, size_t loop, const http::Responder& responder,
               model::Job job);

// The job of the request's {id}, or 404.
std::expected<model::Job, http::Response> JobOf(const JobBackend& backend,
                                                const http::Request& request, model::JobKind kind);

}  // namespace livetape::api
