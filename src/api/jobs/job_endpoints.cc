#include "api/jobs/job_endpoints.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/jobs/job_event.h"
#include "api/jobs/job_json.h"
#include "api/market/market_topics.h"
#include "api/query_fields.h"
#include "base/assert.h"
#include "http/unavailable.h"
#include "model/order.h"

namespace livetape::api {
namespace {

using jobs::JobPool;
using model::Job;
using model::JobKind;

constexpr std::array<std::string_view, 3> kPaths = {"/api/v1/backtests", "/api/v1/trainings",
                                                    "/api/v1/imports"};

// Of the request as it was understood: it is told with the job wherever that is shown.
constexpr size_t kRequestBytesMax = 32 * 1024;

http::Response Json(unsigned status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

http::Response Refused(JobPool::Refusal why, JobKind kind, std::string_view id) {
  switch (why) {
    case JobPool::Refusal::kQueueFull:
      return http::Unavailable(
          "as many jobs wait as may wait (jobs.queue); try again when one has begun");
    case JobPool::Refusal::kStopping:
      return http::Unavailable("the server is stopping; try again");
    case JobPool::Refusal::kNotOver:
      return http::Problem(409, fmt::format("{} {} is not over; cancel it first", Name(kind), id));
    case JobPool::Refusal::kUnknown:
      break;
  }
  return http::Problem(404, fmt::format("there is no {} {}", Name(kind), id));
}

// Whoever began a job, and admins, may end it or start it again.
std::optional<http::Response> RefuseChange(const Caller& caller, const Job& job) {
  if (!caller.claims || job.owner.empty() || job.owner == caller.claims->subject ||
      caller.claims->Has(auth::Permission::kAdmin)) {
    return std::nullopt;
  }
  return http::Problem(403, fmt::format("the {} is another user's", Name(job.kind)));
}

http::Reply List(const JobBackend& backend, const http::Request& request, JobKind kind) {
  const auto limit = NumberField(request.query, "limit", 50, 1, 1000);
  if (!limit) return limit.error();
  const auto offset = NumberField(request.query, "offset", 0, 0, 1'000'000);
  if (!offset) return offset.error();
  const auto status = ChoiceField(request.query, "status",
                                  {"all", "queued", "running", "completed", "failed", "cancelled"});
  if (!status) return status.error();
  const auto state = model::ParseName<model::JobState>(model::kJobStateNames, *status);
  const JobPool::Page page = backend.pool.List(kind, state, *limit, *offset);
  std::string out = fmt::format("{{\"{}\":[", PathOf(kind).substr(sizeof("/api/v1/") - 1));
  for (const Job& job : page.jobs) {
    if (out.back() != '[') out += ',';
    out += JobJson(job, false);
  }
  return Json(200, out + fmt::format(R"(],"total":{},"limit":{},"offset":{}}})", page.total, *limit,
                                     *offset));
}

http::Reply One(const JobBackend& backend, const http::Request& request, JobKind kind) {
  const auto job = JobOf(backend, request, kind);
  if (!job) return job.error();
  return Json(200, JobJson(*job, true));
}

http::Reply Cancel(const JobBackend& backend, const http::Request& request, size_t loop,
                   const Caller& caller, JobKind kind) {
  const auto job = JobOf(backend, request, kind);
  if (!job) return job.error();
  if (auto refused = RefuseChange(caller, *job)) return *std::move(refused);
  if (IsOver(job->state)) {
    return http::Problem(409, fmt::format("the {} is {} already", Name(kind), Name(job->state)));
  }
  return http::DeferredReply{
      [&backend, loop, kind, id = job->id](const http::Responder& responder) {
        Mailbox& mailbox = backend.mailbox(loop);
        const bool known = backend.pool.Cancel(kind, id, [responder, &mailbox](const Job& over) {
          mailbox.Put([responder, over] { responder.Send(Json(200, JobStanding(over))); });
        });
        if (!known) responder.Send(Refused(JobPool::Refusal::kUnknown, kind, id));
      }};
}

http::Reply Restart(const JobBackend& backend, const http::Request& request, size_t loop,
                    const Caller& caller, JobKind kind) {
  auto job = JobOf(backend, request, kind);
  if (!job) return job.error();
  if (auto refused = RefuseChange(caller, *job)) return *std::move(refused);
  if (kind == JobKind::kImport && IsOver(job->state) && !job->result.empty()) {
    return http::Problem(409, "its file went when it had been read: send it again");
  }
  return http::DeferredReply{[&backend, loop, kind, job = *job](const http::Responder& responder) {
    Mailbox& mailbox = backend.mailbox(loop);
    Job again = job;
    again.state = model::JobState::kQueued;
    const auto refusal = backend.pool.Restart(kind, job.id, [responder, &mailbox, again] {
      mailbox.Put([responder, again] { responder.Send(Json(202, JobStanding(again))); });
    });
    if (refusal) responder.Send(Refused(*refusal, kind, job.id));
  }};
}

std::optional<http::Response> RefuseOnBars(const JobBackend& backend, JobOnBars& work,
                                           store::Reader& reader) {
  const auto wrong = [](const jobs::ParameterFault& fault) {
    return http::Problem(422, fault.message, fault.field);
  };
  std::vector<std::string>& symbols = work.wanted.symbols;
  const auto renamed = NameAsStored(symbols, backend.server.instruments, reader);
  if (!renamed) return wrong(renamed.error());
  for (const std::string& symbol : symbols) {
    auto refused = backend.server.access.RefuseTopic(work.caller, MarketTopic(symbol));
    if (refused) return refused;
  }
  if (*renamed) work.job.request = work.request(symbols);
  auto fault = CheckBars(work.wanted, reader);
  if (!fault && work.further) fault = work.further(symbols, reader);
  if (fault) return wrong(*fault);
  return std::nullopt;
}

// Of the schemas (job_schemas.cc) that tell of jobs of a kind.
struct SchemaNames {
  std::string list, one, standing;
};

SchemaNames SchemasOf(JobKind kind) {
  switch (kind) {
    case JobKind::kBacktest:
      return {"Backtests", "Backtest", "BacktestStanding"};
    case JobKind::kTraining:
      return {"Trainings", "Training", "TrainingStanding"};
    case JobKind::kImport:
      break;
  }
  return {"Imports", "Import", "ImportStanding"};
}

void AddKind(http::Router& router, const JobBackend& backend, JobKind kind) {
  const std::string path(PathOf(kind)), name(Name(kind));
  const SchemaNames schemas = SchemasOf(kind);
  const http::ParameterDoc id{"id", "path", "The " + name + "'s id.", "string", true};
  const http::ResponseDoc none{404, "application/problem+json", "There is none of that id."};
  const http::ResponseDoc wrong{409, "application/problem+json", "Its state forbids it."};
  router.Add(
      {.method = "GET",
       .pattern = path,
       .summary = "The " + name + "s, the newest first",
       .parameters = {{"status", "query",
                       "all, queued, running, completed, failed or "
                       "cancelled.",
                       "JobStatusFilter"},
                      {"limit", "query", "At most so many, 1 to 1000.", "PageLimit"},
                      {"offset", "query", "Without the first so many.", "Offset"}},
       .responses = {{200, "application/json", "Jobs, total, limit, offset.", schemas.list},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     docs::kBadQuery},
       .handler = JobHandler(backend, auth::Permission::kSubscribe, kind,
                             [&backend, kind](const http::Request& r, size_t, const Caller&) {
                               return List(backend, r, kind);
                             })});
  router.Add(
      {.method = "GET",
       .pattern = path + "/{id}",
       .summary = "One " + name + " with its result",
       .parameters = {id},
       .responses = {{200, "application/json", "Request, status, progress and result.",
                      schemas.one},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     none},
       .handler = JobHandler(backend, auth::Permission::kSubscribe, kind,
                             [&backend, kind](const http::Request& r, size_t, const Caller&) {
                               return One(backend, r, kind);
                             })});
  router.Add(
      {.method = "DELETE",
       .pattern = path + "/{id}",
       .summary = "Cancels a " + name + " that waits or runs",
       .parameters = {id},
       .responses = {{200, "application/json", "It has ended; its status.", schemas.standing},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     none,
                     wrong},
       .handler =
           JobHandler(backend, auth::Permission::kPublish, kind,
                      [&backend, kind](const http::Request& r, size_t loop, const Caller& caller) {
                        return Cancel(backend, r, loop, caller, kind);
                      })});
  router.Add({.method = "POST",
              .pattern = path + "/{id}/restart",
              .summary = "Starts a " + name + " that is over again",
              .parameters = {id},
              .responses = {{202, "application/json", "It waits in the queue.", schemas.standing},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            none,
                            wrong,
                            docs::kTryAgain},
              .handler = JobHandler(
                  backend, auth::Permission::kPublish, kind,
                  [&backend, kind](const http::Request& r, size_t loop, const Caller& caller) {
                    return Restart(backend, r, loop, caller, kind);
                  })});
}

}  // namespace

std::string_view PathOf(JobKind kind) { return kPaths[static_cast<size_t>(kind)]; }

http::Handler JobHandler(const JobBackend& backend, auth::Permission permission, JobKind kind,
                         GuardedHandler handler) {
  auto pattern = hub::TopicPattern::Parse(fmt::format("{}/*", TopicOf(kind)));
  LT_ASSERT(pattern.has_value(), "topic {}", TopicOf(kind));
  return Guard(
      backend.server.access, permission,
      [&backend, patterns = std::vector{*std::move(pattern)}, handler = std::move(handler)](
          const http::Request& request, size_t loop, const Caller& caller) -> http::Reply {
        if (auto refused = backend.server.access.Refuse(caller, patterns)) {
          return *std::move(refused);
        }
        return handler(request, loop, caller);
      });
}

http::Reply SubmitOnBars(const JobBackend& backend, size_t loop, JobOnBars on_bars) {
  auto work = std::make_shared<JobOnBars>(std::move(on_bars));
  work->job.request = work->request(work->wanted.symbols);
  if (work->job.request.size() > kRequestBytesMax) {
    return http::Problem(422, fmt::format("the request has {} bytes and may have {}: ask for fewer "
                                          "symbols or shorter lists of parameters",
                                          work->job.request.size(), kRequestBytesMax));
  }
  return http::DeferredReply{[&backend, loop, work](const http::Responder& responder) {
    const bool taken = backend.read_store([&backend, loop, work, responder](store::Reader& reader) {
      if (auto refused = RefuseOnBars(backend, *work, reader)) {
        backend.mailbox(loop).Put(
            [responder, refused = *std::move(refused)] { responder.Send(refused); });
        return;
      }
      SubmitJob(backend, loop, responder, std::move(work->job));
    });
    if (!taken) responder.Send(http::Unavailable("too many queries wait; try again"));
  }};
}

std::expected<Job, http::Response> JobOf(const JobBackend& backend, const http::Request& request,
                                         JobKind kind) {
  auto job = backend.pool.Find(kind, request.args[0]);
  if (job) return *std::move(job);
  return std::unexpected(Refused(JobPool::Refusal::kUnknown, kind, request.args[0]));
}

bool SubmitJob(const JobBackend& backend, size_t loop, const http::Responder& responder, Job job) {
  Mailbox& mailbox = backend.mailbox(loop);
  if (job.id.empty()) job.id = backend.new_id();
  job.created = backend.server.clock.Wall();
  const JobKind kind = job.kind;
  std::string standing = JobStanding(job);
  const auto refusal = backend.pool.Submit(
      std::move(job), [responder, &mailbox, standing = std::move(standing)]() mutable {
        mailbox.Put(
            [responder, standing = std::move(standing)] { responder.Send(Json(202, standing)); });
      });
  if (!refusal) return true;
  mailbox.Put([responder, kind, why = *refusal] { responder.Send(Refused(why, kind, "")); });
  return false;
}

void AddJobs(http::Router& router, const JobBackend& backend) {
  for (const JobKind kind : {JobKind::kBacktest, JobKind::kTraining, JobKind::kImport}) {
    AddKind(router, backend, kind);
  }
}

}  // namespace livetape::api
