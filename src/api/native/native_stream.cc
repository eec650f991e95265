#include "api/native/native_stream.h"

#include <fmt/format.h>

#include "api/access/guard.h"
#include "api/channels/channel_endpoints.h"
#include "api/docs.h"
#include "api/market/market_topics.h"
#include "api/native/publish_body.h"
#include "api/query_fields.h"

namespace livetape::api {
namespace {

constexpr size_t kPatternsMax = 100;
constexpr size_t kPatternBytesMax = 256;
constexpr size_t kTypesMax = 100;
constexpr std::chrono::seconds kHeartbeatPeriod{5};

// `market/<symbol>` by the symbol's own spelling: a coin has several, its topic has one.
std::string AsKept(const std::string& text, const market::Instruments& instruments) {
  if (!text.starts_with("market/") || text.find_first_of("*/", 7) != std::string::npos) return text;
  const auto known = instruments.Find(SymbolOf(text));
  return known ? MarketTopic(known->instrument.symbol) : text;
}

Field<std::vector<hub::TopicPattern>> Patterns(const http::Query& query,
                                               const market::Instruments& instruments) {
  const auto texts = ListField(query, "topics", kPatternsMax);
  if (!texts) return std::unexpected(texts.error());
  if (texts->empty()) {
    return std::unexpected(
        Unprocessable("topics",
                      "topics is missing: name one pattern or more, such as market/* or "
                      "jobs/training/*,alerts/**"));
  }
  std::vector<hub::TopicPattern> patterns;
  for (const std::string& text : *texts) {
    if (text.size() > kPatternBytesMax) {
      return std::unexpected(Unprocessable(
          "topics", fmt::format("a topic pattern has at most {} bytes", kPatternBytesMax)));
    }
    auto pattern = hub::TopicPattern::Parse(AsKept(text, instruments));
    if (!pattern) {
      return std::unexpected(
          Unprocessable("topics", fmt::format("topics: {}: {}", text, pattern.error().message)));
    }
    patterns.push_back(*std::move(pattern));
  }
  return patterns;
}

Field<std::vector<std::string>> Types(const http::Query& query) {
  auto types = ListField(query, "types", kTypesMax);
  if (!types) return types;
  for (const std::string& type : *types) {
    if (const auto checked = CheckTypeName(type); !checked) {
      return std::unexpected(
          Unprocessable("types", fmt::format("types: each {}", checked.error().message)));
    }
  }
  return types;
}

http::Reply Stream(const Backend& backend, const http::Request& request, size_t loop,
                   const Caller& caller) {
  const http::Query& query = request.query;
  auto patterns = Patterns(query, backend.instruments);
  if (!patterns) return patterns.error();
  auto types = Types(query);
  if (!types) return types.error();
  const auto interval = IntervalField(query, backend.config.sse.interval);
  if (!interval) return interval.error();
  const auto snapshot = ChoiceField(query, "snapshot", {"true", "false"});
  if (!snapshot) return snapshot.error();
  const auto named = ChoiceField(query, "named", {"true", "false"});
  if (!named) return named.error();
  const auto format = ChoiceField(query, "format", {"events", "batch"});
  if (!format) return format.error();
  SseLoop& streams = *backend.loops[loop];
  const auto client = ClientId(request, streams.random());
  if (!client) return client.error();
  if (auto refused = backend.access.Refuse(caller, *patterns)) return *std::move(refused);

  const NativeRendering& rendering =
      backend.native_renderings.Of({.named = *named == "true", .batch = *format == "batch"});
  StreamWish wish;
  wish.spec.patterns = *std::move(patterns);
  wish.spec.types = *std::move(types);
  wish.spec.rendering = &rendering;
  wish.spec.interval = *interval;
  wish.spec.minor_updates = true;
  wish.spec.pulse = kHeartbeatPeriod;
  wish.snapshot = *snapshot == "true";
  wish.greeting = [&rendering](std::string_view id, Beginning beginning) {
    return rendering.Hello(id, ResumeWord(beginning));
  };
  wish.opened = backend.market_stream_opened;
  return streams.Open(request, caller, std::move(wish));
}

}  // namespace

void AddNativeStream(http::Router& router, const Backend& backend) {
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/stream",
       .summary = "Records and state of any topics in one connection",
       .parameters =
           {{"topics", "query", "Patterns as a comma list: market/*, jobs/training/*, alerts/**.",
             "string", true},
            {"types", "query", "Only these types, as a comma list."},
            docs::kInterval,
            {"since", "query", "Where to begin: an event id, `earliest`, or an RFC 3339 time."},
            {"snapshot", "query", "true (the default): begin with the current state; or false.",
             "TrueByDefault"},
            {"named", "query", "true (the default): the event's name is its type; or false.",
             "TrueByDefault"},
            {"format", "query", "events (the default), or batch: the state of a window at once.",
             "StreamForm"},
            {"client_id", "query", "A label for this client."},
            docs::kLastEventId},
       .responses = {docs::Events("NativeStream"), docs::kUnauthorized, docs::kForbidden,
                     docs::kBadQuery, docs::kTooManyStreams},
       .stream = true,
       .handler =
           Guard(backend.access, auth::Permission::kSubscribe,
                 [&backend](const http::Request& request, size_t loop, const Caller& caller) {
                   return Stream(backend, request, loop, caller);
                 })});
}

}  // namespace livetape::api
