#include "api/trade_updates/trade_events.h"

#include <charconv>
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "api/alpaca/alpaca_error.h"
#include "api/docs.h"
#include "base/assert.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

constexpr std::chrono::seconds kPositionPeriod{15};

template <typename T>
using Wished = std::expected<std::optional<T>, http::Response>;

http::Response Refused(const std::string& message) {
  return AlpacaError(422, kCodeUnprocessable, message);
}

// Seconds since 1970, or what is too large for that: milliseconds, microseconds, nanoseconds.
std::optional<base::WallTime> UnixTime(std::string_view text) {
  constexpr int64_t kSecondsMax = 100'000'000'000;  // the year 5138, and 1973 in milliseconds
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  int64_t unit = 1'000'000'000;
  while (unit > 1 && number >= kSecondsMax * (1'000'000'000 / unit)) unit /= 1000;
  // What is beyond the clock is the end of time.
  if (number > INT64_MAX / unit) return base::WallTime::max();
  return base::WallTime(std::chrono::nanoseconds(number * unit));
}

Wished<base::WallTime> TimeOf(const http::Query& query, std::string_view name) {
  const auto text = query.Find(name);
  if (!text || text->empty()) return std::nullopt;
  if (const auto time = UnixTime(*text)) return time;
  if (const auto time = base::ParseRfc3339Bound(*text)) return *time;
  return std::unexpected(
      Refused(std::string(name) + " must be an RFC 3339 time or seconds since 1970"));
}

std::optional<std::string_view> IdOf(const http::Query& query, std::string_view name) {
  const auto text = query.Find(name);
  return text && !text->empty() ? text : std::nullopt;
}

// Where the stream begins: the cursor of every stream, which a browser sends when it comes again and
// SseLoop looks at, before what the address says. Alpaca's `since` is a time; here, as on every
// stream, it may be an id too.
std::optional<http::Response> SetSince(const http::Request& request, const tape::Tape& tape,
                                       StreamWish& wish) {
  const http::Query& query = request.query;
  for (const auto& id : {request.headers.Find("Last-Event-ID"), query.Find("last_event_id"),
                         query.Find("Last-Event-ID")}) {
    if (id && !id->empty()) return std::nullopt;
  }
  auto id = IdOf(query, "since_id");
  if (const auto since = IdOf(query, "since")) {
    if (id) return Refused("since and since_id cannot be used at the same time");
    if (tape.Resolve(*since).gap_reason != "malformed") id = since;
  }
  if (id) {
    wish.since = std::string(*id);
    return std::nullopt;
  }
  const auto time = TimeOf(query, "since");
  if (!time) return time.error();
  if (*time) wish.since = **time;
  return std::nullopt;
}

// Where it ends.
std::optional<http::Response> SetUntil(const http::Request& request, const tape::Tape& tape,
                                       StreamWish& wish) {
  const auto id = IdOf(request.query, "until_id");
  const auto time = TimeOf(request.query, "until");
  if (!time) return time.error();
  if (id && *time) return Refused("until and until_id cannot be used at the same time");
  wish.until = *time;
  if (!id) return std::nullopt;
  const tape::Resumption end = tape.Resolve(*id);
  // One that is kept no more has nothing before it.
  const bool known = end.gap_reason.empty() || end.gap_reason == "expired";
  if (!known) return Refused("until_id must be the event_id of an event");
  wish.spec.end.through = end.after;
  return std::nullopt;
}

hub::TopicPattern Pattern(const std::string& text) {
  auto pattern = hub::TopicPattern::Parse(text);
  LT_ASSERT(pattern.has_value(), "pattern {}", text);
  return *std::move(pattern);
}

}  // namespace

http::Reply TradeEvents(const TradeEventSources& sources, const http::Request& request,
                        size_t loop) {
  const auto account = sources.accounts.OfAlpaca(request);
  if (!account) return account.error();
  StreamWish wish;
  for (const char* const kind : {"/orders", "/fills"}) {
    wish.spec.patterns.push_back(Pattern("paper/" + account->name + kind));
  }
  wish.spec.rendering = &sources.rendering;
  // Who has seen no event yet resumes as well.
  wish.spec.pulse = kPositionPeriod;
  wish.greeting = [&rendering = sources.rendering](std::string_view id, Beginning) {
    std::string position;
    rendering.Pulse(id, position);
    return position;
  };
  wish.snapshot = false;
  if (auto refused = SetSince(request, sources.tape, wish)) return *std::move(refused);
  if (auto refused = SetUntil(request, sources.tape, wish)) return *std::move(refused);
  // With the token that was let in it ends. A key has no end.
  return sources.loops[loop]->Open(request, Caller{account->claims}, std::move(wish));
}

void AddTradeEvents(http::Router& router, const Backend& backend, const TradingBackend& trading) {
  const auto rendering = std::make_shared<const TradeEventRendering>();
  router.Add(
      {.method = "GET",
       .pattern = "/v2/events/trades",
       .summary = "What happens to an account's orders, in Alpaca's form",
       .parameters = {{"since", "query",
                       "Where to begin: a time, RFC 3339 or seconds since 1970, an event_id, or "
                       "`earliest`."},
                      {"since_id", "query", "Where to begin: behind the event with this event_id."},
                      {"until", "query", "The stream ends after the last event before this time."},
                      {"until_id", "query", "The stream ends after the event with this event_id."},
                      docs::kLastEventId},
       .responses = {docs::Events("TradeEventStream"),
                     {401, "application/json", "The key is not right.", "AlpacaError"},
                     {422, "application/json", "A parameter is wrong.", "AlpacaError"},
                     docs::kTooManyStreams},
       .stream = true,
       .handler = [&backend, &trading, rendering](const http::Request& request, size_t loop) {
         return TradeEvents({trading.access, backend.tape, backend.loops, *rendering}, request,
                            loop);
       }});
}

}  // namespace livetape::api
