// livetape-publish: POSTs one event of the market stream at a fixed rate over one connection, for
// servers that do not make their own (nchan).

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>

#include "base/clock.h"
#include "base/time_text.h"
#include "load/event_text.h"
#include "load/socket.h"

namespace livetape::bench {
namespace {

struct PublishOptions {
  std::string endpoint, path;
  double rate = 10;
  double seconds = 60;
  size_t event_bytes = 170;
};

class Publisher {
 public:
  Publisher(const PublishOptions& options, sockaddr_in server, Descriptor socket, Descriptor stop)
      : options_(options),
        server_(EndpointText(server)),
        socket_(std::move(socket)),
        stop_(std::move(stop)) {}

  // Posts until the time is over or a stop signal comes.
  base::Result<void> Run();

 private:
  base::Result<void> Post();
  base::Result<void> Send(std::string_view bytes);
  base::Result<void> TakeAnswer();
  // Until the socket is ready for `events`; false on a stop signal.
  base::Result<bool> Await(short events);
  // Until `deadline`; false on a stop signal.
  bool Sleep(base::MonoTime deadline);

  const PublishOptions& options_;
  const std::string server_;
  Descriptor socket_, stop_;
  base::RealClock clock_;
  uint64_t posted_ = 0, late_ = 0;
};

base::Result<void> Publisher::Run() {
  const auto period = std::chrono::nanoseconds(std::llround(1e9 / options_.rate));
  const base::MonoTime start = clock_.Mono();
  const base::MonoTime end = start + std::chrono::nanoseconds(std::llround(options_.seconds * 1e9));
  for (base::MonoTime due = start; due < end; due += period) {
    if (!Sleep(due)) break;
    if (auto posted = Post(); !posted) return posted;
    if (StopRequested(stop_)) break;
    ++posted_;
    if (clock_.Mono() > due + period) ++late_;
  }
  fmt::print(stderr, "livetape-publish: {} events, {} answered later than the next was due\n",
             posted_, late_);
  return {};
}

bool Publisher::Sleep(base::MonoTime deadline) {
  while (true) {
    const auto left = deadline - clock_.Mono();
    if (left.count() <= 0) return true;
    const timespec timeout{.tv_sec = left.count() / 1'000'000'000,
                           .tv_nsec = left.count() % 1'000'000'000};
    pollfd stop{.fd = stop_.fd(), .events = POLLIN, .revents = 0};
    if (ppoll(&stop, 1, &timeout, nullptr) > 0) return false;
  }
}

base::Result<bool> Publisher::Await(short events) {
  std::array polls = {pollfd{.fd = socket_.fd(), .events = events, .revents = 0},
                      pollfd{.fd = stop_.fd(), .events = POLLIN, .revents = 0}};
  if (poll(polls.data(), polls.size(), 10'000) == 0) {
    return base::Fail(fmt::format("{} did not answer within 10 s", server_));
  }
  return polls[1].revents == 0;
}

base::Result<void> Publisher::Post() {
  const std::string event = EventObject(options_.event_bytes, clock_.Wall());
  const std::string request = fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      options_.path, server_, event.size(), event);
  if (auto sent = Send(request); !sent) return sent;
  return TakeAnswer();
}

base::Result<void> Publisher::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto going_on = Await(POLLOUT);
    if (!going_on) return std::unexpected(going_on.error());
    if (!*going_on) return {};
    const ssize_t sent = send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return FailErrno("publish to " + server_);
    if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return {};
}

// The size of the body that a head announces; 0 without one.
size_t ContentLength(std::string_view head) {
  for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
    const size_t at = head.find(name);
    if (at == head.npos) continue;
    size_t size = 0;
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), size);
    return size;
  }
  return 0;
}

base::Result<void> Publisher::TakeAnswer() {
  std::string answer;
  size_t head_end = answer.npos;
  while (head_end == answer.npos || answer.size() < head_end + 4 + ContentLength(answer)) {
    const auto going_on = Await(POLLIN);
    if (!going_on) return std::unexpected(going_on.error());
    if (!*going_on) return {};
    std::array<char, 4096> bytes;
    const ssize_t size = recv(socket_.fd(), bytes.data(), bytes.size(), 0);
    if (size < 0 && errno == EAGAIN) continue;
    if (size < 0) return FailErrno("read the answer of " + server_);
    if (size == 0) return base::Fail(server_ + " closed the publishing connection");
    answer.append(bytes.data(), static_cast<size_t>(size));
    head_end = answer.find("\r\n\r\n");
  }
  // 200, 201 (somebody listens) and 202 (nobody does) are all fine.
  if (!answer.starts_with("HTTP/1.1 20")) {
    return base::Fail(
        fmt::format("{} refused the event: {}", server_, answer.substr(0, answer.find('\r'))));
  }
  return {};
}

base::Result<void> Publish(const PublishOptions& options) {
  const auto server = ParseEndpoint(options.endpoint);
  if (!server) return std::unexpected(server.error());
  auto stop = CatchStopSignals();
  if (!stop) return std::unexpected(stop.error());
  auto socket = StartConnect(in_addr{}, *server);
  if (!socket) return std::unexpected(socket.error());
  return Publisher(options, *server, std::move(*socket), std::move(*stop)).Run();
}

}  // namespace
}  // namespace livetape::bench

int main(int argc, char** argv) {
  livetape::bench::PublishOptions options;
  CLI::App app("Publishes one event at a fixed rate by POST over one connection.",
               "livetape-publish");
  app.add_option("--to", options.endpoint, "Server, HOST:PORT (IPv4)")->required();
  app.add_option("--path", options.path, "Path and query of the publishing endpoint")->required();
  app.add_option("--rate", options.rate, "Events per second")
      ->check(CLI::Range(0.001, 1000.0))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "When to stop")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  app.add_option("--event-bytes", options.event_bytes,
                 "Size of the event as a subscriber sees it, about")
      ->check(CLI::Range(100, 60'000))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (auto published = livetape::bench::Publish(options); !published) {
    fmt::print(stderr, "livetape-publish: {}\n", published.error().message);
    return 1;
  }
  return 0;
}
