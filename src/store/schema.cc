#include "store/schema.h"

#include <fmt/format.h>

#include <array>

namespace livetape::store {
namespace {

// A release's migrations never change afterwards; what changes is another one at the end.
//
// orders_by_time and fills_by_account hold what queries leave out by, so that they pass over it
// within the index: an index for each symbol would have to be written all over. The triggers keep the number of an account's fills, which
// every page of them shows.
constexpr std::array<std::string_view, 4> kMigrations = {
    "CREATE TABLE orders ("
    " id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, parent INTEGER NOT NULL, account TEXT NOT NULL,"
    " symbol TEXT NOT NULL, side INTEGER NOT NULL, open INTEGER NOT NULL,"
    " submitted INTEGER NOT NULL, client_id TEXT NOT NULL, json TEXT NOT NULL);"
    "CREATE INDEX orders_by_time ON orders (account, submitted, id, side, symbol);"
    "CREATE INDEX orders_open ON orders (account, submitted) WHERE open = 1;"
    "CREATE INDEX orders_by_client ON orders (account, client_id) WHERE client_id <> '';"
    "CREATE INDEX orders_by_parent ON orders (parent) WHERE parent <> 0;"
    "CREATE TABLE fills ("
    " number INTEGER PRIMARY KEY, seq INTEGER NOT NULL, order_id INTEGER NOT NULL,"
    " account TEXT NOT NULL, symbol TEXT NOT NULL, side INTEGER NOT NULL, time INTEGER NOT NULL,"
    " quantity INTEGER NOT NULL, price INTEGER NOT NULL, fee TEXT NOT NULL, realized TEXT NOT NULL,"
    " partial INTEGER NOT NULL, leaves INTEGER NOT NULL, cumulative INTEGER NOT NULL,"
    " explain TEXT NOT NULL);"
    "CREATE INDEX fills_by_account ON fills (account, number, time, symbol);"
    "CREATE TABLE fill_counts (account TEXT PRIMARY KEY, fills INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TRIGGER fill_added AFTER INSERT ON fills BEGIN"
    " INSERT INTO fill_counts VALUES (new.account, 1)"
    " ON CONFLICT (account) DO UPDATE SET fills = fills + 1; END;"
    "CREATE TRIGGER fill_removed AFTER DELETE ON fills BEGIN"
    " UPDATE fill_counts SET fills = fills - 1 WHERE account = old.account; END;"
    "CREATE TABLE equity ("
    " account TEXT NOT NULL, time INTEGER NOT NULL, equity TEXT NOT NULL, cash TEXT NOT NULL,"
    " drawdown REAL NOT NULL, PRIMARY KEY (account, time)) WITHOUT ROWID;"
    "CREATE TABLE thinned (account TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE accounts ("
    " account TEXT PRIMARY KEY, number INTEGER NOT NULL, through INTEGER NOT NULL,"
    " time INTEGER NOT NULL, active INTEGER NOT NULL, settings TEXT NOT NULL,"
    " snapshot BLOB NOT NULL);"
    "CREATE TABLE quotes ("
    " symbol TEXT PRIMARY KEY, asset_class INTEGER NOT NULL, image BLOB NOT NULL);"
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "INSERT INTO meta VALUES ('epoch', ''), ('clock', ''), ('through', 0), ('reach', 0), "
    "('last_order', 0),"
    " ('last_fill', 0);",
    "CREATE TABLE bar_series ("
    " id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, timeframe INTEGER NOT NULL,"
    " asset_class INTEGER NOT NULL, bars INTEGER NOT NULL, UNIQUE (symbol, timeframe));"
    "CREATE TABLE bar_blocks ("
    " id INTEGER PRIMARY KEY, series INTEGER NOT NULL, first INTEGER NOT NULL,"
    " last INTEGER NOT NULL, bars INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE INDEX bar_blocks_by_time ON bar_blocks (series, first, last, bars);",
    // Where a large batch was left half written, snapshots of accounts may be missing.
    "INSERT INTO meta SELECT 'checkpoint', CASE WHEN r.value > t.value THEN 0 ELSE t.value END"
    " FROM meta AS r, meta AS t WHERE r.key = 'reach' AND t.key = 'through';",
    "INSERT INTO meta VALUES ('origin', '');"};

// The version of the file; 0: it is empty.
base::Result<size_t> VersionOf(sqlite::Database& database, size_t newest, int64_t application_id) {
  const auto id = database.QueryInt("PRAGMA application_id");
  if (!id) return std::unexpected(id.error());
  const auto version = database.QueryInt("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  const auto objects = database.QueryInt("SELECT count(*) FROM sqlite_master");
  if (!objects) return std::unexpected(objects.error());
  if (*id == 0 && *version == 0 && *objects == 0) return 0;
  if (*id != application_id || *version < 1) {
    return base::Fail(
        fmt::format("{} is not livetape's store: its application id is {} and its version {}; move "
                    "it away, or use another folder",
                    database.path(), *id, *version));
  }
  if (*version > static_cast<int64_t>(newest)) {
    return base::Fail(
        fmt::format("{} has the version {}, and this version of livetape reads those up to {}: use "
                    "the version that wrote it, or a newer one",
                    database.path(), *version, newest));
  }
  return static_cast<size_t>(*version);
}

}  // namespace

std::span<const std::string_view> Migrations() { return kMigrations; }

base::Result<void> BringUpToDate(sqlite::Database& database,
                                 std::span<const std::string_view> migrations,
                                 int64_t application_id) {
  const auto version = VersionOf(database, migrations.size(), application_id);
  if (!version) return std::unexpected(version.error());
  for (size_t next = *version; next < migrations.size(); ++next) {
    auto transaction = sqlite::Transaction::Begin(database);
    if (!transaction) return std::unexpected(transaction.error());
    auto done =
        database.Exec(fmt::format("{}; PRAGMA application_id = {}; PRAGMA user_version = {}",
                                  migrations[next], application_id, next + 1));
    if (!done) return done;
    if (auto committed = transaction->Commit(); !committed) return committed;
  }
  return {};
}

}  // namespace livetape::store
