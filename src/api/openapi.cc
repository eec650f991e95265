#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <mutex>

#include "api/operations.h"
#include "api/schema_text.h"
#include "api/schemas.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kProblemType = "application/problem+json";
constexpr std::string_view kAnyError =
    "Wrong whatever is asked: the request itself (400, 411, 413, 414, 431), its Host (421) or "
    "Origin "
    "(403), or the server cannot answer (500, 503).";

json::object Content(const std::string& content_type, std::string_view schema) {
  json::object content;
  content[content_type] =
      schema.empty() ? json::object() : json::object{{"schema", SchemaOfType(schema)}};
  return content;
}

json::array Parameters(const http::Route& route) {
  json::array parameters;
  for (const http::ParameterDoc& parameter : route.parameters) {
    parameters.push_back({{"name", parameter.name},
                          {"in", parameter.in},
                          {"description", parameter.description},
                          {"required", parameter.required},
                          {"schema", SchemaOfType(parameter.type)}});
  }
  return parameters;
}

// How a family of paths says what is wrong (http::Router::SetErrorForm).
json::object ErrorContent(const http::Router& router, const http::Route& route) {
  const http::Response error = router.InFormOf(route.pattern, http::Problem(500, "any"));
  const bool problem = error.content_type == kProblemType;
  return Content(std::string(error.content_type), problem ? "Problem" : "AlpacaError");
}

json::object Responses(const http::Router& router, const http::Route& route) {
  json::object responses;
  for (const http::ResponseDoc& response : route.responses) {
    json::object described{{"description", response.description}};
    if (!response.content_type.empty()) {
      described["content"] = response.content_type == kProblemType
                                 ? ErrorContent(router, route)
                                 : Content(response.content_type, response.schema);
    }
    responses[std::to_string(response.status)] = std::move(described);
  }
  responses["default"] = {{"description", kAnyError}, {"content", ErrorContent(router, route)}};
  return responses;
}

json::object Operation(const http::Router& router, const http::Route& route) {
  json::object operation{{"summary", route.summary}, {"parameters", Parameters(route)}};
  if (!route.request.empty()) {
    json::object content;
    for (const http::RequestDoc& form : route.request) {
      content[form.content_type] = {{"schema", SchemaOfType(form.schema)}};
    }
    operation["requestBody"] = {{"required", true}, {"content", std::move(content)}};
  }
  operation["responses"] = Responses(router, route);
  return operation;
}

json::object Schemas() {
  json::object all;
  for (const std::string_view* const text : schemas::kAll) {
    for (auto& [name, schema] : ExpandSchemas(*text)) {
      LT_ASSERT(!all.contains(name), "two schemas are called {}", std::string_view(name));
      all[name] = std::move(schema);
    }
  }
  return all;
}

std::string Describe(const http::Router& router) {
  json::object paths;
  for (const http::Route& route : router.routes()) {
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    json::value& path = paths[route.pattern];
    if (!path.is_object()) path = json::object();
    path.as_object()[method] = Operation(router, route);
  }
  return json::serialize(
      json::object{{"openapi", "3.1.0"},
                   {"info",
                    {{"title", "livetape"},
                     {"version", LIVETAPE_VERSION},
                     {"description", "A real-time trading backend over Server-Sent Events."}}},
                   {"paths", std::move(paths)},
                   {"components", {{"schemas", Schemas()}}}});
}

// Written when it is first asked for, by then all routes are there.
struct Description {
  std::once_flag written;
  std::string text;
};

}  // namespace

void AddOpenApi(http::Router& router) {
  router.Add({.method = "GET",
              .pattern = "/openapi.json",
              .summary = "This description",
              .parameters = {},
              .responses = {{200, "application/json", "OpenAPI 3.1.", "object"}},
              .handler = [&router, description = std::make_shared<Description>()](
                             const http::Request&, size_t) -> http::Reply {
                std::call_once(description->written, [&] { description->text = Describe(router); });
                http::Response response;
                response.body = description->text;
                return response;
              }});
}

}  // namespace livetape::api
