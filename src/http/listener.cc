#include "http/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace livetape::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr int kBatch = 8;  // connections per wake-up: streams get their turn in between
constexpr auto kPause = 100ms;
constexpr auto kLogEvery = 5s;

std::string AddressText(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (address.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text.data(),
              text.size());
  } else {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text.data(),
              text.size());
  }
  return text.data();
}

// The connection died in the queue, or a signal came: the next one may be fine (accept(2)).
bool ConcernsOneConnection(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPROTO || error == EPERM ||
         error == ENETDOWN || error == EHOSTDOWN || error == EHOSTUNREACH || error == ENETUNREACH ||
         error == ENOPROTOOPT || error == ENONET || error == EOPNOTSUPP;
}

}  // namespace

struct Listener::Watch {
  Watch(asio::io_context& io, UniqueFd socket) : descriptor(io, socket.Release()), pause(io) {}

  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor;
  asio::steady_timer pause;
};

Listener::Listener(asio::io_context& io, UniqueFd socket, const base::Clock& clock,
                   LoopMetrics& metrics, base::Log& log, Accepted accepted)
    : clock_(clock),
      metrics_(metrics),
      log_(log),
      accepted_(std::move(accepted)),
      watch_(std::make_unique<Watch>(io, std::move(socket))) {}

Listener::~Listener() = default;

void Listener::Start() { WatchReadable(); }

void Listener::Close() {
  boost::system::error_code ignored;
  watch_->descriptor.close(ignored);
  watch_->pause.cancel();
}

void Listener::WatchReadable() {
  watch_->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                [this](const boost::system::error_code& error) {
                                  if (!error) AcceptBatch();
                                });
}

// Takes the whole batch before it serves the first, so that the requests of a crowd have mostly come
// by then and need no waiting for.
void Listener::AcceptBatch() {
  const TurnTimer turn(metrics_, clock_);
  const int error = TakeBatch();
  for (auto& [socket, peer] : batch_) accepted_(std::move(socket), std::move(peer));
  batch_.clear();
  if (error != 0) return Pause(error);
  WatchReadable();
}

// Fills batch_; an errno that makes further tries useless for now, or 0.
int Listener::TakeBatch() {
  for (int i = 0; i < kBatch; ++i) {
    sockaddr_storage peer;
    socklen_t size = sizeof(peer);
    UniqueFd socket(::accept4(watch_->descriptor.native_handle(),
                              reinterpret_cast<sockaddr*>(&peer), &size,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      batch_.emplace_back(std::move(socket), AddressText(peer));
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    metrics_.accept_errors.Add();
    if (!ConcernsOneConnection(errno)) return errno;
  }
  return 0;
}

void Listener::Pause(int error) {
  if (clock_.Mono() >= quiet_until_) {
    quiet_until_ = clock_.Mono() + kLogEvery;
    log_.Warning("cannot accept connections: {}; they wait, retrying every {} ms",
                 std::strerror(error), kPause.count());
  }
  watch_->pause.expires_after(kPause);
  watch_->pause.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && watch_->descriptor.is_open()) AcceptBatch();
  });
}

}  // namespace livetape::http
