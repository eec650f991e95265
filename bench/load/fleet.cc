#include "load/fleet.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/assert.h"

namespace livetape::bench {
namespace {

constexpr size_t kBufferBytes = 256 * 1024;

// 127.1.0.1, 127.1.0.2, ...: all of 127/8 is this machine.
in_addr SourceAddress(size_t index) {
  const auto row = static_cast<uint32_t>(index / 250), column = static_cast<uint32_t>(index % 250);
  return {.s_addr = htonl(0x7f010001u + (row << 8) + column)};
}

int64_t MicrosOf(base::WallTime time) {
  return std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
}

}  // namespace

base::Result<Fleet> Fleet::Create(FleetPlan plan, const base::Clock& clock, DeliveryTally& tally,
                                  Descriptor stop) {
  auto epoll = Epoll::Create();
  if (!epoll) return std::unexpected(epoll.error());
  if (auto added = epoll->Add(stop, EPOLLIN, kStopTag); !added) {
    return std::unexpected(added.error());
  }
  return Fleet(std::move(plan), clock, tally, std::move(stop), std::move(*epoll));
}

Fleet::Fleet(FleetPlan plan, const base::Clock& clock, DeliveryTally& tally, Descriptor stop,
             Epoll epoll)
    : plan_(std::move(plan)),
      clock_(&clock),
      tally_(&tally),
      stop_(std::move(stop)),
      epoll_(std::move(epoll)),
      subscribers_(plan_.subscribers),
      buffer_(kBufferBytes) {
  const std::string cursor =
      plan_.last_event_id.empty() ? "" : fmt::format("Last-Event-ID: {}\r\n", plan_.last_event_id);
  const auto request = [&](std::string_view path, const sockaddr_in& server) {
    requests_.push_back(
        fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n{}\r\n", path,
                    EndpointText(server), cursor));
  };
  LT_ASSERT(plan_.paths.empty() || plan_.servers.size() == 1, "{} servers", plan_.servers.size());
  for (const std::string& path : plan_.paths) request(path, plan_.servers.front());
  if (!plan_.paths.empty()) return;
  for (const sockaddr_in& server : plan_.servers) request(plan_.path, server);
}

base::Result<void> Fleet::Connect(std::chrono::nanoseconds timeout) {
  const base::MonoTime deadline = clock_->Mono() + timeout;
  while (listening_ < plan_.subscribers && !stopped_) {
    if (auto started = StartConnections(); !started) return started;
    if (auto turn = Turn(std::chrono::milliseconds(100)); !turn) {
      return std::unexpected(turn.error());
    }
    if (clock_->Mono() > deadline) {
      return base::Fail(fmt::format("only {} of {} subscribers are connected after {} s",
                                    listening_, plan_.subscribers,
                                    std::chrono::floor<std::chrono::seconds>(timeout).count()));
    }
  }
  return {};
}

base::Result<void> Fleet::StartConnections() {
  while (started_ < plan_.subscribers && started_ - listening_ < plan_.connecting_max) {
    Subscriber& subscriber = subscribers_[started_];
    const in_addr source = plan_.sources > 1 ? SourceAddress(started_ % plan_.sources) : in_addr{};
    auto socket = StartConnect(source, plan_.servers[started_ % plan_.servers.size()]);
    if (!socket) return std::unexpected(socket.error());
    subscriber.socket = std::move(*socket);
    const uint32_t interest = EPOLLIN | EPOLLOUT | EPOLLRDHUP | static_cast<uint32_t>(EPOLLET);
    if (auto added = epoll_.Add(subscriber.socket, interest, started_); !added) return added;
    ++started_;
  }
  return {};
}

base::Result<size_t> Fleet::Turn(std::chrono::nanoseconds timeout) {
  auto ready = epoll_.Wait(plan_.spin ? std::chrono::nanoseconds(0) : timeout);
  if (plan_.spin && ready.empty()) {
    const base::MonoTime deadline = clock_->Mono() + timeout;
    while (ready.empty() && clock_->Mono() < deadline) {
      ready = epoll_.Wait(std::chrono::nanoseconds(0));
    }
  }
  for (const epoll_event& event : ready) {
    if (event.data.u64 == kStopTag) {
      stopped_ = true;
      continue;
    }
    Subscriber& subscriber = subscribers_[event.data.u64];
    if (!subscriber.socket.open()) continue;
    if (auto done = OnReady(subscriber); !done) return std::unexpected(done.error());
  }
  return ready.size();
}

base::Result<void> Fleet::OnReady(Subscriber& subscriber) {
  if (!subscriber.asked) {
    if (auto asked = Ask(subscriber); !asked) return asked;
  }
  // Edge-triggered: a read that does not fill the buffer has emptied the socket.
  while (subscriber.socket.open()) {
    const ssize_t size = recv(subscriber.socket.fd(), buffer_.data(), buffer_.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return {};
    if (size < 0) return OnEnd(subscriber, std::system_category().message(errno));
    if (size == 0) return OnEnd(subscriber, "the server closed the connection");
    const std::string_view received(buffer_.data(), static_cast<size_t>(size));
    if (auto taken = Take(subscriber, received); !taken) return taken;
    if (received.size() < buffer_.size()) return {};
  }
  return {};
}

base::Result<void> Fleet::Ask(Subscriber& subscriber) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(subscriber.socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return OnEnd(subscriber, std::system_category().message(error));
  const auto index = static_cast<size_t>(&subscriber - subscribers_.data());
  const std::string& request = requests_[index % requests_.size()];
  const ssize_t sent = send(subscriber.socket.fd(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno == EAGAIN) return {};  // not connected yet
  if (sent < 0) return OnEnd(subscriber, std::system_category().message(errno));
  // A fresh socket's buffer takes any request head whole.
  LT_ASSERT(static_cast<size_t>(sent) == request.size(), "sent {}", sent);
  subscriber.asked = true;
  return {};
}

base::Result<void> Fleet::Take(Subscriber& subscriber, std::string_view received) {
  const int64_t now_us = MicrosOf(clock_->Wall());
  counts_.bytes += received.size();
  const uint32_t chunks_before = subscriber.decoder.chunks();
  while (true) {
    const auto slice = subscriber.decoder.Next(received);
    if (!slice) return std::unexpected(slice.error());
    if (slice->empty()) break;
    if (!subscriber.listening) {
      subscriber.listening = true;
      ++listening_;
    }
    auto fed = subscriber.splitter.Feed(
        *slice, [&](std::string_view event) { TakeEvent(subscriber, event, now_us); });
    if (!fed) return fed;
  }
  counts_.chunks += subscriber.decoder.chunks() - chunks_before;
  if (subscriber.decoder.ended()) return OnEnd(subscriber, "the server ended the stream");
  return {};
}

void Fleet::TakeEvent(Subscriber& subscriber, std::string_view event, int64_t now_us) {
  switch (KindOf(event)) {
    case EventKind::kNone:
      return;
    case EventKind::kSlow:
      ++counts_.slow_events;
      return;
    case EventKind::kPayload:
      break;
  }
  ++counts_.payload_events;
  if (plan_.observer != nullptr) {
    plan_.observer->OnPayload(static_cast<size_t>(&subscriber - subscribers_.data()), event,
                              now_us);
    return;
  }
  if (const auto sent_us = send_time_.Read(event)) {
    tally_->Deliver(subscriber.receipts, *sent_us, now_us);
  } else {
    ++counts_.unstamped;
  }
}

base::Result<void> Fleet::OnEnd(Subscriber& subscriber, std::string_view why) {
  if (!subscriber.listening) {
    return base::Fail(fmt::format("subscriber {} of {} did not get its stream: {}",
                                  &subscriber - subscribers_.data() + 1, plan_.subscribers, why));
  }
  subscriber.socket.Close();
  if (++counts_.closed == plan_.subscribers) {
    return base::Fail(
        fmt::format("the server is gone: all {} streams ended ({})", plan_.subscribers, why));
  }
  return {};
}

base::Result<void> Fleet::RunUntil(base::MonoTime deadline, uint64_t payload_events_max) {
  while (!stopped_ && counts_.payload_events < payload_events_max) {
    const base::MonoTime now = clock_->Mono();
    if (now >= deadline) break;
    if (auto turn = Turn(deadline - now); !turn) return std::unexpected(turn.error());
  }
  return {};
}

base::Result<void> Fleet::RunUntil(base::MonoTime deadline, const std::function<bool()>& done) {
  while (!stopped_ && !done()) {
    const base::MonoTime now = clock_->Mono();
    if (now >= deadline) break;
    if (auto turn = Turn(deadline - now); !turn) return std::unexpected(turn.error());
  }
  return {};
}

base::Result<void> Fleet::RunUntilQuiet(std::chrono::nanoseconds quiet,
                                        std::chrono::nanoseconds at_most) {
  const base::MonoTime deadline = clock_->Mono() + at_most;
  while (!stopped_ && clock_->Mono() < deadline) {
    const auto turn = Turn(quiet);
    if (!turn) return std::unexpected(turn.error());
    if (*turn == 0) break;
  }
  return {};
}

FleetCounts Fleet::counts() const { return counts_; }

}  // namespace livetape::bench
