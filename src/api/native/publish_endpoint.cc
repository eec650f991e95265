#include "api/native/publish_endpoint.h"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <utility>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/market/market_topics.h"
#include "api/native/publish_body.h"

namespace livetape::api {
namespace {

// A tick may be a little ahead of this clock, as clocks are.
constexpr std::chrono::seconds kAheadMax{60};

// Of the item at fault, as ParsePublishBody names them.
std::string ItemName(const PublishBody& body, size_t index, std::string_view member) {
  return body.listed ? fmt::format("items[{}].{}", index, member) : std::string(member);
}

// `added`: the symbols that ticks before it bring along. What is taken is taken as a whole, so there
// must be room for all of them.
std::optional<http::Response> RefuseTick(const Backend& backend, const Caller& caller,
                                         const PublishBody& body, size_t index,
                                         const model::PublishedTick& tick,
                                         std::set<std::string_view>& added) {
  // A coin has several spellings: what counts is the instrument that it moves.
  const auto known = backend.instruments.Find(tick.symbol);
  if (known && caller.claims) {
    if (auto refused = backend.access.RefuseTopic(caller, MarketTopic(known->instrument.symbol))) {
      return refused;
    }
  }
  if (tick.time && *tick.time > backend.clock.Wall() + kAheadMax) {
    const std::string field = ItemName(body, index, "data.time");
    return http::Problem(422, field + " must not be more than a minute ahead of the server's clock",
                         field);
  }
  if (!known && added.insert(tick.symbol).second &&
      !backend.tick_floor.HasRoomForSymbols(added.size())) {
    return http::Problem(
        507, fmt::format("there are as many symbols as there may be, {} is new", tick.symbol));
  }
  return std::nullopt;
}

http::Reply Publish(const Backend& backend, const http::Request& request, size_t loop,
                    const Caller& caller) {
  auto body =
      ParsePublishBody(request.body, FormOf(request.headers.Find("Content-Type").value_or("")));
  if (!body) return http::Problem(body.error().status, body.error().detail, body.error().field);

  Publication publication;
  Receipt receipt;
  size_t next_tick = 0;
  std::set<std::string_view> added;  // views of body->ticks
  for (size_t i = 0; i < body->items.size(); ++i) {
    PublishItem& item = body->items[i];
    if (caller.claims) {
      if (auto refused = backend.access.RefuseTopic(caller, item.topic)) return *refused;
    }
    receipt.Add(item.kind == PublishItem::Kind::kRecord);
    switch (item.kind) {
      case PublishItem::Kind::kRecord:
        publication.records.push_back({.topic = std::move(item.topic),
                                       .type = std::move(item.type),
                                       .data = std::move(item.data),
                                       .kind = tape::RecordKind::kMessage});
        break;
      case PublishItem::Kind::kState:
        publication.states.push_back(
            {.key = std::make_shared<const hub::StateKey>(
                 std::move(item.topic), std::move(item.type), std::move(item.key)),
             .data = std::move(item.data),
             .deleted = item.deleted});
        break;
      case PublishItem::Kind::kMarket:
        if (auto refused = RefuseTick(backend, caller, *body, i, body->ticks[next_tick], added))
          return *refused;
        ++next_tick;
        break;
    }
  }
  publication.ticks = std::move(body->ticks);
  publication.receipt = std::move(receipt);
  return backend.publisher.Publish(request, caller, loop, std::move(publication));
}

}  // namespace

void AddPublishing(http::Router& router, const Backend& backend) {
  router.Add({.method = "POST",
              .pattern = "/api/v1/publish",
              .summary = "Publish records, state or market data: one object, an array, or NDJSON",
              .parameters = {docs::kIdempotencyKey},
              .request = {{"Publication"}, {"PublicationLines", "application/x-ndjson"}},
              .responses = {{200, "application/json",
                             "The ids in order, null for state; it is durable.", "PublishedIds"},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            docs::kInFlight,
                            docs::kTooLarge,
                            docs::kBadBody,
                            docs::kTryAgain,
                            {507, "application/problem+json",
                             "Too many keys or bytes of state, or symbols."}},
              .body_bytes_max = backend.config.limits.publish_bytes,
              .admit = Admission(backend.access, auth::Permission::kPublish),
              .handler = Guard(backend.access, auth::Permission::kPublish,
                               [&backend](const http::Request& request, size_t loop,
                                          const Caller& caller) -> http::Reply {
                                 return Publish(backend, request, loop, caller);
                               })});
}

}  // namespace livetape::api
