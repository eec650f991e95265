#pragma once

// StopSignal: a file descriptor that becomes readable when a stop is requested, for poll(). One thread
// owns it; the stop may come from any.

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <stop_token>

#include "base/assert.h"

namespace livetape::jobs {

class StopSignal {
 public:
  explicit StopSignal(const std::stop_token& stop)
      : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        callback_(stop, [this] { [[maybe_unused]] const int full = ::eventfd_write(fd_, 1); }) {
    LT_ASSERT(fd_ >= 0, "errno {}", errno);
  }
  ~StopSignal() { ::close(fd_); }
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
  std::stop_callback<std::function<void()>> callback_;
};

}  // namespace livetape::jobs
