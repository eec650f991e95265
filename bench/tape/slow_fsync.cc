// A library for LD_PRELOAD that lets every fsync and fdatasync of a program take SLOW_FSYNC_MS longer,
// as a slow disk would. For measuring what group commit brings.

#include <dlfcn.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>

namespace {

void Delay() {
  static const long ms = [] {
    const char* const text = std::getenv("SLOW_FSYNC_MS");
    return text == nullptr ? 0L : std::strtol(text, nullptr, 10);
  }();
  if (ms <= 0) return;
  timespec left{.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1'000'000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

using Sync = int (*)(int);

int SlowSync(const char* name, int fd) {
  Delay();
  auto* const real = reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name));
  if (real != nullptr) return real(fd);
  errno = ENOSYS;
  return -1;
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): the C library's names
extern "C" int fsync(int fd) { return SlowSync("fsync", fd); }
extern "C" int fdatasync(int fd) { return SlowSync("fdatasync", fd); }
// NOLINTEND(readability-identifier-naming)
