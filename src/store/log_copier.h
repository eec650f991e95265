#pragma once

// LogCopier: when store.db's write-ahead log is copied into the main file, beside the commits where
// it can be. The writing thread owns it.
//
// From 16 MiB on the log is copied; the last part between two commits, so that SQLite can begin the
// log anew. At 64 MiB commits wait for that.

#include <cstdint>
#include <filesystem>
#include <string>

#include "metrics/registry.h"
#include "sqlite/checkpointer.h"
#include "sqlite/database.h"

namespace livetape::store {

class LogCopier {
 public:
  // `writer` outlives it.
  LogCopier(sqlite::Database& writer, std::filesystem::path path, std::string vfs,
            metrics::Registry& metrics);
  LogCopier(const LogCopier&) = delete;
  LogCopier& operator=(const LogCopier&) = delete;

  // To be called after each commit of `writer`. A fault is counted and tried again: the commits stay
  // in the log meanwhile, and it is the disk's fault, which the next commit meets too.
  void AfterCommit();
  // The log is half as long as it may be, and being copied: what can wait should, so that no commit
  // has to.
  bool behind() const;

 private:
  void CopyHere(uint64_t frames);

  sqlite::Database& writer_;
  metrics::Gauge& log_frames_;
  metrics::Counter &failures_, &thread_failures_;
  uint64_t frames_ = 0;  // of the log after the last commit
  uint64_t copy_at_;
  bool asked_ = false;  // the thread has been asked for a pass since the log began
  // From the beginning: a system that gives no thread later ends nothing then.
  sqlite::Checkpointer checkpointer_;
};

}  // namespace livetape::store
