#include "load/process_cost.h"

#include <fmt/format.h>

#include <ctime>
#include <fstream>
#include <string>

namespace livetape::bench {
namespace {

std::chrono::nanoseconds Nanoseconds(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// "Rss:   1234 kB" of smaps_rollup, see proc(5).
base::Result<uint64_t> ResidentBytesOf(pid_t pid) {
  const std::string path = fmt::format("/proc/{}/smaps_rollup", pid);
  std::ifstream file(path);
  std::string word;
  uint64_t kib = 0;
  while (file >> word) {
    if (word == "Rss:" && file >> kib) return kib * 1024;
  }
  return base::Fail(fmt::format(
      "cannot read {}; the server must be running, and as the user of the load tool", path));
}

}  // namespace

base::Result<std::chrono::nanoseconds> CpuOf(std::span<const pid_t> pids) {
  std::chrono::nanoseconds sum{0};
  for (const pid_t pid : pids) {
    clockid_t clock = 0;
    timespec time{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) {
      return base::Fail(fmt::format("server process {} is not running", pid));
    }
    sum += Nanoseconds(time);
  }
  return sum;
}

base::Result<uint64_t> ResidentBytesOf(std::span<const pid_t> pids) {
  uint64_t sum = 0;
  for (const pid_t pid : pids) {
    const auto resident = ResidentBytesOf(pid);
    if (!resident) return resident;
    sum += *resident;
  }
  return sum;
}

std::chrono::nanoseconds OwnCpu() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return Nanoseconds(time);
}

}  // namespace livetape::bench
