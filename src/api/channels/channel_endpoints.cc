#include "api/channels/channel_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/access/guard.h"
#include "api/channels/channel_event.h"
#include "api/docs.h"
#include "api/query_fields.h"
#include "base/assert.h"
#include "base/json_text.h"
#include "base/uuid.h"

namespace livetape::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPingPeriod{30};
// State reaches a channel's stream at most four times a second and key.
constexpr milliseconds kStateInterval{250};
constexpr size_t kClientIdBytesMax = 128;

http::Response NoChannel(std::string_view name) {
  std::string names;
  for (const Channel& channel : Channels()) {
    if (!names.empty()) names += ", ";
    names += channel.name;
  }
  return http::Problem(404, fmt::format("there is no channel {}; there are {}", name, names));
}

http::Reply Stream(const Backend& backend, const http::Request& request, size_t loop,
                   const Caller& caller) {
  const Channel* const channel = FindChannel(request.args[0]);
  if (channel == nullptr) return NoChannel(request.args[0]);
  SseLoop& streams = *backend.loops[loop];
  auto client = ClientId(request, streams.random());
  if (!client) return client.error();
  const ChannelRendering& rendering = backend.channel_renderings.Of(*channel);

  StreamWish wish;
  auto pattern = hub::TopicPattern::Parse(channel->Pattern());
  LT_ASSERT(pattern.has_value(), "channel {}", channel->name);
  wish.spec.patterns = {*std::move(pattern)};
  wish.spec.types = {std::string(channel->event)};
  wish.spec.rendering = &rendering;
  wish.spec.interval = kStateInterval;
  wish.spec.pulse = kPingPeriod;
  if (auto refused = backend.access.Refuse(caller, wish.spec.patterns)) return *std::move(refused);
  wish.directory = &backend.channels;
  wish.group = channel->name;
  wish.name = *client;
  wish.greeting = [&rendering, client = *client](std::string_view id, Beginning) {
    return rendering.Connected(id, client);
  };
  if (!channel->is_state()) {
    wish.copies = [&backend, &rendering, channel] {
      const TaskBoard::Copies copies = backend.folds.CopiesOf(*channel);
      StreamWish::Copies result{.text = "", .through = copies.through};
      rendering.Copies(copies.records, result.text);
      return result;
    };
  }
  return streams.Open(request, caller, std::move(wish));
}

http::Reply Publish(const Backend& backend, const http::Request& request, size_t loop,
                    const Caller& caller) {
  const Channel* const channel = FindChannel(request.args[0]);
  if (channel == nullptr) return NoChannel(request.args[0]);
  auto event = ParseChannelEvent(*channel, request.body);
  if (!event) return http::Problem(event.error().status, event.error().detail, event.error().field);
  if (auto refused = backend.access.RefuseTopic(caller, event->topic)) return *std::move(refused);
  if (channel->kind == tape::RecordKind::kJob && backend.is_own_job(event->topic)) {
    return http::Problem(
        403, fmt::format("{} is a job of this server, which alone tells of it", event->topic),
        channel->id_field);
  }

  Publication publication;
  Receipt receipt;
  receipt.form = Receipt::Form::kId;
  receipt.Add(!channel->is_state());
  publication.receipt = std::move(receipt);
  if (channel->is_state()) {
    publication.states.push_back(
        {.key = std::make_shared<const hub::StateKey>(
             std::move(event->topic), std::string(channel->event), std::move(event->key)),
         .data = std::move(event->data)});
  } else {
    publication.records.push_back({.topic = std::move(event->topic),
                                   .type = std::string(channel->event),
                                   .data = std::move(event->data),
                                   .kind = channel->kind});
  }
  return backend.publisher.Publish(request, caller, loop, std::move(publication));
}

http::Reply Status(const Backend& backend) {
  size_t total = 0;
  std::string channels;
  for (const Channel& channel : Channels()) {
    const std::vector<std::string> clients = backend.channels.Names(channel.name);
    total += clients.size();
    channels += fmt::format("{}\"{}\":{{\"connection_count\":{},\"clients\":[",
                            channels.empty() ? "" : ",", channel.name, clients.size());
    for (size_t i = 0; i < clients.size(); ++i) {
      if (i > 0) channels += ',';
      base::AppendJsonString(channels, clients[i]);
    }
    channels += "]}";
  }
  http::Response response;
  response.body = fmt::format(
      "{{\"status\":\"active\",\"total_connections\":{},\"channels\":{{{}}}}}", total, channels);
  return response;
}

const http::ParameterDoc kChannel{"channel", "path", "training, backtest, alerts or dashboard.",
                                  "ChannelName", true};
const http::ResponseDoc kNoSuchChannel{404, "application/problem+json", "No such channel."};

}  // namespace

std::expected<std::string, http::Response> ClientId(const http::Request& request,
                                                    base::Random& random) {
  const auto given = request.query.Find("client_id");
  if (!given || given->empty()) {
    return base::RandomUuid(random);
  }
  const bool printable = std::ranges::all_of(*given, [](char c) { return c >= 0x20 && c <= 0x7e; });
  if (given->size() <= kClientIdBytesMax && printable) return std::string(*given);
  return std::unexpected(Unprocessable(
      "client_id",
      fmt::format("client_id must be at most {} printable ASCII characters", kClientIdBytesMax)));
}

void AddChannels(http::Router& router, const Backend& backend) {
  const Access& access = backend.access;
  router.Add({.method = "GET",
              .pattern = "/api/v1/sse/status",
              .summary = "Who is connected to which channel",
              .parameters = {},
              .responses = {{200, "application/json", "Connections and clients by channel.",
                             "ChannelStatus"},
                            docs::kUnauthorized,
                            docs::kForbidden},
              .handler = Guard(access, auth::Permission::kAdmin,
                               [&backend](const http::Request&, size_t, const Caller&) {
                                 return Status(backend);
                               })});
  router.Add({.method = "GET",
              .pattern = "/api/v1/sse/{channel}",
              .summary = "The events of a channel: progress, alerts, dashboard updates",
              .parameters = {kChannel,
                             {"client_id", "query", "A label for this client."},
                             docs::kLastEventId},
              .responses = {docs::Events("ChannelStream"), docs::kUnauthorized, docs::kForbidden,
                            kNoSuchChannel, docs::kBadQuery, docs::kTooManyStreams},
              .stream = true,
              .handler = Guard(
                  access, auth::Permission::kSubscribe,
                  [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                    return Stream(backend, request, loop, caller);
                  })});
  router.Add({.method = "POST",
              .pattern = "/api/v1/sse/{channel}",
              .summary = "Publish one event of a channel",
              .parameters = {kChannel, docs::kIdempotencyKey},
              .request = {{"ChannelPublication"}},
              .responses = {{200, "application/json", "Its id, null for dashboard; it is durable.",
                             "PublishedId"},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            kNoSuchChannel,
                            docs::kInFlight,
                            docs::kTooLarge,
                            docs::kBadBody,
                            docs::kTryAgain,
                            {507, "application/problem+json", "Too many keys or bytes of state."}},
              .admit = Admission(access, auth::Permission::kPublish),
              .handler = Guard(
                  access, auth::Permission::kPublish,
                  [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                    return Publish(backend, request, loop, caller);
                  })});
}

}  // namespace livetape::api
