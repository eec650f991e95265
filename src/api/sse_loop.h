#pragma once

// SseLoop: one event loop's streams: joins the hub's shard to the connections below it and opens
// streams by the rules of API section 1. Owned by its loop's thread; made before the loops start.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/stream_limiter.h"
#include "base/random.h"
#include "config/config.h"
#include "http/router.h"
#include "http/server.h"
#include "hub/shard.h"
#include "tape/ring.h"

namespace livetape::api {

// The tape's ring as the hub reads it. Thread-safe.
class RingRecords final : public hub::RecordSource {
 public:
  RingRecords(const tape::Ring& ring, std::string epoch) : ring_(ring), epoch_(std::move(epoch)) {}

  uint64_t head() const override { return ring_.head(); }
  uint64_t oldest() const override { return ring_.oldest(); }
  bool Read(uint64_t after, size_t max, std::vector<hub::RecordView>& out) const override;
  // As tape::Ring.
  uint64_t LastBefore(base::WallTime time) const { return ring_.LastBefore(time); }
  std::string_view epoch() const override { return epoch_; }

 private:
  const tape::Ring& ring_;
  const std::string epoch_;
};

class SseLoop final : public hub::Transport, public http::StreamObserver {
 public:
  // `seed` makes this loop's jitter of `retry:`. References outlive the loop.
  SseLoop(http::EventLoop& loop, const config::Config& config, const RingRecords& records,
          StreamLimiter& limiter, const base::Clock& clock, metrics::Registry& metrics,
          uint64_t seed);

  hub::Shard& shard() { return shard_; }

  // The answer to a request for a stream: it, or 429, or for a reconnect over the limit 200 with
  // `retry: 30000`. `opened` is called once the stream is subscribed.
  http::Reply Open(const http::Request& request, hub::StreamSpec spec,
                   std::function<void()> opened);

  // Ends every stream, each told to come back at another time within `drain`.
  void Drain();

 private:
  // hub::Transport
  void Send(const base::ChunkFrame& frame, std::span<const base::StreamId> streams,
            std::vector<base::SendOutcome>& outcomes) override;
  void End(base::StreamId stream, std::string_view last) override;
  // http::StreamObserver
  void OnWritable(base::StreamId stream) override;
  void OnClosed(base::StreamId stream) override;

  void Work();
  long long DrainRetry();
  long long Between(std::chrono::milliseconds least, std::chrono::milliseconds most);
  hub::Resume ResumeOf(const http::Request& request) const;

  http::EventLoop& loop_;
  const config::Config& config_;
  const RingRecords& records_;
  StreamLimiter& limiter_;
  base::Random random_;
  bool draining_ = false;
  std::vector<std::shared_ptr<StreamLimiter::Ticket>> ticket_of_slot_;
  hub::Shard shard_;
};

}  // namespace livetape::api
