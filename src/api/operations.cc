#include "api/operations.h"

#include "api/access/guard.h"
#include "api/docs.h"
#include "http/unavailable.h"

namespace livetape::api {
namespace {

http::Response Text(std::string_view content_type, std::string_view body) {
  http::Response response;
  response.content_type = content_type;
  response.body = body;
  response.headers.Add("Cache-Control", "no-cache");
  return response;
}

}  // namespace

void AddOperations(http::Router& router, const Backend& backend, std::function<bool()> ready) {
  router.Add({.method = "GET",
              .pattern = "/healthz",
              .summary = "Is the process alive?",
              .parameters = {},
              .responses = {{200, "application/json", "It is.", "Standing"}},
              .handler = [](const http::Request&, size_t) -> http::Reply {
                return Text("application/json", R"({"status":"ok"})");
              }});
  router.Add({.method = "GET",
              .pattern = "/readyz",
              .summary = "Can it serve?",
              .parameters = {},
              .responses = {{200, "application/json", "It can.", "Standing"},
                            {503, "application/problem+json", "Not yet, or no more."}},
              .handler = [ready = std::move(ready)](const http::Request&, size_t) -> http::Reply {
                if (ready()) return Text("application/json", R"({"status":"ready"})");
                return http::Unavailable(
                    "stopping, or the disk does not take what is written; try again");
              }});
  router.Add({.method = "GET",
              .pattern = "/metrics",
              .summary = "Metrics in the Prometheus text format",
              .parameters = {},
              .responses = {{200, "text/plain", "All metrics.", "string"},
                            docs::kUnauthorized,
                            docs::kForbidden},
              .handler = Guard(backend.access, auth::Permission::kAdmin,
                               [&backend](const http::Request&, size_t, const Caller&) {
                                 return Text("text/plain; version=0.0.4; charset=utf-8",
                                             backend.metrics.Text());
                               })});
}

}  // namespace livetape::api
