#include "sqlite/copy.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <string>

#include "base/file_there.h"

namespace livetape::sqlite {
namespace {

constexpr int kPagesPerStep = 256;

// What is wrong with a file; its first fault stands for all.
base::Result<void> CheckPages(Database& database) {
  auto query = database.Prepare("PRAGMA quick_check(1)");
  if (!query) return std::unexpected(std::move(query.error()));
  const auto row = query->Step();
  if (!row) return std::unexpected(row.error());
  if (query->Text(0) == "ok") return {};
  return base::Fail(fmt::format("{} is damaged: {}", database.path(), query->Text(0)));
}

}  // namespace

base::Result<bool> Database::CopyInto(Database& to, const CopyProgress& progress) {
  sqlite3* const target = to.handle_->db;
  sqlite3_backup* const backup = sqlite3_backup_init(target, "main", handle_->db, "main");
  if (backup == nullptr) {
    return std::unexpected(ErrorOf(target, sqlite3_extended_errcode(target), "write", to.path()));
  }
  int code = SQLITE_OK;
  bool wanted = true;
  while (code == SQLITE_OK && wanted) {
    code = sqlite3_backup_step(backup, kPagesPerStep);
    const auto all = static_cast<uint64_t>(sqlite3_backup_pagecount(backup));
    const auto left = static_cast<uint64_t>(sqlite3_backup_remaining(backup));
    wanted = progress(all - left, all);
  }
  sqlite3_backup_finish(backup);
  if (code != SQLITE_OK && code != SQLITE_DONE) {
    return std::unexpected(ErrorOf(target, code, "copy " + path() + " to", to.path()));
  }
  return code == SQLITE_DONE;
}

// What is read in a transaction is of one moment; without it each commit of another process would begin
// a copy anew.
base::Result<ReadSnapshot> ReadSnapshot::Take(const std::filesystem::path& from) {
  auto database = Database::Open(from, OpenMode::kReadOnly);
  if (!database) return std::unexpected(std::move(database.error()));
  if (auto begun = database->Exec("BEGIN"); !begun) {
    return std::unexpected(std::move(begun.error()));
  }
  if (auto read = database->QueryInt("SELECT count(*) FROM sqlite_master"); !read) {
    return std::unexpected(std::move(read.error()));
  }
  return ReadSnapshot(*std::move(database));
}

base::Result<bool> ReadSnapshot::CopyTo(const std::filesystem::path& to,
                                        const CopyProgress& progress) {
  const auto there = base::FileThere(to);
  if (!there) return std::unexpected(there.error());
  if (*there) return base::Fail(fmt::format("{} is there already", to.string()));
  auto target = Database::Open(to, OpenMode::kCreate);
  if (!target) return std::unexpected(std::move(target.error()));
  const auto copied = database_.CopyInto(*target, progress);
  if (!copied || !*copied) return copied;
  if (auto sound = CheckPages(*target); !sound) return std::unexpected(std::move(sound.error()));
  return true;
}

}  // namespace livetape::sqlite
