#pragma once

// The file store.db: where it is, how it is opened, what helps when it is damaged. Functions; any
// thread.

#include <filesystem>
#include <string>

#include "base/result.h"
#include "sqlite/database.h"

namespace livetape::store {

inline std::filesystem::path StoreFile(const std::filesystem::path& folder) {
  return folder / "store.db";
}

// The same error; one of damage with what helps.
base::Error WithAdvice(base::Error error);
// Whether an error, with that or without, says that the file's bytes are damaged.
bool IsDamage(const base::Error& error);

// The connection that writes. Makes folder and file if they are missing, both for their owner alone,
// and brings an older form up to date.
//
// A commit is handed to the operating system and synced when a batch wants it (Batch::sync), or with
// the next checkpoint of the write-ahead log (WAL mode with synchronous NORMAL): a crash of the machine
// may take the last ones, whole and from the end, and with them through() goes back. The tape has what
// they were made from.
base::Result<sqlite::Database> OpenToWrite(const std::filesystem::path& folder,
                                           const std::string& vfs);
// One that only reads; the one that writes is open.
base::Result<sqlite::Database> OpenToRead(const std::filesystem::path& path,
                                          const std::string& vfs);

}  // namespace livetape::store
