#include "tape/folder_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/private_folder.h"

namespace livetape::tape {
namespace {

std::string HolderOf(int fd) {
  std::array<char, 32> text;
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  std::string holder(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder.empty() ? "of unknown id" : holder;
}

}  // namespace

base::Result<std::unique_ptr<FolderLock>> FolderLock::Take(const std::filesystem::path& folder) {
  if (auto made = base::MakePrivateFolder(folder); !made) return std::unexpected(made.error());
  const std::filesystem::path path = folder / "lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return std::unexpected(base::FolderFault("open", path, errno));
  std::unique_ptr<FolderLock> lock(new FolderLock(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return std::unexpected(base::FolderFault("lock", path, errno));
    return base::Fail(
        fmt::format("the data folder {} is in use by process {}: stop that one first, or use "
                    "another folder (--data-dir)",
                    folder.string(), HolderOf(fd)));
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0 ||
      ::pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return std::unexpected(base::FolderFault("write", path, errno));
  }
  return lock;
}

// The file stays: whoever opened it before it went would lock a file without a name.
FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace livetape::tape
