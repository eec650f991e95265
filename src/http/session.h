#pragma once

// Session: one HTTP/1.x connection, from accept to close, or to the moment when it becomes a stream
// or a WebSocket and its socket is handed to the table of those. Owned by the loop's thread.
//
// A session reads one request, answers it, then reads the next; pipelined requests wait in its
// inbox or in the kernel.
//
//   accepted ──► reading ──► waiting ──► answering ──► reading ...      (kept alive)
//                   │           │            └───────► lingering ──► closed
//                   └───────────┴──► handed over as a stream; from reading, as a WebSocket
//
// A request with a large body is queued between reading and waiting, until the loop has nothing else
// to do.
//
// Invariants:
//  1. It reads only while kReading or kLingering: it never holds more than one request, one answer
//     and one read of input.
//  2. At most one wait for readability is outstanding (watching_).
//  3. kWaiting exactly while a DeferredReply has begun and has no answer; request_ is the number
//     its Responders know, and changes with every answer, so that a second one comes to nothing.
//     kQueued exactly while a whole request waits in Sessions::AwaitTurn.
//     A request whose body goes into a sink (body_sink.h) is kReading until the body is complete;
//     while the sink is full (paused_) nothing is read.
//  4. What it has counted into Shared::body_bytes is held_bytes_, and it takes that back before its
//     request is answered or it closes. Likewise Shared::answer_bytes and held_answer_, from when the
//     socket takes no more of an answer until all is sent or it closes.

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/log.h"
#include "http/access_log.h"
#include "http/body_sink.h"
#include "http/connection_count.h"
#include "http/date_field.h"
#include "http/dispatch.h"
#include "http/loop_metrics.h"
#include "http/request_parser.h"
#include "http/responder.h"
#include "http/response_text.h"
#include "http/stream_table.h"
#include "http/trusted_proxies.h"
#include "http/unique_fd.h"
#include "http/websocket_table.h"

namespace boost::asio {
class io_context;
}

namespace livetape::http {

class Sessions;

struct SessionLimits {
  size_t head_bytes_max;
  size_t body_bytes_max;  // where the route does not say otherwise
  // Of all bodies that one loop is receiving, together, and half of it of those of one client; a
  // request that exceeds it gets 503.
  size_t bodies_bytes_max;
  // Of all answers of one loop that are not taken, together; the connection that exceeds it is closed.
  size_t answers_bytes_max;
  std::chrono::milliseconds head_timeout;
  std::chrono::milliseconds idle_timeout;
  std::chrono::milliseconds stall_timeout;
  std::chrono::milliseconds answer_timeout;
};

// What a loop's sessions work with. The references outlive them.
struct SessionSurroundings {
  boost::asio::io_context& io;
  const Dispatcher& dispatcher;
  const TrustedProxies& proxies;
  StreamTable& streams;
  WebSocketTable& websockets;
  ConnectionCount& connections;
  LoopMetrics& metrics;
  const AccessLog& access_log;
  const base::Clock& clock;
  base::Log& log;
  size_t loop;  // index
};

class Session final : public Responder::Taker,
                      public BodyFlow::Source,
                      public std::enable_shared_from_this<Session> {
 public:
  // What the sessions of a loop have in common.
  struct Shared {
    const SessionSurroundings around;
    const SessionLimits limits;
    const RequestParser::BodyLimit body_limit;
    Sessions& sessions;
    const std::unique_ptr<char[]> scratch;                 // for one read
    size_t body_bytes = 0;                                 // held of bodies that are being received
    std::unordered_map<uint64_t, size_t> body_bytes_of{};  // the same by AddressKey
    size_t answer_bytes = 0;                               // held of answers that are not taken
    bool draining = false;
    DateField date = {};
  };

  // `shared` outlives the session.
  Session(Shared& shared, UniqueFd socket, std::string peer, size_t place);
  ~Session() override;

  // Goes on until it has to wait for the peer or for an answer, or until others have waited long
  // enough. From within itself it does nothing.
  void Run();
  void Close();
  // Its time is over: closes it, or gives up waiting for the answer.
  void OnDue();
  base::MonoTime due() const { return due_; }
  // No request is under way.
  bool idle() const;
  // Goes on with the request that is queued.
  void TakeTurn();

  void TakeAnswer(uint64_t request, Responder::Answer answer) override;
  void ResumeBody(uint64_t request) override;

  size_t index;  // in Sessions

 private:
  enum class Phase { kReading, kQueued, kWaiting, kAnswering, kLingering, kClosed };
  struct Watch;

  void DueIn(std::chrono::milliseconds timeout);
  bool Step();
  bool Receive();
  void Take(std::string_view arrived);
  size_t Put(std::string_view input);
  void Keep(std::string_view input, size_t taken);
  void OnBody(bool arrived);
  void OnWhole();
  void Queue();
  void AskForBody();
  void BeginBody();
  Request Head() const;
  bool OpenSink();
  bool Pour();
  bool HoldBody(size_t bytes);
  void CountBody(size_t bytes);
  void ReleaseBody();
  void Discard();

  void Respond(Request request);
  std::expected<std::string, Response> CheckUpgrade(const Request& request) const;
  void Refuse(unsigned status, std::string_view detail);
  void Refuse(Response response);
  void Refuse(Answer answer);
  void Defer(const DeferredReply& deferred);
  void Reply(Responder::Answer answer);
  void OpenStream(const StreamStart& start);
  void OpenWebSocket(WebSocketStart start, std::string key);
  UniqueFd HandOver();
  void Send(std::string text, unsigned status);
  void Flush();
  bool HoldAnswer();
  void ReleaseAnswer();
  void AfterAnswer();
  void WriteLine() const;

  void WatchReadable();
  void WatchWritable();
  Watch& Watched();

  Shared& shared_;
  const SessionSurroundings& around_;
  UniqueFd socket_;
  std::unique_ptr<Watch> watch_;  // from the first wait on
  bool watching_ = false;
  bool running_ = false;
  const std::string peer_;
  Phase phase_ = Phase::kReading;
  base::MonoTime due_;  // when OnDue is called if nothing happens

  // Reading.
  std::string inbox_;                    // received; from inbox_at_ on not yet taken by the parser
  size_t inbox_at_ = 0;                  // less than the inbox's size, or both are 0
  bool unparsed_ = false;                // the inbox may hold a whole request
  bool wait_first_ = false;              // a read now would most likely find nothing
  std::optional<RequestParser> parser_;  // from the first byte of a request on
  bool in_body_ = false;
  base::MonoTime body_began_;
  uint64_t body_owner_ = 0;  // an AddressKey
  size_t held_bytes_ = 0;
  std::unique_ptr<BodySink> sink_;  // of the body under way, if it has one
  uint64_t poured_bytes_ = 0;       // into the sink
  bool paused_ = false;             // the sink is full
  base::MonoTime paused_at_;

  // The request that is answered.
  uint64_t request_ = 0;
  Exchange exchange_;
  Headers fields_;
  Framing framing_;
  bool keep_alive_ = false;

  // Answering.
  std::string outbox_;
  size_t sent_ = 0;  // of the outbox
  size_t held_answer_ = 0;
  size_t answered_bytes_ = 0;  // in this turn
  unsigned status_ = 0;
};

}  // namespace livetape::http
