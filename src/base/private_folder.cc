#include "base/private_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace livetape::base {

Error FolderFault(std::string_view what, const std::filesystem::path& path, int code) {
  return {fmt::format("cannot {} {}: {}; the data folder must be writable for this user", what,
                      path.string(), std::strerror(code))};
}

namespace {

// "data/" and "data/." are the folder data, not one in it.
std::filesystem::path WithoutSlash(std::filesystem::path folder) {
  while ((!folder.has_filename() || folder.filename() == ".") && folder.has_parent_path() &&
         folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

}  // namespace

Result<void> MakePrivateFolder(const std::filesystem::path& asked) {
  std::error_code error;
  if (std::filesystem::is_directory(asked, error)) return {};
  const std::filesystem::path folder = WithoutSlash(asked);
  if (folder.has_parent_path()) {
    std::filesystem::create_directories(folder.parent_path(), error);
    if (error) return std::unexpected(FolderFault("make the folder", folder, error.value()));
  }
  if (::mkdir(folder.c_str(), 0700) == 0) {
    // One above that may not be read cannot be synced, which is no reason to do without the folder.
    (void)SyncFolder(folder.has_parent_path() ? folder.parent_path() : ".");
    return {};
  }
  if (errno == EEXIST) return {};
  return std::unexpected(FolderFault("make the folder", folder, errno));
}

Result<void> SyncFolder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return std::unexpected(FolderFault("open", folder, errno));
  const int code = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (code != 0) return std::unexpected(FolderFault("sync", folder, code));
  return {};
}

}  // namespace livetape::base
