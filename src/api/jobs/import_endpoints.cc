#include "api/jobs/import_endpoints.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "api/docs.h"
#include "api/jobs/job_endpoints.h"
#include "api/query_fields.h"
#include "base/json_text.h"
#include "jobs/import/csv_layout.h"
#include "jobs/import/lean_name.h"
#include "market/instrument_table.h"
#include "model/bar.h"

namespace livetape::api {
namespace {

using model::JobKind;

constexpr size_t kFileNameMax = 256;
constexpr std::string_view kAnySymbol = "market/*";

// The query as the members of a job's request.
Field<std::string> RequestOf(const http::Query& query) {
  const std::string_view symbol = query.Find("symbol").value_or("");
  if (!symbol.empty() && !market::IsSymbol(symbol)) {
    return std::unexpected(Unprocessable(
        "symbol", "symbol must be 1 to 32 ASCII characters without blanks, commas and quotes"));
  }
  const auto timeframe = ChoiceField(query, "timeframe", {"1d", "1s", "1m", "5m", "15m", "1h"});
  if (!timeframe) return std::unexpected(timeframe.error());
  const auto format = ChoiceField(query, "format", {"auto", "csv", "lean"});
  if (!format) return std::unexpected(format.error());
  const auto asset_class = ChoiceField(query, "asset_class", {"us_equity", "crypto"});
  if (!asset_class) return std::unexpected(asset_class.error());
  const std::string_view day = query.Find("day").value_or("");
  if (!day.empty() && !jobs::ParseDay(day)) {
    return std::unexpected(Unprocessable("day", "day must be a date such as 2013-10-07"));
  }
  std::string out = R"({"symbol":)";
  base::AppendJsonString(out, symbol);
  out += fmt::format(R"(,"timeframe":"{}","format":"{}","asset_class":"{}","day":"{}")", *timeframe,
                     *format, *asset_class, day);
  return out;
}

std::string FileName(const http::Request& head, const SpooledBody& body) {
  const std::string_view asked = head.query.Find("file_name").value_or("");
  std::string name = asked.empty() ? body.file_name() : std::string(asked);
  if (name.empty()) name = "upload";
  return name.substr(0, kFileNameMax);
}

// The body is there.
void Take(const JobBackend& backend, const http::Request& head, size_t loop, SpooledBody body,
          const http::Responder& responder) {
  // Both have been looked at before the body came; a token may have expired since.
  const auto caller = backend.server.access.Admit(head, auth::Permission::kPublish,
                                                  Access::Token::kWhereConfigured);
  if (!caller) return responder.Send(caller.error());
  if (auto refused = backend.server.access.RefuseTopic(*caller, kAnySymbol)) {
    return responder.Send(*std::move(refused));
  }
  auto request = RequestOf(head.query);
  if (!request) return responder.Send(std::move(request.error()));
  *request += R"(,"file_name":)";
  base::AppendJsonString(*request, FileName(head, body));
  *request +=
      fmt::format(R"(,"bytes":{},"upload":"{}"}})", body.bytes(), body.path().filename().string());
  const bool taken = SubmitJob(backend, loop, responder,
                               {.kind = JobKind::kImport,
                                .owner = std::string(caller->subject()),
                                .request = *std::move(request)});
  if (taken) body.Keep();
}

}  // namespace

void AddImports(http::Router& router, const JobBackend& backend, BodySpool& spool,
                const std::filesystem::path& uploads) {
  // Who may not, or asks for what there is not, need not send the body.
  const http::Handler welcome = JobHandler(
      backend, auth::Permission::kPublish, JobKind::kImport,
      [&backend](const http::Request& head, size_t, const Caller& caller) -> http::Reply {
        // Its rows may name any symbol.
        if (auto refused = backend.server.access.RefuseTopic(caller, kAnySymbol)) {
          return *std::move(refused);
        }
        if (auto request = RequestOf(head.query); !request) return request.error();
        return http::Response();
      });
  const auto refuse = [welcome](const http::Request& head) -> std::optional<http::Response> {
    auto reply = welcome(head, 0);
    auto* const response = std::get_if<http::Response>(&reply);
    if (response == nullptr || response->status == 200) return std::nullopt;
    return std::move(*response);
  };
  http::Route route;
  route.method = "POST";
  route.pattern = "/api/v1/imports";
  route.summary = "Imports bars from a CSV file, gzip or not, of any length, or a form with one";
  route.parameters = {
      {"symbol", "query", "Whose bars they are, unless a column says so."},
      {"timeframe", "query", "1s, 1m, 5m, 15m, 1h or 1d (the default).", "TimeframeOrDay"},
      {"format", "query", "auto (the default), csv or lean.", "ImportFormat"},
      {"asset_class", "query", "us_equity (the default) or crypto.", "AssetClass"},
      {"day", "query", "Of rows with milliseconds since midnight: 2013-10-07."},
      {"file_name", "query", "What the file is called in reports."}};
  route.request = {{"ImportFile", "text/csv"}, {"ImportForm", "multipart/form-data"}};
  route.responses = {
      {202, "application/json", "import_id; it waits in the queue.", "ImportStanding"},
      {400, "application/problem+json", "The form is none."},
      docs::kUnauthorized,
      docs::kForbidden,
      {415, "application/problem+json", "A Content-Encoding other than gzip."},
      docs::kBadQuery,
      docs::kTryAgain,
      {507, "application/problem+json", "The disk is full."}};
  route.body = spool.Into({.place = [&backend, uploads] { return uploads / backend.new_id(); },
                           .refuse = refuse,
                           .take =
                               [&backend](const http::Request& head, size_t loop, SpooledBody body,
                                          const http::Responder& responder) {
                                 Take(backend, head, loop, std::move(body), responder);
                               }});
  router.Add(std::move(route));
}

}  // namespace livetape::api
