// livetape-bare: the floor that nobody beats without batching. It answers every connection with
// the head of an SSE stream and then, at a fixed rate, calls send() of one prepared chunk on each
// socket in a plain loop. No parser, no router, no state: whatever a server adds is its own cost.

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "base/chunk_frame.h"
#include "base/clock.h"
#include "load/event_text.h"
#include "load/socket.h"

namespace livetape::bench {
namespace {

constexpr uint64_t kListenerTag = UINT64_MAX, kTimerTag = UINT64_MAX - 1, kStopTag = UINT64_MAX - 2;
constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n: hi\n\n\r\n";

struct BareOptions {
  std::string endpoint;
  double rate = 10;
  size_t event_bytes = 170;
};

class BareServer {
 public:
  static base::Result<void> Serve(const BareOptions& options);

 private:
  struct Client {
    Descriptor socket;
    bool streaming = false;
  };

  BareServer(const BareOptions& options, Epoll epoll, Descriptor listener, Descriptor timer)
      : options_(options),
        epoll_(std::move(epoll)),
        listener_(std::move(listener)),
        timer_(std::move(timer)) {}

  base::Result<void> Accept();
  void OnClient(Client& client);
  void Broadcast();

  const BareOptions& options_;
  Epoll epoll_;
  Descriptor listener_, timer_;
  base::RealClock clock_;
  std::vector<Client> clients_;  // closed ones keep their place: a run is short
  uint64_t sent_ = 0, refused_ = 0;
};

base::Result<Descriptor> StartTimer(double rate) {
  Descriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  if (!timer.open()) return FailErrno("make a timer");
  const auto period_ns = std::llround(1e9 / rate);
  const timespec period{.tv_sec = period_ns / 1'000'000'000, .tv_nsec = period_ns % 1'000'000'000};
  const itimerspec spec{.it_interval = period, .it_value = period};
  if (timerfd_settime(timer.fd(), 0, &spec, nullptr) != 0) return FailErrno("start a timer");
  return timer;
}

base::Result<void> BareServer::Serve(const BareOptions& options) {
  const auto endpoint = ParseEndpoint(options.endpoint);
  if (!endpoint) return std::unexpected(endpoint.error());
  auto stop = CatchStopSignals();
  if (!stop) return std::unexpected(stop.error());
  auto epoll = Epoll::Create();
  if (!epoll) return std::unexpected(epoll.error());
  auto listener = Listen(*endpoint, 4096);
  if (!listener) return std::unexpected(listener.error());
  auto timer = StartTimer(options.rate);
  if (!timer) return std::unexpected(timer.error());
  for (const auto& [descriptor, tag] :
       {std::pair{&*listener, kListenerTag}, std::pair{&*timer, kTimerTag},
        std::pair{&*stop, kStopTag}}) {
    if (auto added = epoll->Add(*descriptor, EPOLLIN, tag); !added) return added;
  }
  BareServer server(options, std::move(*epoll), std::move(*listener), std::move(*timer));
  while (!StopRequested(*stop)) {
    for (const epoll_event& event : server.epoll_.Wait(std::chrono::seconds(1))) {
      if (event.data.u64 == kListenerTag) {
        if (auto accepted = server.Accept(); !accepted) return accepted;
      } else if (event.data.u64 == kTimerTag) {
        server.Broadcast();
      } else if (event.data.u64 != kStopTag) {
        server.OnClient(server.clients_[event.data.u64]);
      }
    }
  }
  fmt::print(stderr, "livetape-bare: {} sends, {} not taken (socket full or gone)\n", server.sent_,
             server.refused_);
  return {};
}

base::Result<void> BareServer::Accept() {
  while (true) {
    Descriptor socket(accept4(listener_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.open()) {
      return errno == EAGAIN || errno == ECONNABORTED ? base::Result<void>{}
                                                      : FailErrno("accept a connection");
    }
    const int on = 1;
    setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (auto added = epoll_.Add(socket, EPOLLIN | EPOLLRDHUP, clients_.size()); !added) {
      return added;
    }
    clients_.push_back({.socket = std::move(socket)});
  }
}

// The first bytes are the request, whatever they say; then there is nothing to read but the end.
void BareServer::OnClient(Client& client) {
  std::array<char, 4096> request;
  const ssize_t size = recv(client.socket.fd(), request.data(), request.size(), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) {
    client.socket.Close();
    return;
  }
  if (client.streaming) return;
  client.streaming = send(client.socket.fd(), kHead.data(), kHead.size(), MSG_NOSIGNAL) ==
                     static_cast<ssize_t>(kHead.size());
  if (!client.streaming) client.socket.Close();
}

void BareServer::Broadcast() {
  uint64_t expirations = 0;
  if (read(timer_.fd(), &expirations, sizeof expirations) != sizeof expirations) return;
  const auto frame = base::ChunkFrame::Encode(EventText(options_.event_bytes, clock_.Wall()));
  const std::string_view chunk = frame.chunk();
  for (Client& client : clients_) {
    if (!client.streaming || !client.socket.open()) continue;
    const ssize_t taken =
        send(client.socket.fd(), chunk.data(), chunk.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (taken == static_cast<ssize_t>(chunk.size())) {
      ++sent_;
    } else {
      // The floor keeps nothing for later: a client that does not keep up is out.
      ++refused_;
      client.socket.Close();
    }
  }
}

}  // namespace
}  // namespace livetape::bench

int main(int argc, char** argv) {
  livetape::bench::BareOptions options;
  CLI::App app("A bare loop of send() over SSE subscribers: the floor for what a delivery costs.",
               "livetape-bare");
  app.add_option("--listen", options.endpoint, "HOST:PORT (IPv4)")->required();
  app.add_option("--rate", options.rate, "Events per second")
      ->check(CLI::Range(0.001, 1000.0))
      ->capture_default_str();
  app.add_option("--event-bytes", options.event_bytes, "Size of an event, about")
      ->check(CLI::Range(100, 60'000))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  auto served = livetape::bench::AllowOpenFiles(64);
  if (served) served = livetape::bench::BareServer::Serve(options);
  if (!served) {
    fmt::print(stderr, "livetape-bare: {}\n", served.error().message);
    return 1;
  }
  return 0;
}
