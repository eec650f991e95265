#include "api/jobs/training_endpoints.h"

#include <fmt/format.h>

#include <utility>

#include "api/docs.h"
#include "api/jobs/job_endpoints.h"
#include "api/jobs/training_body.h"

namespace livetape::api {
namespace {

using model::JobKind;

http::Reply Post(const JobBackend& backend, const http::Request& request, size_t loop,
                 const Caller& caller) {
  auto parsed = ParseTrainingBody(request.body);
  if (!parsed) {
    return http::Problem(parsed.error().status, parsed.error().detail, parsed.error().field);
  }
  if (const auto checked = jobs::Check(*parsed); !checked) {
    return http::Problem(422, checked.error().message, checked.error().field);
  }
  BarsWanted wanted{
      .symbols = parsed->symbols, .timeframe = parsed->timeframe, .range = parsed->range};
  return SubmitOnBars(
      backend, loop,
      {.job = {.kind = JobKind::kTraining, .owner = std::string(caller.subject())},
       .caller = caller,
       .wanted = std::move(wanted),
       .request = [parsed = *std::move(parsed)](const std::vector<std::string>& symbols) {
         jobs::TrainingRequest named = parsed;
         named.symbols = symbols;
         return TrainingRequestJson(named);
       }});
}

http::Reply Rounds(const JobBackend& backend, const http::Request& request, size_t loop) {
  const auto job = JobOf(backend, request, JobKind::kTraining);
  if (!job) return job.error();
  return backend.reads.Read(loop, [id = job->id](store::JobBooks& books) {
    const auto page = books.List(id, "rounds", jobs::kRoundsMax, 0);
    if (!page) return http::Problem(500, page.error().message);
    http::Response response;
    response.body = fmt::format(R"({{"task_id":"{}","rounds":[{}],"total":{}}})", id,
                                fmt::join(page->rows, ","), page->total);
    return response;
  });
}

}  // namespace

void AddTrainings(http::Router& router, const JobBackend& backend) {
  router.Add({.method = "POST",
              .pattern = "/api/v1/trainings",
              .summary = "Starts the training of a model on stored bars",
              .parameters = {},
              .request = {{"TrainingRequest"}},
              .responses = {{202, "application/json", "task_id; it waits in the queue.",
                             "TrainingStanding"},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            docs::kBadBody,
                            docs::kTryAgain},
              .handler = JobHandler(
                  backend, auth::Permission::kPublish, JobKind::kTraining,
                  [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                    return Post(backend, request, loop, caller);
                  })});
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/trainings/{id}/rounds",
       .summary = "Loss and accuracy after each round of a training",
       .parameters = {{"id", "path", "The training's id.", "string", true}},
       .responses = {{200, "application/json", "rounds, total.", "TrainingRounds"},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     {404, "application/problem+json", "There is none of that id."},
                     docs::kTryAgain},
       .handler = JobHandler(backend, auth::Permission::kSubscribe, JobKind::kTraining,
                             [&backend](const http::Request& request, size_t loop, const Caller&) {
                               return Rounds(backend, request, loop);
                             })});
}

}  // namespace livetape::api
