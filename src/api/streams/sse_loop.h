#pragma once

// SseLoop: one event loop's streams: joins the hub's shard to the connections below it and opens
// streams by the rules of API section 1. Owned by its loop's thread; made before the loops start.

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "api/access/access.h"
#include "api/publishing/mailbox.h"
#include "api/streams/stream_directory.h"
#include "api/streams/stream_limiter.h"
#include "api/streams/tape_records.h"
#include "base/random.h"
#include "config/config.h"
#include "http/router.h"
#include "http/server.h"
#include "hub/shard.h"
#include "tape/tape.h"

namespace livetape::api {

// How a stream begins, as `hello` tells it.
enum class Beginning {
  kLive,        // without cursor
  kContinuous,  // every record after the cursor follows
  kGap,         // some cannot be told any more
};

// "live", "continuous", "gap"
constexpr std::string_view ResumeWord(Beginning beginning) {
  switch (beginning) {
    case Beginning::kContinuous:
      return "continuous";
    case Beginning::kGap:
      return "gap";
    case Beginning::kLive:
      break;
  }
  return "live";
}

// A position in the tape as a client names it: an event id, or a time.
using StreamPosition = std::variant<std::string, base::WallTime>;

// What an endpoint wants of its stream.
struct StreamWish {
  hub::StreamSpec spec;
  // Where to begin, instead of what the request says by itself (API section 1).
  std::optional<StreamPosition> since;
  // The stream ends after the last record before this time, at once if that has been. An end at a
  // record is the spec's.
  std::optional<base::WallTime> until;
  bool snapshot = true;  // begin with the current state
  // The first event, with the id of the stream's position; null: none.
  std::function<std::string(std::string_view id, Beginning beginning)> greeting;
  // Copies of records for who comes without cursor, and the position up to which they are right;
  // null: none.
  struct Copies {
    std::string text;
    uint64_t through = 0;
  };
  std::function<Copies()> copies;
  // Where the stream is to be listed while it is open: the channel and the client's name.
  StreamDirectory* directory = nullptr;
  std::string group, name;
  std::function<void()> opened;  // null, or called once it is
};

class SseLoop final : public hub::Transport, public http::StreamObserver {
 public:
  struct Surroundings {
    const config::Config& config;
    tape::Tape& tape;
    StreamLimiter& limiter;
    StreamDirectory& sessions;  // users by session
    const auth::RevokedSessions& revoked;
    const base::Clock& clock;
    metrics::Registry& metrics;
  };
  // `seed` makes this loop's jitter of `retry:`. References outlive the loop.
  SseLoop(http::EventLoop& loop, const Surroundings& surroundings, uint64_t seed);

  hub::Shard& shard() { return shard_; }
  // Any thread may put work there.
  Mailbox& mailbox() { return mailbox_; }
  base::Random& random() { return random_; }

  // The answer to a request for a stream: it, or 429, or for a reconnect over the limit 200 with
  // `retry: 30000` and the end.
  http::Reply Open(const http::Request& request, Caller caller, StreamWish wish);

  // Ends the streams that were opened with a token of this session: `auth`, revoked.
  void CloseSession(std::string_view session);

  // Ends every stream, each told to come back at another time within `drain`.
  void Drain();

 private:
  struct Expiry {
    base::StreamId stream;
    std::string session;
  };
  using Expiries = std::multimap<base::WallTime, Expiry>;
  // A request for a stream that may be opened.
  struct Arrival {
    std::shared_ptr<StreamLimiter::Ticket> ticket;
    Caller caller;
    StreamWish wish;
    std::optional<hub::Resume> resume;  // nothing: without cursor
    // What is still to be looked up: where the tape is at these times.
    std::optional<base::WallTime> since, until;
  };
  // What some streams have besides a ticket.
  struct Extra {
    std::optional<StreamDirectory::Entry> listed, session;
    std::optional<Expiries::iterator> expiry;
  };

  // hub::Transport
  void Send(const base::ChunkFrame& frame, std::span<const base::StreamId> streams,
            std::vector<base::SendOutcome>& outcomes) override;
  void End(base::StreamId stream, std::string_view last) override;
  // http::StreamObserver
  void OnWritable(base::StreamId stream) override;
  void OnClosed(base::StreamId stream) override;

  void Work();
  std::optional<StreamPosition> SinceOf(const http::Request& request, const StreamWish& wish) const;
  void Locate(const http::Responder& responder, Arrival arrival);
  http::Reply InTurn(Arrival arrival);
  void OpenSome();
  http::Response EndAtOnce(const StreamWish& wish);
  void Open(const http::Responder& responder, Arrival arrival);
  http::StreamStart Start(Arrival arrival);
  hub::Resume ResumeOf(std::string_view cursor) const;
  static hub::Resume ResumeOf(base::WallTime since, const tape::Tape::Sought& sought);
  void Keep(base::StreamId stream, const Caller& caller, const StreamWish& wish);
  std::string Begin(base::StreamId stream, const StreamWish& wish,
                    const std::optional<hub::Resume>& resume);
  void CloseExpired();
  void Forget(base::StreamId stream);
  long long DrainRetry();
  long long Between(std::chrono::milliseconds least, std::chrono::milliseconds most);

  http::EventLoop& loop_;
  const config::Config& config_;
  tape::Tape& tape_;
  StreamLimiter& limiter_;
  StreamDirectory& sessions_;
  const auth::RevokedSessions& revoked_;
  const base::Clock& clock_;
  base::Random random_;
  bool draining_ = false;
  bool resting_ = false;                                           // Work comes again by a timer
  std::deque<std::pair<http::Responder, Arrival>> crowd_waiting_;  // bounded by the connections
  base::MonoTime crowd_since_;  // crowd_ streams have been opened since then
  size_t crowd_ = 0;
  Mailbox mailbox_;
  TapeRecords records_;
  std::vector<std::shared_ptr<StreamLimiter::Ticket>> ticket_of_slot_;
  Expiries expiries_;  // of streams opened with a token, by the time at which it ends
  std::unordered_map<base::StreamId, Extra> extra_;
  hub::Shard shard_;
};

}  // namespace livetape::api
