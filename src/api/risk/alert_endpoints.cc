#include "api/risk/alert_endpoints.h"

#include <fmt/format.h>

#include <charconv>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/query_fields.h"
#include "base/assert.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "floor/risk/risk_rules.h"

namespace livetape::api {
namespace {

constexpr uint64_t kAlertsMost = 1000, kAlertsUsual = 50;

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

// {"id":"3f9c-7","timestamp":"...","acknowledged":true,"acknowledged_by":"alice" or null,
//  "acknowledged_at":"..." or null, then the alert's own fields}
void AppendAlert(std::string& out, const AlertBook::Alert& alert, std::string_view epoch) {
  const bool known = alert.acknowledged_at.has_value();
  out += fmt::format(R"({{"id":"{}-{}","timestamp":"{}","acknowledged":{},"acknowledged_by":)",
                     epoch, alert.record->seq, base::FormatRfc3339(alert.record->time), known);
  if (known && !alert.acknowledged_by.empty()) {
    base::AppendJsonString(out, alert.acknowledged_by);
  } else {
    out += "null";
  }
  out += ",\"acknowledged_at\":";
  out += known ? fmt::format("\"{}\"", base::FormatRfc3339(*alert.acknowledged_at)) : "null";
  out += ",\"data\":";
  out += alert.record->data;
  out += '}';
}

// Who may not read the channel reads no history of it.
std::optional<http::Response> Refuse(const Backend& backend, const Caller& caller) {
  auto pattern = hub::TopicPattern::Parse("alerts/*");
  LT_ASSERT(pattern.has_value());
  std::vector<hub::TopicPattern> patterns;
  patterns.push_back(*std::move(pattern));
  return backend.access.Refuse(caller, patterns);
}

Field<AlertQuery> QueryOf(const http::Query& fields) {
  AlertQuery query;
  std::vector<std::string_view> severities = {""};
  severities.insert(severities.end(), floor::kSeverityNames.begin(), floor::kSeverityNames.end());
  const auto severity = ChoiceField(fields, "severity", severities);
  if (!severity) return std::unexpected(severity.error());
  if (!severity->empty()) query.severity = *severity;
  const auto acknowledged = ChoiceField(fields, "acknowledged", {"", "true", "false"});
  if (!acknowledged) return std::unexpected(acknowledged.error());
  if (!acknowledged->empty()) query.acknowledged = *acknowledged == "true";
  if (const auto entity = fields.Find("entity_id"); entity && !entity->empty()) {
    query.entity_id = *entity;
  }
  const auto from = TimeField(fields, "from", base::WallTime::min());
  if (!from) return std::unexpected(from.error());
  const auto to = TimeField(fields, "to", base::WallTime::max());
  if (!to) return std::unexpected(to.error());
  if (*from > *to) return std::unexpected(Unprocessable("from", "from must not be after to"));
  query.from = *from;
  query.to = *to;
  const auto limit = NumberField(fields, "limit", kAlertsUsual, 1, kAlertsMost);
  if (!limit) return std::unexpected(limit.error());
  const auto offset = NumberField(fields, "offset", 0, 0, AlertBook::kAlertsMax);
  if (!offset) return std::unexpected(offset.error());
  query.limit = *limit;
  query.offset = *offset;
  return query;
}

http::Reply List(const Backend& backend, const http::Request& request, const Caller& caller) {
  if (auto refused = Refuse(backend, caller)) return *std::move(refused);
  const auto query = QueryOf(request.query);
  if (!query) return query.error();
  const AlertBook::Page page = backend.folds.alerts().Read(*query);
  std::string out = "{\"alerts\":[";
  for (const AlertBook::Alert& alert : page.alerts) {
    if (&alert != page.alerts.data()) out += ',';
    AppendAlert(out, alert, backend.tape.epoch());
  }
  return Json(out + fmt::format("],\"total\":{},\"limit\":{},\"offset\":{}}}", page.total,
                                query->limit, query->offset));
}

// The alert that an event id is of, also one that an earlier epoch gave.
std::optional<uint64_t> AlertOf(const Backend& backend, std::string_view id) {
  const size_t dash = id.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto last = backend.tape.LastOf(id.substr(0, dash));
  uint64_t seq = 0;
  const char* const end = id.data() + id.size();
  const auto read = std::from_chars(id.data() + dash + 1, end, seq);
  if (!last || read.ec != std::errc() || read.ptr != end || seq > *last) return std::nullopt;
  return seq;
}

http::Response AnswerOf(const Backend& backend, uint64_t seq) {
  const auto alert = backend.folds.alerts().Find(seq);
  if (!alert) return http::Problem(404, "the alert is kept no more", "id");
  std::string out;
  AppendAlert(out, *alert, backend.tape.epoch());
  return Json(std::move(out));
}

http::Reply Acknowledge(const Backend& backend, const http::Request& request, size_t loop,
                        const Caller& caller) {
  const auto seq = AlertOf(backend, request.args[0]);
  const auto alert = seq ? backend.folds.alerts().Find(*seq) : std::nullopt;
  if (!alert) {
    return http::Problem(404, fmt::format("there is no alert {}", request.args[0]), "id");
  }
  if (auto refused = backend.access.RefuseTopic(caller, alert->record->topic)) {
    return *std::move(refused);
  }
  // Again: the first one counts.
  if (alert->acknowledged_at) return AnswerOf(backend, *seq);
  return backend.publisher.Keep(loop, {AlertAckRecord(*seq, caller.subject())},
                                [&backend, seq = *seq] { return AnswerOf(backend, seq); });
}

}  // namespace

void AddAlerts(http::Router& router, const Backend& backend) {
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/alerts",
       .summary = "Alerts, newest first, and who has acknowledged them",
       .parameters = {{"severity", "query", "low, medium, high or critical.", "Severity"},
                      {"acknowledged", "query", "true or false; both if missing.", "boolean"},
                      {"entity_id", "query", "Of whom they tell: an account's name."},
                      {"from", "query", "Not before, RFC 3339."},
                      {"to", "query", "Not after, RFC 3339."},
                      {"limit", "query", "1 to 1000, 50 if missing.", "PageLimit"},
                      {"offset", "query", "How many to skip.", "Offset"}},
       .responses = {{200, "application/json", "alerts, total, limit, offset.", "Alerts"},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     docs::kBadQuery},
       .handler = Guard(backend.access, auth::Permission::kSubscribe,
                        [&backend](const http::Request& request, size_t, const Caller& caller) {
                          return List(backend, request, caller);
                        })});
  router.Add({.method = "POST",
              .pattern = "/api/v1/alerts/{id}/ack",
              .summary = "Acknowledges an alert: new screens are not shown it any more",
              .parameters = {{"id", "path", "The event's id.", "string", true}},
              .responses = {{200, "application/json", "The alert.", "Alert"},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            {404, "application/problem+json", "There is no such alert."},
                            docs::kTryAgain},
              .handler = Guard(
                  backend.access, auth::Permission::kPublish,
                  [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                    return Acknowledge(backend, request, loop, caller);
                  })});
}

}  // namespace livetape::api
