#pragma once

// Copy: a database file as it stands at one moment, while others go on writing to it. Any thread;
// both connections are its own.

#include <filesystem>

#include "base/result.h"
#include "sqlite/database.h"

namespace livetape::sqlite {

// Copies the file at `from`, and what its write-ahead log has, into a new file at `to`, for its owner
// alone; it is on disk but for its name. While it is copied the log of `from` only grows. Then it
// reads every page of the copy: damage is an error, as is a file that is there already. False:
// `progress` said so. After both a part of the file may be there.
base::Result<bool> Copy(const std::filesystem::path& from, const std::filesystem::path& to,
                        const CopyProgress& progress);

}  // namespace livetape::sqlite
