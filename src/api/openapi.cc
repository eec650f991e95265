#include <algorithm>
#include <boost/json.hpp>

#include "api/operations.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

json::object Operation(const http::Route& route) {
  json::array parameters;
  for (const http::ParameterDoc& parameter : route.parameters) {
    parameters.push_back({{"name", parameter.name},
                          {"in", parameter.in},
                          {"description", parameter.description},
                          {"required", parameter.required},
                          {"schema", {{"type", parameter.type}}}});
  }
  json::object responses;
  for (const http::ResponseDoc& response : route.responses) {
    json::object described{{"description", response.description}};
    if (!response.content_type.empty()) {
      described["content"] = {{response.content_type, json::object()}};
    }
    responses[std::to_string(response.status)] = std::move(described);
  }
  return {{"summary", route.summary},
          {"parameters", std::move(parameters)},
          {"responses", std::move(responses)}};
}

std::string Describe(const http::Router& router) {
  json::object paths;
  for (const http::Route& route : router.routes()) {
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    json::value& path = paths[route.pattern];
    if (!path.is_object()) path = json::object();
    path.as_object()[method] = Operation(route);
  }
  return json::serialize(
      json::object{{"openapi", "3.1.0"},
                   {"info",
                    {{"title", "livetape"},
                     {"version", LIVETAPE_VERSION},
                     {"description", "A real-time trading backend over Server-Sent Events."}}},
                   {"paths", std::move(paths)}});
}

}  // namespace

void AddOpenApi(http::Router& router) {
  router.Add({.method = "GET",
              .pattern = "/openapi.json",
              .summary = "This description",
              .parameters = {},
              .responses = {{200, "application/json", "OpenAPI 3.1."}},
              .handler = [&router](const http::Request&, size_t) -> http::Reply {
                http::Response response;
                response.body = Describe(router);
                return response;
              }});
}

}  // namespace livetape::api
