#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <mutex>
#include <utility>

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

// How a family of paths says what is wrong (http::Router::SetErrorForm).
std::string ErrorType(const http::Router& router, const http::Route& route) {
  return router.InFormOf(route.pattern, http::Problem(500, "any")).content_type;
}
bool IsAlpacas(const http::Router& router, const http::Route& route) {
  return ErrorType(router, route) != kProblemType;
}
json::object ErrorContent(const http::Router& router, const http::Route& route) {
  return Content(ErrorType(router, route), IsAlpacas(router, route) ? "AlpacaError" : "Problem");
}

// What no route says of itself, because it holds for its whole kind.
std::vector<http::ParameterDoc> SharedParameters(const http::Router& router,
                                                 const http::Route& route) {
  std::vector<http::ParameterDoc> shared;
  if (route.stream) {
    shared.push_back({"last_event_id", "query",
                      "As Last-Event-ID, for clients that cannot set it; the header goes first."});
    shared.push_back({"since", "query",
                      "Where to begin without such an id: an event id, `earliest`, or an RFC 3339 "
                      "time."});
  }
  if (IsAlpacas(router, route)) {
    shared.push_back(
        {"account", "query", "The name of an account that is there, where no key is given."});
  }
  return shared;
}

json::array Parameters(const http::Router& router, const http::Route& route) {
  json::array parameters;
  const auto add = [&parameters](const http::ParameterDoc& parameter) {
    parameters.push_back({{"name", parameter.name},
                          {"in", parameter.in},
                          {"description", parameter.description},
                          {"required", parameter.required},
                          {"schema", SchemaOfType(parameter.type)}});
  };
  for (const http::ParameterDoc& parameter : route.parameters) add(parameter);
  for (const http::ParameterDoc& parameter : SharedParameters(router, route)) {
    const bool own = std::ranges::any_of(route.parameters, [&](const http::ParameterDoc& known) {
      return known.name == parameter.name && known.in == parameter.in;
    });
    if (!own) add(parameter);
  }
  return parameters;
}

json::object Responses(const http::Router& router, const http::Route& route) {
  json::object responses;
  if (IsAlpacas(router, route)) {
    const json::object content = ErrorContent(router, route);
    responses["403"] = {{"description", "The token reaches no such account."},
                        {"content", content}};
    responses["404"] = {{"description", "There is no such account."}, {"content", content}};
  }
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

// Each entry is one way in; the empty one is for where auth.mode is none.
json::array Security() {
  return {json::object(), json::object{{"bearer", json::array()}},
          json::object{{"token", json::array()}}, json::object{{"cookie", json::array()}}};
}
json::array AlpacaSecurity() {
  json::array ways = Security();
  ways.push_back(json::object{{"key_id", json::array()}, {"secret_key", json::array()}});
  ways.push_back(json::object{{"key_as_basic", json::array()}});
  return ways;
}
json::object SecuritySchemes(std::string_view cookie) {
  const auto named = [](std::string_view in, std::string_view name) {
    return json::object{{"type", "apiKey"}, {"in", in}, {"name", name}};
  };
  return {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
          {"token", named("query", "token")},
          {"cookie", named("cookie", cookie)},
          {"key_id", named("header", "APCA-API-KEY-ID")},
          {"secret_key", named("header", "APCA-API-SECRET-KEY")},
          {"key_as_basic", {{"type", "http"}, {"scheme", "basic"}}}};
}

json::object Operation(const http::Router& router, const http::Route& route) {
  json::object operation{{"summary", route.summary}, {"parameters", Parameters(router, route)}};
  if (IsAlpacas(router, route)) operation["security"] = AlpacaSecurity();
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

std::string Describe(const http::Router& router, std::string_view cookie) {
  json::object paths;
  for (const http::Route& route : router.routes()) {
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    json::value& path = paths[route.pattern];
    if (!path.is_object()) path = json::object();
    path.as_object()[method] = Operation(router, route);
  }
  return json::serialize(json::object{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "livetape"},
        {"version", LIVETAPE_VERSION},
        {"description", "A real-time trading backend over Server-Sent Events."}}},
      {"paths", std::move(paths)},
      {"security", Security()},
      {"components", {{"schemas", Schemas()}, {"securitySchemes", SecuritySchemes(cookie)}}}});
}

// Written when it is first asked for, by then all routes are there.
struct Description {
  std::once_flag written;
  std::string text;
};

}  // namespace

void AddOpenApi(http::Router& router, std::string cookie) {
  router.Add({.method = "GET",
              .pattern = "/openapi.json",
              .summary = "This description",
              .parameters = {},
              .responses = {{200, "application/json", "OpenAPI 3.1.", "object"}},
              .handler = [&router, cookie = std::move(cookie),
                          description = std::make_shared<Description>()](const http::Request&,
                                                                         size_t) -> http::Reply {
                std::call_once(description->written,
                               [&] { description->text = Describe(router, cookie); });
                http::Response response;
                response.body = description->text;
                return response;
              }});
}

}  // namespace livetape::api
