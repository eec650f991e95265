#include "tape/tape_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>

#include "base/private_folder.h"

namespace livetape::tape {
namespace {

constexpr int64_t kApplicationId = 0x4c54'6170;  // "LTap"
constexpr int64_t kFormat = 1;

constexpr std::string_view kSchema =
    "CREATE TABLE blocks ("
    " first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, time INTEGER NOT NULL,"
    " kinds INTEGER NOT NULL, head_checksum INTEGER NOT NULL, bytes_checksum INTEGER NOT NULL,"
    " topics BLOB NOT NULL, bytes BLOB NOT NULL);"
    "CREATE INDEX blocks_scan ON blocks (last_seq, time, kinds);"
    "CREATE TABLE epochs (first_seq INTEGER NOT NULL, epoch TEXT NOT NULL UNIQUE);"
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "INSERT INTO meta VALUES ('clean', 1), ('sync', 'full');";

base::Error SystemError(std::string_view what, const std::filesystem::path& path) {
  return {fmt::format("cannot {} {}: {}; the folder must be there and writable for this user", what,
                      path.string(), std::strerror(errno))};
}

}  // namespace

std::filesystem::path WalOf(const std::filesystem::path& path) { return path.string() + "-wal"; }

namespace {

bool IsForeign(const std::filesystem::path& path) {
  auto database = sqlite::Database::Open(path, sqlite::OpenMode::kReadOnly);
  if (!database) return false;
  const auto mark = ForeignMark(*database, path);
  return mark && mark->has_value();
}

}  // namespace

base::Error WithAdvice(const base::Error& error, const std::filesystem::path& folder) {
  const std::string at = folder.string();
  if (IsForeign(TapeFile(folder))) return error;
  return {
      fmt::format("{}. No record has been changed. `livetape tape check --data-dir {}` says what "
                  "is damaged; `livetape tape repair --data-dir {}` keeps every record before "
                  "the damage and moves the old file aside",
                  error.message, at, at)};
}

std::string NewEpoch(base::Random& random, const std::vector<Epoch>& epochs) {
  for (;;) {
    std::string epoch = fmt::format("{:08x}", static_cast<uint32_t>(random.Next()));
    if (std::none_of(epochs.begin(), epochs.end(),
                     [&](const Epoch& other) { return other.epoch == epoch; })) {
      return epoch;
    }
  }
}

base::Result<void> CreateTapeFile(const std::filesystem::path& path,
                                  const std::vector<Epoch>& epochs, const std::string& vfs) {
  auto database = sqlite::Database::Open(path, sqlite::OpenMode::kCreate, vfs);
  if (!database) return std::unexpected(database.error());
  // Without a write-ahead log the file alone is all of it when the commit returns. Whoever opens it
  // to write turns the log on.
  if (auto done = database->Exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
      !done) {
    return done;
  }
  auto transaction = sqlite::Transaction::Begin(*database);
  if (!transaction) return std::unexpected(transaction.error());
  if (auto done =
          database->Exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; {}",
                                     kApplicationId, kFormat, kSchema));
      !done) {
    return done;
  }
  for (const Epoch& epoch : epochs) {
    if (auto added = AddEpoch(*database, epoch); !added) return added;
  }
  return transaction->Commit();
}

base::Result<void> RenameDurably(const std::filesystem::path& from,
                                 const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) {
    errno = error.value();
    return std::unexpected(SystemError("rename to", to));
  }
  return base::SyncFolder(to.parent_path());
}

base::Result<void> FinishRepair(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(RepairedFile(folder), error)) return {};
  const std::string path = TapeFile(folder).string();
  for (const char* const suffix : {"-wal", "-shm"}) {
    std::filesystem::remove(path + suffix, error);
    if (!error) continue;
    errno = error.value();
    return std::unexpected(SystemError("remove", path + suffix));
  }
  if (auto synced = base::SyncFolder(folder); !synced) return synced;
  return RenameDurably(RepairedFile(folder), path);
}

base::Result<std::optional<std::string>> ForeignMark(sqlite::Database& database,
                                                     const std::filesystem::path& path) {
  const auto id = database.QueryInt("PRAGMA application_id");
  if (!id) return std::unexpected(id.error());
  if (*id != kApplicationId) {
    return fmt::format(
        "{} is not a tape: its application id is {}, not {}; move it away to begin a new tape, or "
        "name another folder by --data-dir",
        path.string(), *id, kApplicationId);
  }
  const auto format = database.QueryInt("PRAGMA user_version");
  if (!format) return std::unexpected(format.error());
  if (*format == kFormat) return std::nullopt;
  return fmt::format(
      "{} has the format {}, and this version of livetape reads {}: use the version that wrote it, "
      "or a newer one",
      path.string(), *format, kFormat);
}

base::Result<sqlite::Database> OpenTapeFile(const std::filesystem::path& path,
                                            sqlite::OpenMode mode, const std::string& vfs) {
  auto database = sqlite::Database::Open(path, mode, vfs);
  if (!database) return database;
  const auto foreign = ForeignMark(*database, path);
  if (!foreign) return std::unexpected(foreign.error());
  if (*foreign) return base::Fail(**foreign);
  return database;
}

base::Result<std::vector<Epoch>> ReadEpochs(sqlite::Database& database) {
  auto query = database.Prepare("SELECT first_seq, epoch FROM epochs ORDER BY rowid");
  if (!query) return std::unexpected(query.error());
  std::vector<Epoch> epochs;
  for (;;) {
    const auto row = query->Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    epochs.push_back({.first_seq = query->Uint(0), .epoch = std::string(query->Text(1))});
    if (epochs.back().first_seq == 0 || epochs.back().epoch.empty()) {
      return base::Fail("the table of epochs holds a line that is none");
    }
  }
  if (epochs.empty()) return base::Fail("the table of epochs is empty");
  return epochs;
}

base::Result<void> AddEpoch(sqlite::Database& database, const Epoch& epoch) {
  auto insert = database.Prepare("INSERT INTO epochs (first_seq, epoch) VALUES (?1, ?2)");
  if (!insert) return std::unexpected(insert.error());
  return insert->Bind(1, epoch.first_seq).BindText(2, epoch.epoch).Run();
}

base::Result<LastRun> ReadLastRun(sqlite::Database& database) {
  auto query = database.Prepare(
      "SELECT (SELECT value FROM meta WHERE key = 'clean'),"
      " (SELECT value FROM meta WHERE key = 'sync')");
  if (!query) return std::unexpected(query.error());
  const auto row = query->Step();
  if (!row) return std::unexpected(row.error());
  return LastRun{.clean = query->Int(0) == 1,
                 .sync = query->Text(1) == "full" ? Sync::kFull : Sync::kNormal};
}

base::Result<void> WriteLastRun(sqlite::Database& database, const LastRun& run) {
  auto write = database.Prepare("REPLACE INTO meta VALUES ('clean', ?1), ('sync', ?2)");
  if (!write) return std::unexpected(write.error());
  return write->Bind(1, int64_t{run.clean})
      .BindText(2, run.sync == Sync::kFull ? "full" : "normal")
      .Run();
}

base::Result<LogExtent> ReadExtent(sqlite::Database& database) {
  auto query = database.Prepare(
      "SELECT (SELECT min(first_seq) FROM blocks), last_seq, time"
      " FROM blocks ORDER BY first_seq DESC LIMIT 1");
  if (!query) return std::unexpected(query.error());
  const auto row = query->Step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return LogExtent{};
  return LogExtent{.oldest = query->Uint(0),
                   .head = query->Uint(1),
                   .time = base::WallTime(std::chrono::nanoseconds(query->Int(2)))};
}

base::Result<void> CheckSequence(sqlite::Database& database, const LogExtent& extent) {
  auto query = database.Prepare(
      "SELECT first_seq, last_seq, time FROM blocks INDEXED BY blocks_scan ORDER BY last_seq");
  if (!query) return std::unexpected(query.error());
  uint64_t last = extent.oldest - 1;
  int64_t time = std::numeric_limits<int64_t>::min();
  for (;;) {
    const auto row = query->Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    if (query->Uint(0) != last + 1 || query->Uint(1) < query->Uint(0)) {
      return base::Fail(
          fmt::format("the sequence has a hole: after record {} comes a block of the "
                      "records {} to {}",
                      last, query->Uint(0), query->Uint(1)));
    }
    if (query->Int(2) < time) {
      return base::Fail(
          fmt::format("the block of the records {} to {} is older than the one before",
                      query->Uint(0), query->Uint(1)));
    }
    last = query->Uint(1);
    time = query->Int(2);
  }
  if (last == extent.head) return {};
  return base::Fail(
      fmt::format("the index of blocks ends at record {}, the blocks at {}", last, extent.head));
}

BlockHead HeadOf(const sqlite::Statement& row) {
  return {.first_seq = row.Uint(0),
          .last_seq = row.Uint(1),
          .time = base::WallTime(std::chrono::nanoseconds(row.Int(2))),
          .kinds = KindSet(static_cast<uint32_t>(row.Uint(3))),
          .topics = row.Blob(6),
          .head_checksum = static_cast<uint32_t>(row.Uint(4)),
          .bytes_checksum = static_cast<uint32_t>(row.Uint(5))};
}

base::Result<void> InsertBlock(sqlite::Statement& insert, const BlockHead& head,
                               std::string_view bytes) {
  return insert.Bind(1, head.first_seq)
      .Bind(2, head.last_seq)
      .Bind(3, int64_t{head.time.time_since_epoch().count()})
      .Bind(4, int64_t{head.kinds.bits()})
      .Bind(5, int64_t{head.head_checksum})
      .Bind(6, int64_t{head.bytes_checksum})
      .BindBlob(7, head.topics)
      .BindBlob(8, bytes)
      .Run();
}

}  // namespace livetape::tape
