#pragma once

// FolderLock: one process at a time works in a folder. Held from Take to its end; any thread.

#include <filesystem>
#include <memory>

#include "base/result.h"

namespace livetape::tape {

class FolderLock {
 public:
  // Makes the folder, for its owner alone, if it is missing. Locks the file `lock` in it (flock) and
  // writes this process's id there. A folder that is taken is an error that names its holder.
  static base::Result<std::unique_ptr<FolderLock>> Take(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  const int fd_;
};

}  // namespace livetape::tape
