#include "api/sse_loop.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/time_text.h"
#include "hub/sse.h"
#include "tape/event_id.h"

namespace livetape::api {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLeastDrainRetry{500};
constexpr long long kRetryOverLimitMs = 30'000;

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
        http::Problem(429, "too many open streams from this address; close one, then try again");
    response.headers.Add("Retry-After", "30");
    return response;
  }
  std::string body;
  hub::AppendRetry(body, kRetryOverLimitMs);
  return ShortStream(body);
}

}  // namespace

bool RingRecords::Read(uint64_t after, size_t max, std::vector<hub::RecordView>& out) const {
  std::vector<tape::RecordRef> records;
  if (!ring_.Read(after, max, records)) return false;
  for (tape::RecordRef& record : records) {
    out.push_back({record->seq, record->topic, record->type, record->data, record});
  }
  return true;
}

SseLoop::SseLoop(http::EventLoop& loop, const config::Config& config, const RingRecords& records,
                 StreamLimiter& limiter, const base::Clock& clock, metrics::Registry& metrics,
                 uint64_t seed)
    : loop_(loop),
      config_(config),
      records_(records),
      limiter_(limiter),
      random_(seed),
      shard_({.heartbeat = config.sse.heartbeat}, records, *this, clock, metrics,
             [this] { loop_.Post([this] { Work(); }); }) {
  const auto period = std::clamp(config.sse.heartbeat / 8, milliseconds(10), milliseconds(500));
  loop_.Every(period, [this] { shard_.SendHeartbeats(); });
}

http::Reply SseLoop::Open(const http::Request& request, hub::StreamSpec spec,
                          std::function<void()> opened) {
  if (draining_) {
    const long long retry = DrainRetry();
    std::string body;
    hub::AppendEvent(body, "", "drain", fmt::format("{{\"after_ms\":{}}}", retry));
    hub::AppendRetry(body, retry);
    return ShortStream(body);
  }
  // Held by the answer until the stream opens: an answer to HEAD never does.
  const auto ticket = limiter_.Acquire(AddressKey(request.peer));
  if (!ticket) return OverLimit(!CursorOf(request).empty());
  const long long retry = Between(config_.sse.retry[0], config_.sse.retry[1]);
  http::StreamStart start;
  start.observer = this;
  start.open = [this, ticket, retry, spec = std::move(spec), resume = ResumeOf(request),
                opened = std::move(opened)](base::StreamId stream) {
    const uint32_t slot = base::SlotOf(stream);
    if (slot >= ticket_of_slot_.size()) ticket_of_slot_.resize(slot + 1);
    ticket_of_slot_[slot] = ticket;
    std::string first = shard_.Subscribe(stream, spec, resume, [retry](std::string_view) {
      std::string greeting;
      hub::AppendRetry(greeting, retry);
      return greeting;
    });
    opened();
    return first;
  };
  return start;
}

hub::Resume SseLoop::ResumeOf(const http::Request& request) const {
  const std::string_view cursor = CursorOf(request);
  const uint64_t head = records_.head();
  if (cursor.empty()) return {.after = head, .gap_reason = "", .requested = ""};
  if (const auto time = base::ParseRfc3339(cursor)) {
    return {.after = records_.LastBefore(*time), .gap_reason = "", .requested = ""};
  }
  const auto resumption = tape::ResolveCursor(
      cursor, {.epoch = records_.epoch(), .oldest = records_.oldest(), .head = head});
  return {.after = resumption.after,
          .gap_reason = std::string(resumption.gap_reason),
          .requested = std::string(cursor.substr(0, 256))};
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

void SseLoop::Send(const base::ChunkFrame& frame, std::span<const base::StreamId> streams,
                   std::vector<base::SendOutcome>& outcomes) {
  loop_.streams().Broadcast(frame, streams, outcomes);
}

void SseLoop::End(base::StreamId stream, std::string_view last) {
  ticket_of_slot_[base::SlotOf(stream)].reset();
  loop_.streams().End(stream, last);
}

void SseLoop::OnWritable(base::StreamId stream) { shard_.OnWritable(stream); }

void SseLoop::OnClosed(base::StreamId stream) {
  ticket_of_slot_[base::SlotOf(stream)].reset();
  shard_.OnClosed(stream);
}

void SseLoop::Work() {
  if (shard_.DoWork()) shard_.Wake();
}

}  // namespace livetape::api
