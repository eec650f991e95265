#pragma once

// ReadSnapshot: a database file as it stands at one moment, to be copied while others go on writing to
// it. One thread owns it. SQLite's online backup: sqlite.org/backup.html.

#include <filesystem>
#include <utility>

#include "base/result.h"
#include "sqlite/database.h"

namespace livetape::sqlite {

class ReadSnapshot {
 public:
  // Of the file at `from` and what its write-ahead log has. While there is a snapshot the log only
  // grows.
  static base::Result<ReadSnapshot> Take(const std::filesystem::path& from);

  // Copies it into a new file at `to`, for its owner alone, which is on disk then but for its name, and
  // reads every page of the copy: damage is an error, as is a file that is there already. False:
  // `progress` said so. After both a part of the file may be there.
  base::Result<bool> CopyTo(const std::filesystem::path& to, const CopyProgress& progress);

 private:
  explicit ReadSnapshot(Database database) : database_(std::move(database)) {}
  Database database_;  // in a read transaction
};

}  // namespace livetape::sqlite
