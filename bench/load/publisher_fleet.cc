#include "load/publisher_fleet.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <system_error>

#include "base/assert.h"

namespace livetape::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr size_t kBufferBytes = 256 * 1024;
constexpr nanoseconds kLate = milliseconds(10);
constexpr nanoseconds kTurn = milliseconds(100);

}  // namespace

base::Result<PublisherFleet> PublisherFleet::Create(PublisherPlan plan, const base::Clock& clock,
                                                    Descriptor stop) {
  auto epoll = Epoll::Create();
  if (!epoll) return std::unexpected(epoll.error());
  if (auto added = epoll->Add(stop, EPOLLIN, kStopTag); !added) {
    return std::unexpected(added.error());
  }
  return PublisherFleet(std::move(plan), clock, std::move(stop), std::move(*epoll));
}

PublisherFleet::PublisherFleet(PublisherPlan plan, const base::Clock& clock, Descriptor stop,
                               Epoll epoll)
    : plan_(std::move(plan)),
      clock_(&clock),
      stop_(std::move(stop)),
      epoll_(std::move(epoll)),
      connections_(plan_.connections),
      buffer_(kBufferBytes),
      requests_max_(plan_.requests_max) {
  LT_ASSERT(!plan_.requests.empty());
}

base::Result<void> PublisherFleet::Connect() {
  for (size_t i = 0; i < connections_.size(); ++i) {
    auto socket = StartConnect(in_addr{}, plan_.server);
    if (!socket) return std::unexpected(socket.error());
    connections_[i].socket = std::move(*socket);
    const uint32_t interest = EPOLLIN | EPOLLOUT | EPOLLRDHUP | static_cast<uint32_t>(EPOLLET);
    if (auto added = epoll_.Add(connections_[i].socket, interest, i); !added) return added;
    idle_.push_back(i);
  }
  return {};
}

base::Result<void> PublisherFleet::RunUntil(base::MonoTime deadline) {
  if (due_ == base::MonoTime{}) due_ = clock_->Mono();
  while (!stopped_ && !finished()) {
    const base::MonoTime now = clock_->Mono();
    if (now >= deadline) break;
    const auto next = SendDue(now);
    if (!next) return std::unexpected(next.error());
    for (const epoll_event& event : epoll_.Wait(std::min(*next, deadline - now))) {
      if (event.data.u64 == kStopTag) {
        stopped_ = true;
        continue;
      }
      if (auto done = OnReady(connections_[event.data.u64]); !done) return done;
    }
  }
  return {};
}

base::Result<void> PublisherFleet::Finish(base::MonoTime deadline) {
  requests_max_ = started_;
  return RunUntil(deadline);
}

base::Result<nanoseconds> PublisherFleet::SendDue(base::MonoTime now) {
  const bool paced = plan_.rate > 0;
  const nanoseconds period(paced ? std::llround(1e9 / plan_.rate) : 0);
  while (!idle_.empty() && started_ < requests_max_ && (!paced || due_ <= now)) {
    if (paced && now - due_ > kLate) ++tally_.late;
    // In turn: a server ends a connection without a request for long.
    Connection& connection = connections_[idle_.front()];
    idle_.pop_front();
    if (auto started = Start(connection, now); !started) return std::unexpected(started.error());
    due_ += period;
  }
  if (!paced || idle_.empty()) return kTurn;
  return std::clamp<nanoseconds>(due_ - now, nanoseconds(0), kTurn);
}

base::Result<void> PublisherFleet::Start(Connection& connection, base::MonoTime now) {
  LT_ASSERT(connection.records == 0, "{} records under way", connection.records);
  const PublishRequest& request = plan_.requests[started_ % plan_.requests.size()];
  ++started_;
  const base::WallTime wall = clock_->Wall();
  if (request.records == 1) {
    connection.own = request;
    if (request.stamp_at > 0) Stamp(connection.own, wall);
    if (request.serial_at > 0) Number(connection.own, started_);
    connection.left = connection.own.text;
  } else {
    connection.left = request.text;
  }
  if (plan_.on_sending) plan_.on_sending(started_, wall);
  connection.records = request.records;
  connection.began = now;
  connection.answer.Reset();
  return Send(connection);
}

base::Result<void> PublisherFleet::OnReady(Connection& connection) {
  if (auto sent = Send(connection); !sent) return sent;
  return Receive(connection);
}

base::Result<void> PublisherFleet::Send(Connection& connection) {
  while (!connection.left.empty()) {
    const ssize_t sent =
        send(connection.socket.fd(), connection.left.data(), connection.left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return {};
    if (sent < 0) return FailErrno("publish to " + EndpointText(plan_.server));
    connection.left.remove_prefix(static_cast<size_t>(sent));
  }
  return {};
}

base::Result<void> PublisherFleet::Receive(Connection& connection) {
  const std::string server = EndpointText(plan_.server);
  while (true) {
    const ssize_t size = recv(connection.socket.fd(), buffer_.data(), buffer_.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return {};
    if (size < 0) return FailErrno("read an answer of " + server);
    if (size == 0) return base::Fail(server + " closed a publishing connection");
    const std::string_view received(buffer_.data(), static_cast<size_t>(size));
    if (connection.records == 0) return base::Fail(server + " answered before it was asked");
    const auto complete = connection.answer.Take(received);
    if (!complete) return std::unexpected(complete.error());
    if (*complete) {
      if (auto done = OnAnswer(connection); !done) return done;
    }
    // Edge-triggered: a read that does not fill the buffer has emptied the socket.
    if (received.size() < buffer_.size()) return {};
  }
}

base::Result<void> PublisherFleet::OnAnswer(Connection& connection) {
  ++answered_;
  const base::MonoTime now = clock_->Mono();
  if (connection.answer.Acknowledges(plan_.acknowledgement)) {
    ++tally_.requests;
    tally_.records += connection.records;
    const auto took = std::chrono::floor<std::chrono::microseconds>(now - connection.began);
    tally_.latency_us.Add(static_cast<uint64_t>(took.count()));
  } else if (plan_.may_be_busy && connection.answer.busy()) {
    ++tally_.busy;
  } else if (tally_.refused++ == 0) {
    tally_.refusal =
        fmt::format("{} {}", connection.answer.status(), connection.answer.body_start());
  }
  // An answer before the request was sent whole: the rest must still go, and nobody waits for it.
  if (!connection.left.empty()) {
    return base::Fail(fmt::format("{} answered {} before it had the request",
                                  EndpointText(plan_.server), tally_.refusal));
  }
  connection.records = 0;
  idle_.push_back(static_cast<size_t>(&connection - connections_.data()));
  // Not at the end of the turn: others that are ready too would let this one wait.
  const auto next = SendDue(now);
  if (!next) return std::unexpected(next.error());
  return {};
}

}  // namespace livetape::bench
