#include "jobs/background.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

namespace livetape::jobs {
namespace {

void Tell(const char* file, std::string_view text) {
  const int fd = ::open(file, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t wrote = ::write(fd, text.data(), text.size());
  ::close(fd);
}

}  // namespace

void MakeBackgroundProcess() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpriority(PRIO_PROCESS, 0, 19);
  const sched_param none{};
  ::sched_setscheduler(0, SCHED_IDLE, &none);
  // Between sessions it is their niceness that counts (sched(7), "The autogroup feature").
  Tell("/proc/self/autogroup", "10");
  Tell("/proc/self/oom_score_adj", "1000");
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
}

}  // namespace livetape::jobs
