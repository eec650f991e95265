#include "api/events/event_endpoints.h"

#include <utility>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/events/event_body.h"
#include "api/events/event_registry.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

constexpr std::chrono::seconds kWindow{1};  // there is no state to send at its end
constexpr std::chrono::seconds kHeartbeatPeriod{30};

http::Response Refusal(const BodyError& error) {
  return http::Problem(error.status, error.detail, error.field);
}

hub::TopicPattern Topic(const std::string& text) {
  auto topic = hub::TopicPattern::Parse(text);
  LT_ASSERT(topic.has_value(), "topic {}", text);
  return *std::move(topic);
}

http::Reply Stream(const Backend& backend, const http::Request& request, size_t loop,
                   const Caller& caller) {
  std::vector<std::string> asked;
  for (const std::string_view value : request.query.All("categories")) asked.emplace_back(value);
  const auto categories = ParseCategories(asked);
  if (!categories) return Refusal(categories.error());

  StreamWish wish;
  for (const std::string_view category : *categories) {
    const std::string own = UserTopic(caller.claims->subject, category);
    if (const auto right = hub::CheckTopic(own); !right) {
      return http::Problem(
          403, "the token's sub is too long for a user's stream: " + right.error().message);
    }
    wish.spec.patterns.push_back(Topic(own));
    wish.spec.patterns.push_back(Topic(BroadcastTopic(category)));
  }
  // A token that names its topics reaches no more here than on /api/v1/stream.
  if (auto refused = backend.access.Refuse(caller, wish.spec.patterns)) return *std::move(refused);
  wish.spec.rendering = &backend.event_rendering;
  wish.spec.interval = kWindow;
  wish.spec.pulse = kHeartbeatPeriod;
  wish.greeting = [&backend](std::string_view id, Beginning beginning) {
    return backend.event_rendering.Hello(id, ResumeWord(beginning));
  };
  return backend.loops[loop]->Open(request, caller, std::move(wish));
}

http::Reply Publish(const Backend& backend, const http::Request& request, size_t loop,
                    const Caller& caller) {
  auto event = ParseUserEvent(request.body);
  if (!event) return Refusal(event.error());
  Publication publication;
  Receipt receipt;
  for (std::string& topic : event->topics) {
    // Who may publish may write to every user, unless the token names its topics.
    if (caller.claims && caller.claims->topics) {
      if (auto refused = backend.access.RefuseTopic(caller, topic)) return *std::move(refused);
    }
    receipt.Add(true);
    publication.records.push_back({.topic = std::move(topic),
                                   .type = std::string(event->type->name),
                                   .data = event->data,
                                   .kind = tape::RecordKind::kUserEvent});
  }
  publication.receipt = std::move(receipt);
  return backend.publisher.Publish(request, caller, loop, std::move(publication));
}

http::Reply Registry() {
  http::Response response;
  response.body = RegistryJson();
  response.headers.Add("Cache-Control", "no-cache");
  return response;
}

}  // namespace

void AddUserEvents(http::Router& router, const Backend& backend) {
  router.Add({.method = "GET",
              .pattern = "/api/v1/events",
              .summary = "The events of the token's user",
              .parameters = {{"categories", "query",
                              "Only these, as a comma list: data_sync, provider, ai, import, "
                              "portfolio, security."},
                             docs::kLastEventId},
              .responses = {docs::Events("UserEventStream"), docs::kUnauthorized, docs::kForbidden,
                            docs::kBadQuery, docs::kTooManyStreams},
              .stream = true,
              .handler = Guard(
                  backend.access, auth::Permission::kSubscribe,
                  [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                    return Stream(backend, request, loop, caller);
                  },
                  Access::Token::kAlways)});
  router.Add({.method = "POST",
              .pattern = "/api/v1/events",
              .summary = "Publish an event to one user, to some, or to all",
              .parameters = {docs::kIdempotencyKey},
              .request = {{"UserEvent"}},
              .responses = {{200, "application/json", "The ids, one per user; it is durable.",
                             "UserEventIds"},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            docs::kInFlight,
                            docs::kTooLarge,
                            docs::kBadBody,
                            docs::kTryAgain},
              .admit = Admission(backend.access, auth::Permission::kPublish),
              .handler = Guard(
                  backend.access, auth::Permission::kPublish,
                  [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                    return Publish(backend, request, loop, caller);
                  })});
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/events/registry",
       .summary = "All types of user events with the fields of their payloads",
       .parameters = {},
       .responses = {{200, "application/json", "Categories and event types.", "EventRegistry"}},
       .handler = [](const http::Request&, size_t) { return Registry(); }});
}

}  // namespace livetape::api
