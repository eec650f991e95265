#include "api/jobs/import_endpoints.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "api/docs.h"
#include "api/jobs/import_request.h"
#include "api/jobs/job_endpoints.h"
#include "api/jobs/job_event.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

using model::JobKind;

// Who asks, and whether the query makes sense: before the body is read.
std::expected<Caller, http::Response> Admit(const JobBackend& backend, const http::Request& head) {
  auto caller = backend.server.access.Admit(head, auth::Permission::kPublish);
  if (!caller) return caller;
  auto pattern = hub::TopicPattern::Parse(fmt::format("{}/*", TopicOf(JobKind::kImport)));
  LT_ASSERT(pattern.has_value(), "topic {}", TopicOf(JobKind::kImport));
  if (auto refused = backend.server.access.Refuse(*caller, {*std::move(pattern)})) {
    return std::unexpected(*std::move(refused));
  }
  return caller;
}

std::optional<http::Response> Refuse(const JobBackend& backend, const http::Request& head) {
  if (auto caller = Admit(backend, head); !caller) return std::move(caller.error());
  const auto request = ParseImportQuery(head.query);
  if (request) return std::nullopt;
  return http::Problem(request.error().status, request.error().detail, request.error().field);
}

void Take(const JobBackend& backend, const std::filesystem::path& folder, const http::Request& head,
          size_t loop, const SpooledBody& body, const http::Responder& responder) {
  const auto caller = Admit(backend, head);
  if (!caller) return responder.Send(caller.error());
  auto request = ParseImportQuery(head.query);
  LT_ASSERT(request.has_value(), "{}", request.error().detail);
  if (request->file_name.empty()) request->file_name = body.file_name();
  model::Job job{.id = backend.new_id(),
                 .kind = JobKind::kImport,
                 .owner = std::string(caller->subject()),
                 .request = ImportRequestJson(*request)};
  std::error_code error;
  std::filesystem::rename(body.path(), ImportFile(folder, job.id), error);
  if (error) {
    return responder.Send(
        http::Problem(500, fmt::format("the body cannot be kept: {}", error.message())));
  }
  SubmitJob(backend, loop, responder, std::move(job));
}

}  // namespace

std::filesystem::path ImportFile(const std::filesystem::path& folder, const std::string& id) {
  return folder / (id + ".csv");
}

void AddImports(http::Router& router, const JobBackend& backend, BodySpool& spool,
                std::filesystem::path folder) {
  router.Add(
      {.method = "POST",
       .pattern = "/api/v1/imports",
       .summary = "Imports bars from CSV: the body, plain or gzip, or the first file of a form",
       .parameters = {{"symbol", "query", "Whose bars they are, unless a column says so."},
                      {"timeframe", "query", "1s, 1m, 5m, 15m, 1h or 1d; 1d without."},
                      {"format", "query", "auto, csv or lean; auto without."},
                      {"asset_class", "query", "us_equity or crypto, of a new instrument."},
                      {"day", "query", "Of rows with milliseconds since midnight: 2013-10-07."},
                      {"file_name", "query", "What the file is called, for its events."}},
       .responses = {{202, "application/json", "import_id; it waits in the queue."},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     docs::kBadQuery,
                     docs::kTryAgain},
       .handler = {},
       .body = spool.Into(
           {.refuse = [&backend](const http::Request& head) { return Refuse(backend, head); },
            .take =
                [&backend, folder = std::move(folder)](const http::Request& head, size_t loop,
                                                       const SpooledBody& body,
                                                       const http::Responder& responder) {
                  Take(backend, folder, head, loop, body, responder);
                }})});
}

}  // namespace livetape::api
