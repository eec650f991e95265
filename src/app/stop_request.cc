#include "app/stop_request.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/assert.h"
#include "base/thread_name.h"

namespace livetape::app {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // Its terminal has gone; under nohup(1) that is nothing to stop for.
  struct sigaction hangup{};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&signals, SIGHUP);
  return signals;
}

// Of one that is there.
uint32_t ReadSignal(int signal_fd) {
  signalfd_siginfo info{};
  const ssize_t size = read(signal_fd, &info, sizeof info);
  LT_ASSERT(size == sizeof info, "{} bytes", size);
  return info.ssi_signo;
}

}  // namespace

StopRequest::StopRequest(const base::Clock& clock) : clock_(clock) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  signal_fd_ = signalfd(-1, &signals, SFD_CLOEXEC);
  event_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  end_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  LT_ASSERT(signal_fd_ >= 0 && event_fd_ >= 0 && end_fd_ >= 0, "errno {}", errno);
}

StopRequest::~StopRequest() {
  if (killer_.joinable()) {
    const int failed = eventfd_write(end_fd_, 1);
    LT_ASSERT(failed == 0, "errno {}", errno);
    killer_.join();
  }
  close(signal_fd_);
  close(event_fd_);
  close(end_fd_);
}

std::string StopRequest::Wait() {
  std::array<pollfd, 2> fds = {pollfd{signal_fd_, POLLIN, 0}, pollfd{event_fd_, POLLIN, 0}};
  while (poll(fds.data(), fds.size(), -1) < 0) LT_ASSERT(errno == EINTR, "errno {}", errno);
  if ((fds[0].revents & POLLIN) == 0) return "";
  switch (ReadSignal(signal_fd_)) {
    case SIGINT:
      return "SIGINT";
    case SIGHUP:
      return "SIGHUP";
    default:
      return "SIGTERM";
  }
}

bool StopRequest::ArrivesWithin(std::chrono::milliseconds time) const {
  std::array<pollfd, 2> fds = {pollfd{signal_fd_, POLLIN, 0}, pollfd{event_fd_, POLLIN, 0}};
  return poll(fds.data(), fds.size(), static_cast<int>(time.count())) > 0;
}

bool StopRequest::ArrivesBefore(int fd) const {
  std::array<pollfd, 3> fds = {pollfd{signal_fd_, POLLIN, 0}, pollfd{event_fd_, POLLIN, 0},
                               pollfd{fd, POLLIN, 0}};
  while (poll(fds.data(), fds.size(), -1) < 0) LT_ASSERT(errno == EINTR, "errno {}", errno);
  return fds[0].revents != 0 || fds[1].revents != 0;
}

bool StopRequest::arrived() const { return ArrivesWithin(std::chrono::milliseconds(0)); }

void StopRequest::Fail() {
  // Fails only when the counter is full, and then the request is there already.
  [[maybe_unused]] const int ignored = eventfd_write(event_fd_, 1);
}

bool StopRequest::failed() const {
  pollfd fd{event_fd_, POLLIN, 0};
  return poll(&fd, 1, 0) > 0;
}

void StopRequest::LetSignalsKill() {
  LT_ASSERT(!killer_.joinable());
  try {
    killer_ = std::thread([this, first = clock_.Mono()] { KillAtSecond(first); });
  } catch (const std::system_error&) {
    // No thread is to be had: then any further signal ends the process, however soon it comes.
    const sigset_t signals = StopSignals();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  }
}

void StopRequest::KillAtSecond(base::MonoTime first) {
  base::NameThread("stop");
  std::array<pollfd, 2> fds = {pollfd{signal_fd_, POLLIN, 0}, pollfd{end_fd_, POLLIN, 0}};
  for (;;) {
    while (poll(fds.data(), fds.size(), -1) < 0) LT_ASSERT(errno == EINTR, "errno {}", errno);
    if (fds[1].revents != 0) return;
    const auto signal = static_cast<int>(ReadSignal(signal_fd_));
    if (clock_.Mono() - first < kSameRequest) continue;
    // Not blocked in this thread any more, it does what it does to a process that asks for nothing.
    const sigset_t signals = StopSignals();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    raise(signal);
  }
}

}  // namespace livetape::app
