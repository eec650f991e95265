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

json::object Responses(const http::Route& route) {
  json::object responses;
  for (const http::ResponseDoc& response : route.responses) {
    json::object described{{"description", response.description}};
    if (!response.content_type.empty()) {
      const bool problem = response.content_type == kProblemType;
      described["content"] = Content(response.content_type, problem ? "Problem" : response.schema);
    }
    responses[std::to_string(response.status)] = std::move(described);
  }
  return responses;
}

json::object Operation(const http::Route& route) {
  json::object operation{{"summary", route.summary}, {"parameters", Parameters(route)}};
  if (!route.request.empty()) {
    json::object content;
    for (const http::RequestDoc& form : route.request) {
      content[form.content_type] = {{"schema", SchemaOfType(form.schema)}};
    }
    operation["requestBody"] = {{"required", true}, {"content", std::move(content)}};
  }
  operation["responses"] = Responses(route);
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
    path.as_object()[method] = Operation(route);
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
