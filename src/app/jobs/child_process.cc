#include "app/jobs/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/assert.h"

namespace livetape::app {
namespace {

constexpr std::chrono::milliseconds kFarewell{
    1000};                                      // from the end of its input until it is killed
constexpr std::chrono::milliseconds kLook{50};  // between two looks at the stop

struct Pipe {
  int read = -1, write = -1;
};

base::Result<Pipe> OpenPipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return base::Fail(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  return Pipe{ends[0], ends[1]};
}

void Close(const Pipe& pipe) {
  close(pipe.read);
  close(pipe.write);
}

// In a new process group, with no signal blocked or ignored, whatever this process does.
int Spawn(const std::string& command, const Pipe& input, const Pipe& output, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string shell = "sh", flag = "-c", line = command;
  const std::array<char*, 4> arguments = {shell.data(), flag.data(), line.data(), nullptr};
  const int error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

std::string StatusText(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("was ended by signal {} ({})", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
  }
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

}  // namespace

base::Result<std::unique_ptr<ChildProcess>> ChildProcess::Start(const std::string& command,
                                                                const base::Clock& clock) {
  const auto input = OpenPipe();
  if (!input) return std::unexpected(input.error());
  const auto output = OpenPipe();
  if (!output) {
    Close(*input);
    return std::unexpected(output.error());
  }
  pid_t pid = 0;
  if (const int error = Spawn(command, *input, *output, pid); error != 0) {
    Close(*input);
    Close(*output);
    return base::Fail(fmt::format("cannot start /bin/sh: {}", std::strerror(error)));
  }
  close(input->read);
  close(output->write);
  fcntl(input->write, F_SETFL, O_NONBLOCK);
  fcntl(output->read, F_SETFL, O_NONBLOCK);
  return std::unique_ptr<ChildProcess>(new ChildProcess(clock, pid, input->write, output->read));
}

ChildProcess::~ChildProcess() {
  if (!reaped_) End();
  close(out_);
}

base::Result<std::string_view> ChildProcess::Exchange(std::string_view line,
                                                      std::chrono::milliseconds timeout,
                                                      const std::stop_token& stop) {
  if (reaped_) return base::Fail("has ended");
  received_.erase(0, used_);
  used_ = 0;
  // What is there before it was asked is no answer. (The end of its output is told below.)
  if (const auto early = Read(); !early) return std::unexpected(early.error());
  if (!received_.empty()) {
    Kill();
    return base::Fail(
        fmt::format("wrote more than one line for one: '{}'",
                    received_.substr(0, std::min(received_.find('\n'), size_t{200}))));
  }
  const std::string text = std::string(line) + '\n';
  std::string_view rest = text;
  const base::MonoTime end = clock_.Mono() + timeout;
  for (;;) {
    const size_t newline = received_.find('\n');
    if (newline != std::string::npos && rest.empty()) {
      used_ = newline + 1;
      return std::string_view(received_).substr(0, newline);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock_.Mono());
    if (stop.stop_requested()) return base::Fail("was stopped");
    if (left.count() <= 0) {
      Kill();
      return base::Fail(fmt::format("gave no answer for {} ms", timeout.count()));
    }
    if (!Poll(!rest.empty(), std::min(left, kLook))) continue;
    // One that does not read any more may have written why, or ends: its output tells.
    if (const auto written = Write(rest); !written) return std::unexpected(written.error());
    const auto more = Read();
    if (!more) return std::unexpected(more.error());
    if (!*more) return base::Fail(End());
    if (received_.size() > kLineMax && received_.find('\n') == std::string::npos) {
      Kill();
      return base::Fail(fmt::format("wrote a line of more than {} bytes", kLineMax));
    }
  }
}

bool ChildProcess::Poll(bool writes, std::chrono::milliseconds timeout) const {
  std::array<pollfd, 2> fds = {pollfd{out_, POLLIN, 0}, pollfd{writes ? in_ : -1, POLLOUT, 0}};
  return poll(fds.data(), fds.size(), static_cast<int>(timeout.count())) > 0;
}

base::Result<void> ChildProcess::Write(std::string_view& rest) const {
  while (!rest.empty()) {
    const ssize_t size = write(in_, rest.data(), rest.size());
    if (size < 0) {
      if (errno == EPIPE) rest = {};  // it reads no more; what it still says counts
      if (errno == EAGAIN || errno == EINTR || errno == EPIPE) return {};
      return base::Fail(fmt::format("cannot be written to: {}", std::strerror(errno)));
    }
    rest.remove_prefix(static_cast<size_t>(size));
  }
  return {};
}

base::Result<bool> ChildProcess::Read() {
  std::array<char, 65536> room;
  const ssize_t size = read(out_, room.data(), room.size());
  if (size < 0) {
    if (errno == EAGAIN || errno == EINTR) return true;
    return base::Fail(fmt::format("cannot be read from: {}", std::strerror(errno)));
  }
  received_.append(room.data(), static_cast<size_t>(size));
  return size > 0;
}

std::string ChildProcess::End() {
  if (in_ >= 0) close(in_);
  in_ = -1;
  const auto process = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (process >= 0) {
    pollfd ended{process, POLLIN, 0};
    poll(&ended, 1, static_cast<int>(kFarewell.count()));
    close(process);
  }
  // Also those that it has left behind.
  Kill();
  int status = 0;
  const pid_t reaped = waitpid(pid_, &status, 0);
  LT_ASSERT(reaped == pid_, "pid {}, errno {}", pid_, errno);
  reaped_ = true;
  return StatusText(status);
}

void ChildProcess::Kill() const { kill(-pid_, SIGKILL); }

}  // namespace livetape::app
