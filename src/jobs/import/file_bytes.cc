#include "jobs/import/file_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace livetape::jobs {
namespace {

std::unexpected<base::Error> Problem(const std::string& path, std::string_view what, int code) {
  return base::Fail(
      fmt::format("{}: cannot be {}: {}", path, what, std::generic_category().message(code)));
}

}  // namespace

base::Result<std::unique_ptr<FileBytes>> FileBytes::Open(const std::string& path, Wait wait) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Problem(path, "opened", errno);
  return Take(path, fd, std::move(wait));
}

base::Result<std::unique_ptr<FileBytes>> FileBytes::OpenStandardInput(Wait wait) {
  // Not /dev/stdin: a socket cannot be opened.
  const int fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return Problem("standard input", "opened", errno);
  return Take("standard input", fd, std::move(wait));
}

base::Result<std::unique_ptr<FileBytes>> FileBytes::Take(std::string path, int fd, Wait wait) {
  std::unique_ptr<FileBytes> file(new FileBytes(std::move(path), fd, std::move(wait)));
  struct stat entry{};
  if (::fstat(fd, &entry) != 0) return file;
  if (S_ISDIR(entry.st_mode)) {
    return base::Fail(fmt::format("{}: is a folder, not a file", file->path_));
  }
  file->regular_ = S_ISREG(entry.st_mode);
  if (file->regular_) file->size_ = static_cast<uint64_t>(entry.st_size);
  return file;
}

FileBytes::FileBytes(std::string path, int fd, Wait wait)
    : path_(std::move(path)), fd_(fd), wait_(std::move(wait)) {}

FileBytes::~FileBytes() { ::close(fd_); }

base::Result<size_t> FileBytes::Read(std::span<char> room) {
  if (first_.empty()) return ReadMore(room);
  const size_t taken = first_.copy(room.data(), room.size());
  first_.erase(0, taken);
  return taken;
}

base::Result<std::string_view> FileBytes::Peek(size_t size) {
  while (first_.size() < size) {
    const size_t had = first_.size();
    first_.resize(size);
    const auto got = ReadMore(std::span(first_).subspan(had));
    first_.resize(had + (got ? *got : 0));
    if (!got) return std::unexpected(got.error());
    if (*got == 0) break;
  }
  return std::string_view(first_).substr(0, size);
}

base::Result<size_t> FileBytes::ReadMore(std::span<char> room) {
  if (!regular_ && wait_ && !wait_(fd_))
    return base::Fail(path_ + ": was not waited for any longer");
  for (;;) {
    const ssize_t got = ::read(fd_, room.data(), room.size());
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EINTR) return Problem(path_, "read", errno);
  }
}

}  // namespace livetape::jobs
