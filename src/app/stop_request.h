#pragma once

// StopRequest: the one place where the process learns that it is to stop: SIGINT, SIGTERM, SIGHUP
// unless it is ignored (nohup), or a part of it that has failed. Made by the main thread before any
// other thread.

#include <chrono>
#include <string>
#include <thread>

#include "base/clock.h"

namespace livetape::app {

class StopRequest {
 public:
  // A signal that comes so soon after the first is the same request: timeout(1) sends each one to the
  // process and to its group, and so do wrappers of a terminal that get a Ctrl-C themselves.
  static constexpr std::chrono::milliseconds kSameRequest{500};

  // Blocks these signals in this thread and all that it starts; ignores SIGPIPE. `clock`
  // outlives this.
  explicit StopRequest(const base::Clock& clock);
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  // Main thread: returns when a signal arrives (its name) or Fail was called ("").
  std::string Wait();
  // Whether Wait would return at once, within `time`.
  bool ArrivesWithin(std::chrono::milliseconds time) const;
  // Returns when Wait would return at once, or else (false) when `fd` can be read or has ended.
  bool ArrivesBefore(int fd) const;
  // Any thread: Wait would return at once.
  bool arrived() const;
  // Any thread.
  void Fail();
  bool failed() const;
  // Once, after Wait: from now on a second signal ends the process at once.
  void LetSignalsKill();

 private:
  // The thread that waits for the second signal.
  void KillAtSecond(base::MonoTime first);

  const base::Clock& clock_;
  int signal_fd_, event_fd_, end_fd_;
  std::thread killer_;
};

}  // namespace livetape::app
