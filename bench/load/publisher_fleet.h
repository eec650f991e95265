#pragma once

// PublisherFleet: N keep-alive connections that publish, on one epoll loop, in one thread.
//
// As fast as possible: each connection has one request under way and sends the next when the
// answer has come. At a rate: a request that is due goes to a connection that is free, and waits
// while none is. Who calls Run owns it; nothing is called from elsewhere.
//
// Invariants:
//  1. A connection has one request under way, or is in idle_.
//  2. What is acknowledged has been counted once.

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "load/answer_reader.h"
#include "load/histogram.h"
#include "load/publish_request.h"
#include "load/socket.h"

namespace livetape::bench {

struct PublisherPlan {
  sockaddr_in server{};
  size_t connections = 1;
  std::vector<PublishRequest> requests;        // taken in turn; at least one
  std::string acknowledgement = "{\"ids\":[";  // how the body of such an answer begins
  // Told the number of each request, from 1, before it is sent. May be empty.
  std::function<void(uint64_t number, base::WallTime now)> on_sending;
  double rate = 0;  // requests per second of all together; 0: as fast as they can
  uint64_t requests_max = UINT64_MAX;  // no more are sent
  bool may_be_busy = false;            // 503 with Retry-After is no refusal; it goes on at once
};

// What was answered.
struct PublishTally {
  uint64_t requests = 0, records = 0;  // acknowledged
  uint64_t busy = 0;                   // 503 with Retry-After
  uint64_t refused = 0;                // answers of any other kind
  uint64_t late = 0;                   // sent over 10 ms after they were due
  std::string refusal;                 // the first one, for a message
  LatencyHistogram latency_us;         // of the acknowledged, from sending to the answer's end
};

class PublisherFleet {
 public:
  static base::Result<PublisherFleet> Create(PublisherPlan plan, const base::Clock& clock,
                                             Descriptor stop);

  // Opens the connections.
  base::Result<void> Connect();
  // Publishes until `deadline`, until `requests_max` are answered, or a stop signal. The next call
  // goes on with what is under way. Fails when a connection ends or gets what is no answer.
  base::Result<void> RunUntil(base::MonoTime deadline);
  // Sends no more, and waits until all that is under way is answered, or `deadline`.
  base::Result<void> Finish(base::MonoTime deadline);
  // What was answered since the last call.
  PublishTally TakeTally() { return std::exchange(tally_, {}); }

  bool stopped() const { return stopped_; }
  bool finished() const { return answered_ >= requests_max_; }

 private:
  struct Connection {
    Descriptor socket;
    AnswerReader answer;
    PublishRequest own;     // the request under way, if it carries the time of sending
    std::string_view left;  // of the request under way: not sent yet
    size_t records = 0;     // of the request under way; 0: none is
    base::MonoTime began{};
  };

  PublisherFleet(PublisherPlan plan, const base::Clock& clock, Descriptor stop, Epoll epoll);

  // Gives idle connections what is due at `now`; how long until the next is.
  base::Result<std::chrono::nanoseconds> SendDue(base::MonoTime now);
  base::Result<void> Start(Connection& connection, base::MonoTime now);
  base::Result<void> Send(Connection& connection);
  base::Result<void> Receive(Connection& connection);
  base::Result<void> OnReady(Connection& connection);
  base::Result<void> OnAnswer(Connection& connection);

  static constexpr uint64_t kStopTag = UINT64_MAX;

  const PublisherPlan plan_;
  const base::Clock* clock_;
  Descriptor stop_;
  Epoll epoll_;
  std::vector<Connection> connections_;
  std::deque<size_t> idle_;
  std::vector<char> buffer_;
  PublishTally tally_;
  uint64_t requests_max_;
  base::MonoTime due_{};  // of the next request, at a rate
  uint64_t started_ = 0, answered_ = 0;
  bool stopped_ = false;
};

}  // namespace livetape::bench
