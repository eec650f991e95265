#pragma once

// Fleet: N subscribers of one stream on one epoll loop, in one thread.
//
// It must cost less than the server it measures: one recv() per delivery into one shared buffer,
// readiness edge-triggered and registered once, events found in place.
// Who calls Run owns it; nothing is called from elsewhere.

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "load/body_decoder.h"
#include "load/delivery_tally.h"
#include "load/event_splitter.h"
#include "load/send_time.h"
#include "load/socket.h"

namespace livetape::bench {

// Who wants to see the events themselves, not only their number.
class PayloadObserver {
 public:
  virtual ~PayloadObserver() = default;
  // The subscriber of that index, from 0, got a payload event at `now_us`.
  virtual void OnPayload(size_t subscriber, std::string_view event, int64_t now_us) = 0;
};

struct FleetPlan {
  size_t subscribers = 0;
  std::vector<sockaddr_in> servers;  // taken in turn; at least one
  size_t sources = 1;                // client addresses 127.1.x.y, taken in turn
  std::string path;
  std::vector<std::string> paths;  // of several streams, taken in turn, instead; with one server
  size_t connecting_max = 256;     // connections under way at once: less than any listen backlog
  std::string last_event_id;       // where they go on; empty: live
  bool spin = false;               // never sleeps, so that no sender pays for waking it
  PayloadObserver* observer = nullptr;  // takes the events instead of the tally; outlives the fleet
};

// All that was received since the start, whatever the window of the tally.
struct FleetCounts {
  uint64_t payload_events = 0;
  uint64_t slow_events = 0;  // `event: slow`
  uint64_t unstamped = 0;    // payload events without a send time
  uint64_t bytes = 0;
  uint64_t chunks = 0;
  uint64_t closed = 0;  // connections that the server ended after they had begun to listen
};

class Fleet {
 public:
  static base::Result<Fleet> Create(FleetPlan plan, const base::Clock& clock, DeliveryTally& tally,
                                    Descriptor stop);

  // Opens all connections; done when each has received the first byte of its stream's body.
  // Fails when one is refused, answered with anything but a stream, or `timeout` is over.
  base::Result<void> Connect(std::chrono::nanoseconds timeout);

  // Receives until `deadline`, until `payload_events_max` have come in all, or a stop signal.
  base::Result<void> RunUntil(base::MonoTime deadline, uint64_t payload_events_max = UINT64_MAX);
  // Receives until `done` says so, asked after each turn, until `deadline`, or a stop signal.
  base::Result<void> RunUntil(base::MonoTime deadline, const std::function<bool()>& done);
  // Receives until nothing has come for `quiet`, so that no event is half delivered; at most for
  // `at_most`, because a server that cannot keep up is never quiet.
  base::Result<void> RunUntilQuiet(std::chrono::nanoseconds quiet,
                                   std::chrono::nanoseconds at_most);

  bool stopped() const { return stopped_; }
  size_t listening() const { return listening_; }
  FleetCounts counts() const;

 private:
  struct Subscriber {
    Descriptor socket;
    BodyDecoder decoder;
    EventSplitter splitter;
    Receipts receipts;
    bool asked = false;      // the request is sent
    bool listening = false;  // the body has begun
  };

  Fleet(FleetPlan plan, const base::Clock& clock, DeliveryTally& tally, Descriptor stop,
        Epoll epoll);

  base::Result<void> StartConnections();
  // One epoll_wait and all that is ready; how many connections were.
  base::Result<size_t> Turn(std::chrono::nanoseconds timeout);
  base::Result<void> OnReady(Subscriber& subscriber);
  base::Result<void> Ask(Subscriber& subscriber);
  base::Result<void> Take(Subscriber& subscriber, std::string_view received);
  void TakeEvent(Subscriber& subscriber, std::string_view event, int64_t now_us);
  base::Result<void> OnEnd(Subscriber& subscriber, std::string_view why);

  static constexpr uint64_t kStopTag = UINT64_MAX;

  const FleetPlan plan_;
  const base::Clock* clock_;
  DeliveryTally* tally_;
  Descriptor stop_;
  Epoll epoll_;
  std::vector<Subscriber> subscribers_;
  std::vector<std::string> requests_;  // per path, or per server
  std::vector<char> buffer_;
  SendTimeReader send_time_;
  FleetCounts counts_;
  size_t started_ = 0;
  size_t listening_ = 0;
  bool stopped_ = false;
};

}  // namespace livetape::bench
