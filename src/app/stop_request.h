#pragma once

// StopRequest: the one place where the process learns that it is to stop: SIGINT, SIGTERM, or a
// part of it that has failed. Made by the main thread before any other thread.

#include <chrono>
#include <string>

#include "base/result.h"

namespace livetape::app {

class StopRequest {
 public:
  // Blocks SIGINT and SIGTERM in this thread and all that it starts; ignores SIGPIPE.
  StopRequest();
  ~StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  // Main thread: returns when a signal arrives (its name) or Fail was called ("").
  std::string Wait();
  // Whether Wait would return at once, within `time`.
  bool ArrivesWithin(std::chrono::milliseconds time) const;
  // Any thread: Wait would return at once.
  bool arrived() const;
  // Any thread.
  void Fail();
  bool failed() const;
  // From now on a second signal ends the process at once.
  void LetSignalsKill();

 private:
  int signal_fd_, event_fd_;
};

}  // namespace livetape::app
