#pragma once

// Database: one connection to an SQLite file. It belongs to one thread at a time.
//
// Every fault of the file or the disk is a base::Error that names the file, says what could not be
// done, and what helps; wrong use of a statement is our bug and asserts. Nothing is checkpointed but
// by Checkpoint(), and by the last connection when it closes.
// SQLite's rules: sqlite.org/c3ref/intro.html.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "sqlite/statement.h"

struct sqlite3;

namespace livetape::sqlite {

enum class OpenMode {
  kReadOnly,
  kReadWrite,  // the file must be there
  kCreate,     // makes it if it is missing, for its owner alone (0600)
};

// What a checkpoint did: frames in the write-ahead log, and those of them that are in the main file.
struct CheckpointState {
  uint64_t log_frames = 0, copied_frames = 0;
  bool complete() const { return log_frames == copied_frames; }
};

// Whether a commit is on disk when it returns, or with a later checkpoint or SyncLog.
enum class CommitSync { kNormal, kFull };

// A write-ahead log that has become longer, because somebody read for long, is that long again when it
// begins anew.
inline constexpr int64_t kLogBytesKept = int64_t{64} << 20;

// Called now and then with the pages copied so far, and how many there are. False: enough.
using CopyProgress = std::function<bool(uint64_t pages, uint64_t of)>;

class Database {
 public:
  // `vfs`: the file layer's name, empty for the usual one. Nothing is read yet: a file that is no
  // database shows at the first statement. Waits up to 2 s for another connection's lock.
  static base::Result<Database> Open(const std::filesystem::path& path, OpenMode mode,
                                     const std::string& vfs = "");
  ~Database();
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;

  // Statements without results, separated by semicolons.
  base::Result<void> Exec(const std::string& sql);
  base::Result<Statement> Prepare(std::string_view sql);
  // The first column of the first row of a query as a number; 0 if there is no row or it is NULL.
  base::Result<int64_t> QueryInt(std::string_view sql);

  // Before this connection writes: commits go into a write-ahead log.
  base::Result<void> UseLog(CommitSync sync);
  // Puts all commits on disk that were made with CommitSync::kNormal (sqlite.org/pragma.html).
  base::Result<void> SyncLog();
  // Copies the write-ahead log into the main file without waiting for readers or writers. A lock
  // that another connection holds is no fault: the state then shows that it is not complete.
  base::Result<CheckpointState> Checkpoint();
  // Copies all of it into an empty database; in a transaction, which holds it still (ReadSnapshot).
  // False: `progress` said so.
  base::Result<bool> CopyInto(Database& to, const CopyProgress& progress);
  // Frames in the write-ahead log as of this connection's last commit.
  uint64_t wal_frames() const { return handle_->wal_frames; }
  bool in_transaction() const;
  const std::string& path() const { return handle_->path; }

 private:
  friend class Transaction;
  // Stable in memory: SQLite's hook keeps a pointer to it.
  struct Handle {
    sqlite3* db = nullptr;
    std::string path;
    uint64_t wal_frames = 0;
    ~Handle();
    base::Error ErrorAt(int code, std::string_view what) const;
  };
  explicit Database(std::unique_ptr<Handle> handle);

  std::unique_ptr<Handle> handle_;
};

// A write transaction; rolled back unless it is committed.
class Transaction {
 public:
  static base::Result<Transaction> Begin(Database& database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;

  // After a failure the transaction is rolled back. What reached the file is then known only after
  // it has been opened again by all.
  base::Result<void> Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace livetape::sqlite
