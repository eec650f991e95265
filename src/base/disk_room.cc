#include "base/disk_room.h"

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace livetape::base {

Result<void> CheckRoom(const std::filesystem::path& folder) {
  struct statvfs disk{};
  if (::statvfs(folder.c_str(), &disk) != 0 || disk.f_blocks == 0) return {};
  // Some blocks of a disk may be root's alone.
  const uint64_t blocks = ::geteuid() == 0 ? disk.f_bfree : disk.f_bavail;
  const uint64_t left = blocks * disk.f_frsize;
  if (left > ReservedRoom(disk.f_blocks * disk.f_frsize)) return {};
  return Fail(fmt::format(
      "the disk has {} KiB left, which are for records and accounts: free some room", left >> 10U));
}

}  // namespace livetape::base
