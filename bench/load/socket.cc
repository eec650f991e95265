#include "load/socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <system_error>

namespace livetape::bench {

std::unexpected<base::Error> FailErrno(std::string_view what) {
  return base::Fail(fmt::format("cannot {}: {}", what, std::system_category().message(errno)));
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Descriptor::Close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

base::Result<sockaddr_in> ParseEndpoint(std::string_view text) {
  sockaddr_in endpoint{};
  endpoint.sin_family = AF_INET;
  const size_t colon = text.rfind(':');
  uint16_t port = 0;
  if (colon != text.npos) {
    const char* end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data() + colon + 1, end, port);
    const std::string host(text.substr(0, colon));
    if (error == std::errc{} && last == end && port != 0 &&
        inet_pton(AF_INET, host.c_str(), &endpoint.sin_addr) == 1) {
      endpoint.sin_port = htons(port);
      return endpoint;
    }
  }
  return base::Fail(fmt::format("'{}' is not an address; expected such as 127.0.0.1:8000", text));
}

std::string EndpointText(const sockaddr_in& endpoint) {
  char host[INET_ADDRSTRLEN] = {};
  inet_ntop(AF_INET, &endpoint.sin_addr, host, sizeof host);
  return fmt::format("{}:{}", host, ntohs(endpoint.sin_port));
}

base::Result<Descriptor> Listen(const sockaddr_in& endpoint, int backlog) {
  Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.open()) return FailErrno("make a socket");
  const int on = 1;
  setsockopt(listener.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener.fd(), reinterpret_cast<const sockaddr*>(&endpoint), sizeof endpoint) != 0 ||
      listen(listener.fd(), backlog) != 0) {
    return FailErrno(fmt::format("listen on {}", EndpointText(endpoint)));
  }
  return listener;
}

base::Result<Descriptor> StartConnect(in_addr from, const sockaddr_in& to) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.open()) return FailErrno("make a socket");
  const int on = 1;
  setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // A reset instead of a good-bye: thousands of closed connections leave no port in TIME_WAIT.
  const linger reset{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  if (from.s_addr != 0) {
    // The port is chosen at connect, where only (from, to) together must be unique.
    setsockopt(socket.fd(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    sockaddr_in source{};
    source.sin_family = AF_INET;
    source.sin_addr = from;
    if (bind(socket.fd(), reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0) {
      return FailErrno(fmt::format("bind to {}", EndpointText(source)));
    }
  }
  if (connect(socket.fd(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
      errno != EINPROGRESS) {
    return FailErrno(fmt::format("connect to {}", EndpointText(to)));
  }
  return socket;
}

base::Result<Epoll> Epoll::Create() {
  Descriptor epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.open()) return FailErrno("make an epoll set");
  return Epoll(std::move(epoll));
}

base::Result<void> Epoll::Add(const Descriptor& descriptor, uint32_t events, uint64_t tag) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  if (epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, descriptor.fd(), &event) != 0) {
    return FailErrno("watch a socket");
  }
  return {};
}

std::span<const epoll_event> Epoll::Wait(std::chrono::nanoseconds timeout) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  const int ready = epoll_wait(epoll_.fd(), events_.data(), kEventsMax,
                               static_cast<int>(std::clamp<int64_t>(ms, 0, 60'000)));
  return std::span(events_).first(static_cast<size_t>(std::max(ready, 0)));
}

base::Result<Descriptor> CatchStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) return FailErrno("block signals");
  Descriptor stop(signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!stop.open()) return FailErrno("catch signals");
  return stop;
}

bool StopRequested(const Descriptor& stop) {
  pollfd poll_stop{.fd = stop.fd(), .events = POLLIN, .revents = 0};
  return poll(&poll_stop, 1, 0) > 0;
}

base::Result<void> AllowOpenFiles(uint64_t needed) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return FailErrno("read the limit of open files");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return FailErrno("raise the limit of open files");
  if (limit.rlim_cur < needed) {
    return base::Fail(fmt::format("needs {} open files, but the limit is {} (ulimit -Hn)", needed,
                                  limit.rlim_cur));
  }
  return {};
}

}  // namespace livetape::bench
