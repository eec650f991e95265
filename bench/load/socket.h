#pragma once

// The little of POSIX that the bench's programs share: descriptors that close themselves, IPv4
// endpoints, an epoll set, stop signals, the limit of open files. No threads, no globals.

#include <netinet/in.h>
#include <sys/epoll.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace livetape::bench {

// The error of the last system call: "cannot WHAT: why".
std::unexpected<base::Error> FailErrno(std::string_view what);

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { Close(); }

  int fd() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void Close();

 private:
  int fd_ = -1;
};

// "127.0.0.1:8000"
base::Result<sockaddr_in> ParseEndpoint(std::string_view text);
std::string EndpointText(const sockaddr_in& endpoint);

// A listening non-blocking socket.
base::Result<Descriptor> Listen(const sockaddr_in& endpoint, int backlog);
// A non-blocking socket on its way to `to`; from any port of the address `from` unless that is 0.
base::Result<Descriptor> StartConnect(in_addr from, const sockaddr_in& to);

// Level or edge triggered readiness; `tag` comes back with each event.
class Epoll {
 public:
  static base::Result<Epoll> Create();
  base::Result<void> Add(const Descriptor& descriptor, uint32_t events, uint64_t tag);
  // Waits for readiness. The events are valid until the next call. Rounded up to milliseconds.
  std::span<const epoll_event> Wait(std::chrono::nanoseconds timeout);

 private:
  explicit Epoll(Descriptor epoll) : epoll_(std::move(epoll)) {}

  static constexpr size_t kEventsMax = 512;
  Descriptor epoll_;
  std::vector<epoll_event> events_ = std::vector<epoll_event>(kEventsMax);
};

// SIGINT and SIGTERM as a descriptor that becomes readable, instead of killing the process.
base::Result<Descriptor> CatchStopSignals();
// True once a stop signal came. `stop` is what CatchStopSignals gave.
bool StopRequested(const Descriptor& stop);

// Lifts this process's limit of open files to the allowed maximum; fails if that is under
// `needed`.
base::Result<void> AllowOpenFiles(uint64_t needed);

}  // namespace livetape::bench
