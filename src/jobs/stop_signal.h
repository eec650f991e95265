#pragma once

// StopSignal: a file descriptor that becomes readable when a stop is requested, for poll(). One thread
// owns it; the stop may come from any.

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <optional>
#include <stop_token>

#include "base/assert.h"

namespace livetape::jobs {

class StopSignal {
 public:
  explicit StopSignal(const std::stop_token& stop) : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    LT_ASSERT(fd_ >= 0, "errno {}", errno);
    callback_.emplace(stop, [this] { [[maybe_unused]] const int full = ::eventfd_write(fd_, 1); });
  }
  // A stop that is being told is waited for: the number may be another file's once it is closed.
  ~StopSignal() {
    callback_.reset();
    ::close(fd_);
  }
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
  std::optional<std::stop_callback<std::function<void()>>> callback_;
};

}  // namespace livetape::jobs
