#pragma once

// StopBySignal: SIGINT and SIGTERM ask long work of the command line to stop; a second one ends the
// process. Made by the main thread before any other thread.

#include <stop_token>
#include <thread>

#include "app/stop_request.h"

namespace livetape::app {

class StopBySignal {
 public:
  explicit StopBySignal(const base::Clock& clock)
      : request_(clock), waiter_([this] {
          if (request_.Wait().empty()) return;
          request_.LetSignalsKill();
          source_.request_stop();
        }) {}
  ~StopBySignal() {
    request_.Fail();
    waiter_.join();
  }
  StopBySignal(const StopBySignal&) = delete;
  StopBySignal& operator=(const StopBySignal&) = delete;
  const std::stop_source& source() const { return source_; }

 private:
  StopRequest request_;
  std::stop_source source_;
  std::thread waiter_;
};

}  // namespace livetape::app
