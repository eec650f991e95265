#include "jobs/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/assert.h"

namespace livetape::jobs {
namespace {

constexpr size_t kWordsMax = 2048;  // of what it says on stderr, the last

// A file descriptor that is closed unless it is taken out.
class Owned {
 public:
  Owned() = default;
  ~Owned() { Close(); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  void Set(int fd) { fd_ = fd; }
  int get() const { return fd_; }
  int Take() { return std::exchange(fd_, -1); }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

std::unexpected<base::Error> NotStarted(const WorkerCommandLine& command, int code) {
  return base::Fail(fmt::format("{} cannot be started: {}", command.arguments.front(),
                                std::generic_category().message(code)));
}

// Above the three that the child is given: they are put in place one after another, and must not be
// one of those places. `fd` is closed.
int Above(int fd, Owned& to) {
  to.Set(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  const int code = to.get() < 0 ? errno : 0;
  ::close(fd);
  return code;
}

// Both ends are closed in programs that are started meanwhile; ours does not block.
int MakePipe(Owned& ours, Owned& theirs) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
  ours.Set(ends[0]);
  if (const int code = Above(ends[1], theirs); code != 0) return code;
  return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}
// To its stdin goes a socket: writing to a pipe whose reader has gone would raise SIGPIPE.
int MakeSocket(Owned& ours, Owned& theirs) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno;
  ours.Set(ends[0]);
  if (const int code = Above(ends[1], theirs); code != 0) return code;
  return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWith(const std::vector<std::string>& changes) {
  const auto name = [](std::string_view entry) { return entry.substr(0, entry.find('=') + 1); };
  std::vector<std::string> all = changes;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    bool changed = false;
    for (const std::string& change : changes) changed = changed || name(change) == name(*entry);
    if (!changed) all.emplace_back(*entry);
  }
  return all;
}

int Spawn(const WorkerCommandLine& command, const std::array<int, 3>& files, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (size_t i = 0; i < files.size(); ++i) {
    posix_spawn_file_actions_adddup2(&actions, files[i], static_cast<int>(i));
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);

  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = EnvironmentWith(command.environment);
  const int code = posix_spawn(&pid, arguments.front().c_str(), &actions, &attributes,
                               Pointers(arguments).data(), Pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

}  // namespace

std::string OneLine(std::string_view text, size_t most) {
  std::string line(text.substr(0, most));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return line;
}

base::Result<WorkerProcess> WorkerProcess::Start(const WorkerCommandLine& command) {
  LT_ASSERT(!command.arguments.empty());
  Owned in, out, err, its_in, its_out, its_err;
  int code = MakeSocket(in, its_in);
  if (code == 0) code = MakePipe(out, its_out);
  if (code == 0) code = MakePipe(err, its_err);
  if (code != 0) return NotStarted(command, code);
  pid_t pid = -1;
  code = Spawn(command, {its_in.get(), its_out.get(), its_err.get()}, pid);
  if (code != 0) return NotStarted(command, code);
  // glibc 2.36 declares pidfd_open for C only.
  const int ended = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (ended >= 0) return WorkerProcess(pid, ended, in.Take(), out.Take(), err.Take());
  code = errno;
  WorkerProcess unwatched(pid, -1, -1, -1, -1);
  return NotStarted(command, code);
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      ended_(std::exchange(other.ended_, -1)),
      in_(std::exchange(other.in_, -1)),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)),
      words_(std::move(other.words_)) {}

WorkerProcess::~WorkerProcess() {
  if (pid_ >= 0) {
    Kill();
    Wait();
  }
  for (const int fd : {ended_, in_, out_, err_}) {
    if (fd >= 0) ::close(fd);
  }
}

void WorkerProcess::CloseIn() {
  if (in_ >= 0) ::close(in_);
  in_ = -1;
}

void WorkerProcess::ReadWords() {
  std::array<char, kWordsMax> bytes;
  const ssize_t got = ::read(err_, bytes.data(), bytes.size());
  if (got < 0) return;  // nothing yet, or nothing any more
  if (got == 0) ::close(std::exchange(err_, -1));
  words_.append(bytes.data(), static_cast<size_t>(got));
  if (words_.size() > kWordsMax) words_.erase(0, words_.size() - kWordsMax);
}

void WorkerProcess::Kill() {
  // Not reaped yet, so the number is still its own.
  if (pid_ >= 0) ::kill(pid_, SIGKILL);
}

std::string WorkerProcess::EndedBefore(std::string_view before) {
  const std::string how = Wait();
  ReadWords();
  std::string text = fmt::format("ended with {} before {}", how, before);
  if (how.starts_with("signal 9 ")) {
    text += "; somebody killed it, or the machine is out of memory";
  }
  if (!words_.empty()) text += ": " + OneLine(words_, kWordsMax);
  return text;
}

// "status 3", "signal 9 (Killed)"
std::string WorkerProcess::Wait() {
  LT_ASSERT(pid_ >= 0);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) LT_ASSERT(errno == EINTR, "errno {}", errno);
  pid_ = -1;
  if (!WIFSIGNALED(status)) return fmt::format("status {}", WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* const name = ::sigdescr_np(signal);
  return fmt::format("signal {} ({})", signal, name != nullptr ? name : "unknown");
}

}  // namespace livetape::jobs
