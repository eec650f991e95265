#pragma once

// SqliteBlockLog: blocks as rows of tape.db, in WAL mode. The tape's thread owns it; readers and the
// checkpointer have connections of their own.
//
// The write-ahead log is copied into the main file beside the commits from 16 MiB on; the last part
// is copied between two commits, so that SQLite can begin the log anew. At 64 MiB commits wait for
// that. Deleted rows leave free pages, which new blocks fill: the file never shrinks.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "sqlite/checkpointer.h"
#include "sqlite/database.h"
#include "tape/block_log.h"
#include "tape/sync.h"

namespace livetape::tape {

class SqliteBlockLog final : public BlockLog {
 public:
  // Opens folder/tape.db, or makes it, and checks its structure: marks, tables, no hole in the
  // sequence. Begins a new epoch where a crash may have lost numbers. Other programs may read the
  // file meanwhile. The folder's lock is held.
  static base::Result<std::unique_ptr<SqliteBlockLog>> Open(std::filesystem::path folder, Sync sync,
                                                            std::string vfs, base::Random& random,
                                                            base::Log& log);

  const LogExtent& extent() const override { return extent_; }
  const std::vector<Epoch>& epochs() const override { return epochs_; }
  base::Result<void> Append(std::span<const std::unique_ptr<Block>> blocks) override;
  base::Result<void> Reopen() override;
  base::Result<void> Harden() override;
  base::Result<void> CutBack(uint64_t head) override;
  base::Result<bool> Trim(const Retention& keep, base::WallTime now) override;
  void Maintain() override;
  void Start() override;
  base::Result<void> CloseCleanly() override;
  base::Result<std::unique_ptr<BlockReader>> OpenReader() const override;

 private:
  SqliteBlockLog(std::filesystem::path folder, Sync sync, std::string vfs, base::Log& log);
  base::Result<void> Connect();
  base::Result<void> SetSync();
  base::Result<void> Begin(base::Random& random, bool wal_found);
  base::Result<void> CopyMarks();
  base::Result<uint64_t> FirstToKeep(const Retention& keep, base::WallTime now, bool& more);
  void CopyHere(uint64_t frames);

  const std::filesystem::path folder_, path_;
  const Sync sync_;
  const std::string vfs_;
  base::Log& log_;
  LogExtent extent_;
  std::vector<Epoch> epochs_;
  std::optional<sqlite::Database> database_;  // none after a failure to open it again
  std::optional<sqlite::Statement> insert_;   // of `database_`
  std::unique_ptr<sqlite::Checkpointer>
      checkpointer_;                   // null until Start: then all copying is done here
  bool in_use_ = false;                // marked so, with the first records
  bool copying_ = false;               // a pass was asked for and not yet finished here
  uint64_t frames_ = 0, copy_at_ = 0;  // of the write-ahead log
};

}  // namespace livetape::tape
