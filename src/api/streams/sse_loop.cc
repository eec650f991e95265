#include "api/streams/sse_loop.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/time_text.h"
#include "http/address_key.h"
#include "http/unavailable.h"
#include "hub/sse.h"

namespace livetape::api {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLeastDrainRetry{500};
constexpr milliseconds kLongestBeat{500};
constexpr milliseconds kExpiryBeat{500};
constexpr milliseconds kEndBeat{100};
constexpr milliseconds kCrowdWindow{1};
constexpr size_t kOpeningsAtOnce = 2;
constexpr long long kRetryOverLimitMs = 30'000;
constexpr size_t kShownCursorBytes = 256;

// The cursor of API section 1; empty: none.
std::string_view CursorOf(const http::Request& request) {
  if (const auto header = request.headers.Find("Last-Event-ID"); header && !header->empty()) {
    return *header;
  }
  for (const std::string_view name : {"last_event_id", "Last-Event-ID", "since"}) {
    if (const auto value = request.query.Find(name); value && !value->empty()) return *value;
  }
  return {};
}

// A stream that ends at once: a browser's EventSource comes back after anything but an error.
http::Response ShortStream(std::string_view body) {
  http::Response response;
  response.content_type = "text/event-stream; charset=utf-8";
  response.headers.Add("Cache-Control", "no-cache");
  response.headers.Add("X-Accel-Buffering", "no");
  response.body = body;
  return response;
}

http::Response OverLimit(bool reconnect) {
  if (!reconnect) {
    http::Response response =
        http::Problem(429, "too many open streams from here; close one, then try again");
    response.headers.Add("Retry-After", "30");
    return response;
  }
  std::string body;
  hub::AppendRetry(body, kRetryOverLimitMs);
  return ShortStream(body);
}

// Nobody knows where the stream is to begin or to end, so it does not: another place would be a gap
// of which its client is not told.
http::Response TimeUnknown() {
  return http::Unavailable(
      "the records of that time cannot be read now; the server's log says why");
}

Beginning BeginningOf(const std::optional<hub::Resume>& resume) {
  if (!resume) return Beginning::kLive;
  return resume->gap_reason.empty() ? Beginning::kContinuous : Beginning::kGap;
}

}  // namespace

SseLoop::SseLoop(http::EventLoop& loop, const Surroundings& surroundings, uint64_t seed)
    : loop_(loop),
      config_(surroundings.config),
      tape_(surroundings.tape),
      limiter_(surroundings.limiter),
      sessions_(surroundings.sessions),
      revoked_(surroundings.revoked),
      clock_(surroundings.clock),
      random_(seed),
      mailbox_([&loop](std::function<void()> task) { loop.Post(std::move(task)); }),
      records_(tape_, mailbox_),
      shard_({.heartbeat = config_.sse.heartbeat}, records_, *this, clock_, surroundings.metrics,
             [this] { loop_.Post([this] { Work(); }); }) {
  const auto period = std::clamp(config_.sse.heartbeat / 8, milliseconds(10), kLongestBeat);
  loop_.Every(period, [this] { shard_.SendHeartbeats(); });
  loop_.Every(kExpiryBeat, [this] { CloseExpired(); });
  loop_.Every(kEndBeat, [this] { shard_.EndStreams(); });
}

http::Reply SseLoop::Open(const http::Request& request, Caller caller, StreamWish wish) {
  if (draining_) return EndAtOnce(wish);
  const std::optional<StreamPosition> since = SinceOf(request, wish);
  // Held by the answer until the stream opens: an answer to HEAD never does.
  auto ticket = limiter_.Acquire(caller.claims ? SubjectKey(caller.claims->subject)
                                               : http::AddressKey(request.peer));
  if (!ticket) return OverLimit(since.has_value());
  Arrival arrival{std::move(ticket), std::move(caller), std::move(wish), {}, {}, {}};
  if (since && std::holds_alternative<std::string>(*since)) {
    arrival.resume = ResumeOf(std::get<std::string>(*since));
  } else if (since) {
    arrival.since = std::get<base::WallTime>(*since);
  }
  if (arrival.wish.until) {
    const base::WallTime until = *arrival.wish.until;
    if (clock_.Wall() - shard_.commit_time() >= until) {
      arrival.until = until;
    } else {
      arrival.wish.spec.end.before = until;
    }
  }
  if (!arrival.since && !arrival.until) return InTurn(std::move(arrival));
  return http::DeferredReply{
      [this, arrival = std::move(arrival)](const http::Responder& responder) mutable {
        Locate(responder, std::move(arrival));
      }};
}

// The endpoint's wish, or the cursor of API section 1.
std::optional<StreamPosition> SseLoop::SinceOf(const http::Request& request,
                                               const StreamWish& wish) const {
  if (wish.since) return wish.since;
  const std::string_view cursor = CursorOf(request);
  if (cursor.empty()) return std::nullopt;
  if (const auto time = base::ParseRfc3339Bound(cursor)) return *time;
  return std::string(cursor);
}

// Where in the tape a time is, a reader thread finds out.
void SseLoop::Locate(const http::Responder& responder, Arrival arrival) {
  if (!arrival.since && !arrival.until) return Open(responder, std::move(arrival));
  const base::WallTime time = arrival.since ? *arrival.since : *arrival.until;
  tape_.SeekTime(time, [this, responder, arrival = std::move(arrival)](
                           const base::Result<tape::Tape::Sought>& sought) mutable {
    if (!sought) {
      mailbox_.Put([responder] { responder.Send(TimeUnknown()); });
      return;
    }
    if (arrival.since) {
      arrival.resume = ResumeOf(*arrival.since, *sought);
      arrival.since.reset();
    } else {
      arrival.wish.spec.end.through = sought->last_before;
      arrival.until.reset();
    }
    mailbox_.Put([this, responder, arrival = std::move(arrival)]() mutable {
      Locate(responder, std::move(arrival));
    });
  });
}

// A crowd that comes at once must not keep the loop from all else: it opens a few streams, then does
// what else is ready, and so on.
http::Reply SseLoop::InTurn(Arrival arrival) {
  const base::MonoTime now = clock_.Mono();
  if (now - crowd_since_ >= kCrowdWindow) {
    crowd_since_ = now;
    crowd_ = 0;
  }
  if (crowd_waiting_.empty() && ++crowd_ <= kOpeningsAtOnce) return Start(std::move(arrival));
  return http::DeferredReply{
      [this, arrival = std::move(arrival)](const http::Responder& responder) mutable {
        crowd_waiting_.emplace_back(responder, std::move(arrival));
        if (crowd_waiting_.size() == 1) loop_.Post([this] { OpenSome(); });
      }};
}

void SseLoop::OpenSome() {
  for (size_t i = 0; i < kOpeningsAtOnce && !crowd_waiting_.empty(); ++i) {
    auto [responder, arrival] = std::move(crowd_waiting_.front());
    crowd_waiting_.pop_front();
    Open(responder, std::move(arrival));
  }
  if (!crowd_waiting_.empty()) loop_.Post([this] { OpenSome(); });
}

// One that has waited: what was true when it came may be so no more.
void SseLoop::Open(const http::Responder& responder, Arrival arrival) {
  if (draining_) return responder.Send(EndAtOnce(arrival.wish));
  const auto& claims = arrival.caller.claims;
  if (claims && revoked_.Contains(claims->session)) return responder.Send(Access::Revoked());
  responder.Send(Start(std::move(arrival)));
}

// What a stream is answered with while the server stops.
http::Response SseLoop::EndAtOnce(const StreamWish& wish) {
  const long long retry = DrainRetry();
  std::string body;
  wish.spec.rendering->Control("drain", "", fmt::format("{{\"after_ms\":{}}}", retry), body);
  hub::AppendRetry(body, retry);
  return ShortStream(body);
}

http::StreamStart SseLoop::Start(Arrival arrival) {
  http::StreamStart start;
  start.observer = this;
  start.open = [this, arrival = std::move(arrival)](base::StreamId stream) {
    const uint32_t slot = base::SlotOf(stream);
    if (slot >= ticket_of_slot_.size()) ticket_of_slot_.resize(slot + 1);
    ticket_of_slot_[slot] = arrival.ticket;
    Keep(stream, arrival.caller, arrival.wish);
    std::string first = Begin(stream, arrival.wish, arrival.resume);
    if (arrival.wish.opened) arrival.wish.opened();
    return first;
  };
  return start;
}

void SseLoop::Keep(base::StreamId stream, const Caller& caller, const StreamWish& wish) {
  if (wish.directory == nullptr && !caller.claims) return;
  Extra& extra = extra_[stream];
  if (wish.directory != nullptr) extra.listed.emplace(*wish.directory, wish.group, wish.name);
  if (!caller.claims) return;
  const auto& [subject, session, expires, permissions, topics] = *caller.claims;
  if (!session.empty()) extra.session.emplace(sessions_, session, subject);
  extra.expiry = expiries_.emplace(expires + auth::kClockSkew, Expiry{stream, session});
}

std::string SseLoop::Begin(base::StreamId stream, const StreamWish& wish,
                           const std::optional<hub::Resume>& resume) {
  hub::Resume from =
      resume.value_or(hub::Resume{.after = tape_.head(), .gap_reason = "", .requested = ""});
  StreamWish::Copies copies;
  if (wish.copies && !resume) {
    copies = wish.copies();
    from.after = copies.through;
  }
  const long long retry = Between(config_.sse.retry[0], config_.sse.retry[1]);
  hub::Shard::Opening opening;
  opening.snapshot = wish.snapshot;
  opening.greeting = [&](std::string_view id) {
    std::string greeting;
    hub::AppendRetry(greeting, retry);
    if (wish.greeting) greeting += wish.greeting(id, BeginningOf(resume));
    return greeting;
  };
  opening.copies = [&](std::string& out) { out += copies.text; };
  return shard_.Subscribe(stream, wish.spec, from, opening);
}

hub::Resume SseLoop::ResumeOf(std::string_view cursor) const {
  const tape::Resumption resumption = tape_.Resolve(cursor);
  return {.after = resumption.after,
          .gap_reason = std::string(resumption.gap_reason),
          .requested = std::string(cursor.substr(0, kShownCursorBytes))};
}

// As an id that is kept no more.
hub::Resume SseLoop::ResumeOf(base::WallTime since, const tape::Tape::Sought& sought) {
  if (sought.all_kept) {
    return {.after = sought.last_before, .gap_reason = "", .requested = ""};
  }
  return {.after = sought.last_before,
          .gap_reason = "expired",
          .requested = base::FormatRfc3339(since)};
}

void SseLoop::CloseSession(std::string_view session) {
  std::vector<base::StreamId> streams;
  for (const auto& [time, expiry] : expiries_) {
    if (expiry.session == session) streams.push_back(expiry.stream);
  }
  for (const base::StreamId stream : streams) {
    shard_.Close(stream, "auth", R"({"reason":"revoked"})");
  }
}

void SseLoop::CloseExpired() {
  const base::WallTime now = clock_.Wall();
  std::vector<base::StreamId> streams;
  for (auto at = expiries_.begin(); at != expiries_.end() && at->first <= now; ++at) {
    streams.push_back(at->second.stream);
  }
  for (const base::StreamId stream : streams) {
    shard_.Close(stream, "auth", R"({"reason":"expired"})");
  }
}

void SseLoop::Drain() {
  draining_ = true;
  shard_.Drain([this] { return DrainRetry(); });
}

// When a client is to come back after a stop, spread over server.drain_s.
long long SseLoop::DrainRetry() {
  return Between(kLeastDrainRetry, std::max(config_.server.drain, kLeastDrainRetry));
}

// Any whole number of milliseconds from `least` to `most`.
long long SseLoop::Between(milliseconds least, milliseconds most) {
  const auto spread = static_cast<uint64_t>((most - least).count()) + 1;
  return least.count() + static_cast<long long>(random_.Below(spread));
}

void SseLoop::Forget(base::StreamId stream) {
  ticket_of_slot_[base::SlotOf(stream)].reset();
  const auto at = extra_.find(stream);
  if (at == extra_.end()) return;
  if (at->second.expiry) expiries_.erase(*at->second.expiry);
  extra_.erase(at);
}

void SseLoop::Send(const base::ChunkFrame& frame, std::span<const base::StreamId> streams,
                   std::vector<base::SendOutcome>& outcomes) {
  loop_.streams().Broadcast(frame, streams, outcomes);
}

void SseLoop::End(base::StreamId stream, std::string_view last) {
  Forget(stream);
  loop_.streams().End(stream, last);
}

void SseLoop::OnWritable(base::StreamId stream) { shard_.OnWritable(stream); }

void SseLoop::OnClosed(base::StreamId stream) {
  Forget(stream);
  shard_.OnClosed(stream);
}

void SseLoop::Work() {
  if (!shard_.DoWork()) return;
  const auto rest = shard_.rest();
  if (rest.count() == 0) return shard_.Continue();
  if (resting_) return;
  resting_ = true;
  loop_.After(rest, [this] {
    resting_ = false;
    Work();
  });
}

}  // namespace livetape::api
