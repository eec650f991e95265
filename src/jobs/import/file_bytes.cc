#include "jobs/import/file_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace livetape::jobs {
namespace {

std::unexpected<base::Error> Problem(const std::string& path, std::string_view what, int code) {
  return base::Fail(
      fmt::format("{}: cannot be {}: {}", path, what, std::generic_category().message(code)));
}

}  // namespace

base::Result<std::unique_ptr<FileBytes>> FileBytes::Open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Problem(path, "opened", errno);
  struct stat entry{};
  const bool known = ::fstat(fd, &entry) == 0;
  if (known && S_ISDIR(entry.st_mode)) {
    ::close(fd);
    return base::Fail(fmt::format("{}: is a folder, not a file", path));
  }
  const auto size = known ? static_cast<uint64_t>(entry.st_size) : 0;
  return std::unique_ptr<FileBytes>(new FileBytes(path, fd, size));
}

FileBytes::~FileBytes() { ::close(fd_); }

base::Result<size_t> FileBytes::Read(std::span<char> room) {
  for (;;) {
    const ssize_t got = ::read(fd_, room.data(), room.size());
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EINTR) return Problem(path_, "read", errno);
  }
}

}  // namespace livetape::jobs
