#include "sqlite/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/assert.h"
#include "base/private_folder.h"

namespace livetape::sqlite {
namespace {

constexpr int kBusyMs = 2000;

int FlagsOf(OpenMode mode) {
  switch (mode) {
    case OpenMode::kReadOnly:
      return SQLITE_OPEN_READONLY;
    case OpenMode::kReadWrite:
      return SQLITE_OPEN_READWRITE;
    case OpenMode::kCreate:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return 0;
}

// For its owner alone, whatever the folder allows. SQLite takes an empty file for an empty database,
// and its rights for those of the files beside it.
base::Result<void> MakeFile(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno != EEXIST) return std::unexpected(base::FolderFault("make", path, errno));
  if (fd >= 0) ::close(fd);
  return {};
}

}  // namespace

Database::Handle::~Handle() { sqlite3_close_v2(db); }

// A table that is missing or a header of another format shows as SQLITE_ERROR: the file's fault too,
// and only the message says which.
base::Error Database::Handle::ErrorAt(int code, std::string_view what) const {
  base::Error error = ErrorOf(db, code, what, path);
  if (code == SQLITE_ERROR) error.message += fmt::format(" ({})", sqlite3_errmsg(db));
  return error;
}

Database::Database(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Database::~Database() = default;
Database::Database(Database&& other) noexcept = default;
Database& Database::operator=(Database&& other) noexcept = default;

base::Result<Database> Database::Open(const std::filesystem::path& path, OpenMode mode,
                                      const std::string& vfs) {
  if (mode == OpenMode::kCreate) {
    if (auto made = MakeFile(path); !made) return std::unexpected(std::move(made.error()));
  }
  auto handle = std::make_unique<Handle>();
  handle->path = path.string();
  const int code = sqlite3_open_v2(handle->path.c_str(), &handle->db,
                                   FlagsOf(mode) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                   vfs.empty() ? nullptr : vfs.c_str());
  if (code != SQLITE_OK) {
    return std::unexpected(ErrorOf(handle->db, code, "open", handle->path));
  }
  sqlite3_busy_timeout(handle->db, kBusyMs);
  sqlite3_wal_hook(
      handle->db,
      [](void* argument, sqlite3*, const char*, int frames) {
        static_cast<Handle*>(argument)->wal_frames = static_cast<uint64_t>(frames);
        return SQLITE_OK;
      },
      handle.get());
  return Database(std::move(handle));
}

base::Result<void> Database::Exec(const std::string& sql) {
  const int code = sqlite3_exec(handle_->db, sql.c_str(), nullptr, nullptr, nullptr);
  LT_ASSERT(code != SQLITE_MISUSE, "{}", sql);
  if (code != SQLITE_OK) return std::unexpected(handle_->ErrorAt(code, "use"));
  return {};
}

base::Result<Statement> Database::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_->db, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return std::unexpected(handle_->ErrorAt(code, "read"));
  return Statement(handle_->db, statement, handle_->path);
}

base::Result<int64_t> Database::QueryInt(std::string_view sql) {
  auto query = Prepare(sql);
  if (!query) return std::unexpected(query.error());
  const auto row = query->Step();
  if (!row) return std::unexpected(row.error());
  return *row ? query->Int(0) : 0;
}

base::Result<CheckpointState> Database::Checkpoint() {
  int log = 0, copied = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_->db, nullptr, SQLITE_CHECKPOINT_PASSIVE, &log, &copied);
  if ((code & 0xff) == SQLITE_BUSY) return CheckpointState{.log_frames = 1, .copied_frames = 0};
  if (code != SQLITE_OK) {
    return std::unexpected(ErrorOf(handle_->db, code, "write", handle_->path));
  }
  return CheckpointState{.log_frames = static_cast<uint64_t>(log > 0 ? log : 0),
                         .copied_frames = static_cast<uint64_t>(copied > 0 ? copied : 0)};
}

// Debian's SQLite would overwrite what is deleted with zeros, through the log.
base::Result<void> Database::UseLog(CommitSync sync) {
  return Exec(
      fmt::format("PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; PRAGMA secure_delete = OFF;"
                  "PRAGMA journal_size_limit = {}",
                  sync == CommitSync::kFull ? "FULL" : "NORMAL", kLogBytesKept));
}

base::Result<void> Database::SyncLog() {
  sqlite3_file* log = nullptr;
  const int code = sqlite3_file_control(handle_->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  LT_ASSERT(code == SQLITE_OK, "{}", code);
  if (log == nullptr || log->pMethods == nullptr) return {};  // nothing has been written yet
  const int synced = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (synced != SQLITE_OK) return std::unexpected(handle_->ErrorAt(synced, "write"));
  return {};
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_->db) == 0; }

base::Result<Transaction> Transaction::Begin(Database& database) {
  LT_ASSERT(!database.in_transaction());
  if (auto begun = database.Exec("BEGIN IMMEDIATE"); !begun) {
    return std::unexpected(begun.error());
  }
  return Transaction(database);
}

Transaction::~Transaction() {
  // Some faults have rolled back already; a rollback itself cannot do anything but succeed.
  if (database_ != nullptr && database_->in_transaction()) {
    sqlite3_exec(database_->handle_->db, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

base::Result<void> Transaction::Commit() {
  auto committed = database_->Exec("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace livetape::sqlite
