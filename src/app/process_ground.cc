#include "app/process_ground.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <system_error>

#include "base/write_all.h"

namespace livetape::app {
namespace {

constexpr int kFailed = 1;

std::string UnwrittenText(int code) {
  return fmt::format("cannot write what there is to print: {}", std::strerror(code));
}

// Says what the world refused; whatever else nobody has caught is a bug, and aborts.
[[noreturn]] void LastWord() {
  try {
    if (const auto uncaught = std::current_exception()) std::rethrow_exception(uncaught);
  } catch (const std::system_error& error) {
    const bool refused = error.code() == std::errc::resource_unavailable_try_again;
    const bool unwritten = std::string_view(error.what()).starts_with("cannot write to file");
    if (refused || unwritten) {
      const std::string text =
          refused ? fmt::format(
                        "the system refuses a thread: {}; allow more processes and threads "
                        "(ulimit -u, TasksMax of a service, the pids limit of a container) "
                        "or more memory",
                        error.code().message())
                  : UnwrittenText(error.code().value());
      // Standard error may be what takes nothing; the status says it then.
      (void)base::WriteAll(STDERR_FILENO, "livetape: " + text + "\n");
      std::_Exit(kFailed);
    }
  } catch (...) {
    // Told below.
  }
  __gnu_cxx::__verbose_terminate_handler();
  std::abort();
}

}  // namespace

base::Result<void> PrepareProcess() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one.
    if (open("/dev/null", O_RDWR) != fd) {
      return base::Fail(
          fmt::format("descriptor {} is closed and /dev/null cannot be opened in its place: {}", fd,
                      std::strerror(errno)));
    }
  }
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_terminate(LastWord);
  return {};
}

base::Result<void> FlushOutput() {
  if (std::fflush(stdout) == 0) return {};
  return base::Fail(UnwrittenText(errno));
}

}  // namespace livetape::app
