#include "store/store_file.h"

#include <string_view>
#include <utility>

#include "base/private_folder.h"
#include "store/schema.h"

namespace livetape::store {
namespace {

constexpr std::string_view kAdvice =
    ". Stop livetape and move store.db and store.db-wal to another folder: the next start makes a "
    "new one from what the tape still keeps. What is older is in the old file alone, so keep it "
    "(`sqlite3 store.db .recover` reads what is left of it)";

}  // namespace

base::Error WithAdvice(base::Error error) {
  if (sqlite::IsDamage(error)) error.message += kAdvice;
  return error;
}

bool IsDamage(const base::Error& error) {
  return sqlite::IsDamage(error) || error.message.ends_with(kAdvice);
}

base::Result<sqlite::Database> OpenToWrite(const std::filesystem::path& folder,
                                           const std::string& vfs) {
  if (auto made = base::MakePrivateFolder(folder); !made) return std::unexpected(made.error());
  const std::filesystem::path path = StoreFile(folder);
  auto database = sqlite::Database::Open(path, sqlite::OpenMode::kCreate, vfs);
  if (!database) return database;
  // First, so that nothing of another's file is changed.
  auto ready = BringUpToDate(*database);
  if (ready) ready = database->UseLog(sqlite::CommitSync::kNormal);
  // The cache holds the leaves of the indexes that are not written in their order.
  if (ready) ready = database->Exec("PRAGMA cache_size = -65536");
  if (!ready) return std::unexpected(WithAdvice(std::move(ready.error())));
  return database;
}

base::Result<sqlite::Database> OpenToRead(const std::filesystem::path& path,
                                          const std::string& vfs) {
  auto database = sqlite::Database::Open(path, sqlite::OpenMode::kReadOnly, vfs);
  if (!database) return database;
  if (auto set = database->Exec("PRAGMA cache_size = -8192"); !set) {
    return std::unexpected(WithAdvice(std::move(set.error())));
  }
  return database;
}

}  // namespace livetape::store
