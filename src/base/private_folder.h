#pragma once

// The data folder and what is in it, for this user alone. Any thread.

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace livetape::base {

// Made if it is missing, with the folders above it; its rights are 0700. It is on disk, as far as those
// above it are and may be read.
Result<void> MakePrivateFolder(const std::filesystem::path& folder);

// Puts the names in the folder on disk, which the sync of a file in it need not do (fsync(2)).
Result<void> SyncFolder(const std::filesystem::path& folder);

// "cannot open /x/tape.db: Permission denied; the data folder must be writable for this user".
// `code` is an errno.
Error FolderFault(std::string_view what, const std::filesystem::path& path, int code);

}  // namespace livetape::base
