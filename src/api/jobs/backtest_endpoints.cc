#include "api/jobs/backtest_endpoints.h"

#include <fmt/format.h>

#include <utility>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/jobs/backtest_body.h"
#include "api/jobs/curve_json.h"
#include "api/jobs/job_endpoints.h"
#include "api/jobs/strategy_json.h"
#include "api/query_fields.h"
#include "jobs/backtest/result_json.h"

namespace livetape::api {
namespace {

using model::JobKind;

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

http::Response Unreadable(const base::Error& error) { return http::Problem(500, error.message); }

// --- POST

http::Reply Post(const JobBackend& backend, const CheckRequest& check, const http::Request& request,
                 size_t loop, const Caller& caller) {
  const auto parsed = ParseBacktestBody(request.body);
  if (!parsed) {
    return http::Problem(parsed.error().status, parsed.error().detail, parsed.error().field);
  }
  auto checked = jobs::Check(*parsed);
  if (!checked) {
    return http::Problem(422, checked.error().message, checked.error().field);
  }
  const auto combined = std::make_shared<const jobs::CheckedBacktest>(*std::move(checked));
  const auto asked = [parsed = *parsed](const std::vector<std::string>& symbols) {
    jobs::BacktestRequest named = parsed;
    named.symbols = symbols;
    return named;
  };
  return SubmitOnBars(
      backend, loop,
      {.job = {.kind = JobKind::kBacktest, .owner = std::string(caller.subject())},
       .caller = caller,
       .wanted = {.symbols = parsed->symbols,
                  .timeframe = parsed->timeframe,
                  .range = parsed->spec.range},
       .request =
           [asked](const std::vector<std::string>& symbols) {
             std::string text;
             jobs::AppendRequest(text, asked(symbols));
             return text;
           },
       .further = [&check, asked, combined](
                      const std::vector<std::string>& symbols,
                      store::Reader& reader) { return check(asked(symbols), *combined, reader); }});
}

// --- GET .../{list}

http::Reply List(const JobBackend& backend, const http::Request& request, size_t loop,
                 const std::string& name) {
  const auto job = JobOf(backend, request, JobKind::kBacktest);
  if (!job) return job.error();
  const auto limit = NumberField(request.query, "limit", 1000, 1, 10'000);
  if (!limit) return limit.error();
  const auto offset = NumberField(request.query, "offset", 0, 0, 1'000'000'000);
  if (!offset) return offset.error();
  return backend.reads.Read(loop, [name, id = job->id, limit = *limit,
                                   offset = *offset](store::JobBooks& books) {
    const auto page = books.List(id, name, limit, offset);
    if (!page) return Unreadable(page.error());
    return Json(fmt::format(R"({{"backtest_id":"{}","{}":[{}],"total":{},"limit":{},"offset":{}}})",
                            id, name, fmt::join(page->rows, ","), page->total, limit, offset));
  });
}

http::Reply Equity(const JobBackend& backend, const http::Request& request, size_t loop) {
  const auto job = JobOf(backend, request, JobKind::kBacktest);
  if (!job) return job.error();
  const auto limit = NumberField(request.query, "limit", 1000, 4, store::JobBooks::kPointsMax);
  if (!limit) return limit.error();
  return backend.reads.Read(loop, [id = job->id, limit = *limit](store::JobBooks& books) {
    const auto curve = books.Curve(id);
    if (!curve) return Unreadable(curve.error());
    return Json(fmt::format(R"({{"backtest_id":"{}","equity":{},"points":{}}})", id,
                            EquityJson(*curve, limit), curve->size()));
  });
}

const http::ParameterDoc kId{"id", "path", "The backtest's id.", "string", true};
const http::ResponseDoc kNone{404, "application/problem+json", "There is none of that id."};

void AddList(http::Router& router, const JobBackend& backend, const std::string& name,
             const std::string& summary, const std::string& schema) {
  router.Add({.method = "GET",
              .pattern = "/api/v1/backtests/{id}/" + name,
              .summary = summary,
              .parameters = {kId,
                             {"limit", "query", "At most so many, 1 to 10000.", "ListLimit"},
                             {"offset", "query", "Without the first so many.", "Offset"}},
              .responses = {{200, "application/json", name + ", total, limit, offset.", schema},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            kNone,
                            docs::kBadQuery,
                            docs::kTryAgain},
              .handler = JobHandler(
                  backend, auth::Permission::kSubscribe, JobKind::kBacktest,
                  [&backend, name](const http::Request& request, size_t loop, const Caller&) {
                    return List(backend, request, loop, name);
                  })});
}

}  // namespace

void AddBacktests(http::Router& router, const JobBackend& backend, CheckRequest check) {
  router.Add(
      {.method = "POST",
       .pattern = "/api/v1/backtests",
       .summary = "Starts a backtest; lists in params make it a sweep",
       .parameters = {},
       .request = {{"BacktestRequest"}},
       .responses = {{202, "application/json", "backtest_id; it waits in the queue.",
                      "BacktestStanding"},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     docs::kBadBody,
                     docs::kTryAgain},
       .handler = JobHandler(backend, auth::Permission::kPublish, JobKind::kBacktest,
                             [&backend, check = std::move(check)](
                                 const http::Request& request, size_t loop, const Caller& caller) {
                               return Post(backend, check, request, loop, caller);
                             })});
  AddList(router, backend, "trades", "Round trips of a backtest, from flat to flat",
          "BacktestTrades");
  AddList(router, backend, "fills", "Fills of a backtest", "BacktestFills");
  AddList(router, backend, "sweep", "The table of a sweep, best first", "SweepTable");
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/backtests/{id}/equity",
       .summary = "The equity curve of a backtest, thinned to the lowest and highest points",
       .parameters = {kId,
                      {"limit", "query", "At most so many points, 4 to 100000.",
                       "CurvePointLimit"}},
       .responses = {{200, "application/json", "equity: time, equity, drawdown.", "BacktestCurve"},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     kNone,
                     docs::kBadQuery,
                     docs::kTryAgain},
       .handler = JobHandler(backend, auth::Permission::kSubscribe, JobKind::kBacktest,
                             [&backend](const http::Request& request, size_t loop, const Caller&) {
                               return Equity(backend, request, loop);
                             })});
  router.Add({.method = "GET",
              .pattern = "/api/v1/strategies",
              .summary = "The strategies of backtests, with their parameters",
              .parameters = {},
              .responses = {{200, "application/json", "Names, parameters, types, ranges, presets.",
                             "Strategies"},
                            docs::kUnauthorized,
                            docs::kForbidden},
              .handler = Guard(backend.server.access, auth::Permission::kSubscribe,
                               [](const http::Request&, size_t, const Caller&) -> http::Reply {
                                 return Json(StrategiesJson());
                               })});
}

}  // namespace livetape::api
