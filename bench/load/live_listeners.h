#pragma once

// LiveListeners: a fleet that listens in a thread of its own, so that what else its process does
// is not taken for latency. Made, asked and stopped by one thread; the fleet and the plan's observer
// belong to the thread inside until Stop.

#include <future>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "load/fleet.h"
#include "load/socket.h"

namespace livetape::bench {

class LiveListeners {
 public:
  // Returns when all have their stream, or the error of the one that did not get it. `plan` has an
  // observer.
  static base::Result<std::unique_ptr<LiveListeners>> Start(FleetPlan plan,
                                                            const base::Clock& clock);
  ~LiveListeners();

  LiveListeners(const LiveListeners&) = delete;
  LiveListeners& operator=(const LiveListeners&) = delete;

  // Ends the listening; the error that ended it earlier, if one did. Streams that the server
  // ended are in closed().
  base::Result<void> Stop();
  uint64_t closed() const { return closed_; }

 private:
  LiveListeners(FleetPlan plan, const base::Clock& clock, Descriptor wake);

  void Listen(std::promise<base::Result<void>> connected);

  const FleetPlan plan_;
  const base::Clock& clock_;
  Descriptor wake_;  // an eventfd; written to by Stop
  base::Result<void> ended_;
  uint64_t closed_ = 0;
  std::thread thread_;
};

}  // namespace livetape::bench
