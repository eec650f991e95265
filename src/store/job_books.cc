#include "store/job_books.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "base/private_folder.h"
#include "store/schema.h"

namespace livetape::store {
namespace {

// Rows of a list lie together, one on a line, so that a page is a few look-ups.
constexpr size_t kChunkRows = 500;
constexpr int64_t kJobsApplicationId = 0x4c54'4a62;  // "LTJb"
// Of the write-ahead log, before it is copied into the file.
constexpr uint64_t kLogFramesMax = 1000;

constexpr std::array<std::string_view, 1> kMigrations = {
    "CREATE TABLE jobs ("
    " id TEXT PRIMARY KEY, number INTEGER NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL,"
    " owner TEXT NOT NULL, request TEXT NOT NULL, created INTEGER NOT NULL,"
    " started INTEGER NOT NULL, ended INTEGER NOT NULL, progress REAL NOT NULL,"
    " records INTEGER NOT NULL, message TEXT NOT NULL, result TEXT NOT NULL, told INTEGER NOT "
    "NULL);"
    "CREATE TABLE lists ("
    " job TEXT NOT NULL, name TEXT NOT NULL, first INTEGER NOT NULL, rows INTEGER NOT NULL,"
    " lines TEXT NOT NULL, PRIMARY KEY (job, name, first)) WITHOUT ROWID;"
    "CREATE TABLE curves (job TEXT PRIMARY KEY, points BLOB NOT NULL) WITHOUT ROWID;"};

int64_t UnitsOf(base::WallTime time) { return time.time_since_epoch().count(); }
base::WallTime TimeOf(int64_t units) { return base::WallTime(base::WallTime::duration(units)); }
int64_t UnitsOf(const std::optional<base::WallTime>& time) { return time ? UnitsOf(*time) : 0; }
std::optional<base::WallTime> OptionalTimeOf(int64_t units) {
  if (units == 0) return std::nullopt;
  return TimeOf(units);
}

}  // namespace

base::Result<std::unique_ptr<JobBooks>> JobBooks::Open(const std::filesystem::path& folder,
                                                       const std::string& vfs) {
  if (auto made = base::MakePrivateFolder(folder); !made) return std::unexpected(made.error());
  auto database = sqlite::Database::Open(JobsFile(folder), sqlite::OpenMode::kCreate, vfs);
  if (!database) return std::unexpected(std::move(database.error()));
  auto ready = BringUpToDate(*database, kMigrations, kJobsApplicationId);
  if (ready) ready = database->UseLog(sqlite::CommitSync::kFull);
  if (!ready) {
    base::Error error = std::move(ready.error());
    if (sqlite::IsDamage(error)) {
      error.message +=
          ". Stop livetape and move jobs.db and jobs.db-wal away: the next start makes a new one, "
          "without the jobs and results so far";
    }
    return std::unexpected(std::move(error));
  }
  return std::unique_ptr<JobBooks>(new JobBooks(*std::move(database)));
}

base::Error JobBooks::Damage(std::string_view id, std::string_view what) const {
  return {fmt::format("{}: of job {}, {}", database_.path(), id, what)};
}

base::Result<JobBooks::Kept> JobBooks::All() {
  auto query = database_.Prepare(
      "SELECT id, kind, state, owner, request, created, started, ended, progress, records, message,"
      " result, told FROM jobs ORDER BY number");
  if (!query) return std::unexpected(std::move(query.error()));
  Kept kept;
  while (true) {
    const auto row = query->Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return kept;
    const std::string id(query->Text(0));
    const int64_t kind = query->Int(1), state = query->Int(2);
    if (kind < 0 || kind >= std::ssize(model::kJobKindNames) || state < 0 ||
        state >= std::ssize(model::kJobStateNames)) {
      return std::unexpected(Damage(id, "kind or state is none that there is"));
    }
    kept.jobs.push_back({.id = id,
                         .kind = static_cast<model::JobKind>(kind),
                         .state = static_cast<model::JobState>(state),
                         .owner = std::string(query->Text(3)),
                         .request = std::string(query->Text(4)),
                         .created = TimeOf(query->Int(5)),
                         .started = OptionalTimeOf(query->Int(6)),
                         .ended = OptionalTimeOf(query->Int(7)),
                         .progress = query->Double(8),
                         .records = query->Uint(9),
                         .message = std::string(query->Text(10)),
                         .result = std::string(query->Text(11))});
    if (query->Int(12) == 0) kept.untold.push_back(id);
  }
}

base::Result<void> JobBooks::Save(const model::Job& job, const model::JobEnd* end) {
  auto transaction = sqlite::Transaction::Begin(database_);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  auto row = database_.Prepare(
      "INSERT INTO jobs VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM jobs), ?2, ?3, ?4, "
      "?5,"
      " ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0) ON CONFLICT (id) DO UPDATE SET"
      " number = iif(excluded.state = 0, excluded.number, number), state = excluded.state,"
      " started = excluded.started, ended = excluded.ended, progress = excluded.progress,"
      " records = excluded.records, message = excluded.message, result = excluded.result, told = "
      "0");
  if (!row) return std::unexpected(std::move(row.error()));
  row->BindText(1, job.id).Bind(2, static_cast<int64_t>(job.kind));
  row->Bind(3, static_cast<int64_t>(job.state)).BindText(4, job.owner).BindText(5, job.request);
  row->Bind(6, UnitsOf(job.created)).Bind(7, UnitsOf(job.started)).Bind(8, UnitsOf(job.ended));
  row->BindDouble(9, job.progress).Bind(10, job.records).BindText(11, job.message);
  row->BindText(12, job.result);
  if (auto run = row->Run(); !run) return run;
  const bool completed = job.state == model::JobState::kCompleted;
  if (auto removed = completed ? Remove(job.id, {"curves"}) : Remove(job.id, {"lists", "curves"});
      !removed) {
    return removed;
  }
  if (completed && end != nullptr) {
    if (auto put = PutCurve(job.id, end->curve); !put) return put;
  }
  if (auto committed = transaction->Commit(); !committed) return committed;
  // It is kept. That the log cannot be copied is told to who wants to put rows into it.
  (void)CopyLog();
  return {};
}

// What is not copied now is copied after a later write.
base::Result<void> JobBooks::CopyLog() {
  if (database_.wal_frames() < kLogFramesMax) return {};
  const auto copied = database_.Checkpoint();
  if (!copied) return std::unexpected(copied.error());
  return {};
}

// The log is synced when the next state is kept, and with it what these have put there. Where it is
// long already and cannot be copied nothing more is put there: tried again and again, the rows would
// fill the disk to its last byte.
base::Result<void> JobBooks::SaveRows(std::string_view id, const model::ResultRows& rows) {
  if (auto copied = CopyLog(); !copied) return copied;
  if (auto set = database_.Exec("PRAGMA synchronous = NORMAL"); !set) return set;
  auto put = PutRows(id, rows);
  if (auto set = database_.Exec("PRAGMA synchronous = FULL"); !set) return set;
  return put;
}

base::Result<void> JobBooks::PutRows(std::string_view id, const model::ResultRows& rows) {
  const size_t count = rows.rows.size();
  LT_ASSERT(rows.first <= kRowsMax && count <= kRowsMax - rows.first, "{} {} {}", id, rows.first,
            count);
  auto transaction = sqlite::Transaction::Begin(database_);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  auto insert = database_.Prepare("INSERT OR REPLACE INTO lists VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!insert) return std::unexpected(std::move(insert.error()));
  std::string lines;
  for (size_t begin = 0; begin < count; begin += kChunkRows) {
    const size_t end = std::min(count, begin + kChunkRows);
    lines.clear();
    for (size_t i = begin; i < end; ++i) lines += rows.rows[i] + "\n";
    insert->BindText(1, id).BindText(2, rows.name).Bind(3, rows.first + begin);
    insert->Bind(4, uint64_t{end - begin}).BindText(5, lines);
    if (auto run = insert->Run(); !run) return run;
  }
  return transaction->Commit();
}

// Pairs of time (nanoseconds since 1970) and value, each 8 bytes in the machine's order, which is
// little-endian on all that livetape runs on.
base::Result<void> JobBooks::PutCurve(std::string_view id,
                                      const std::vector<model::CurvePoint>& curve) {
  if (curve.empty()) return {};
  std::string bytes;
  bytes.reserve(std::min(curve.size(), kPointsMax) * 16);
  for (size_t i = 0; i < std::min(curve.size(), kPointsMax); ++i) {
    const int64_t time = UnitsOf(curve[i].time);
    std::array<char, 16> pair{};
    std::memcpy(pair.data(), &time, 8);
    std::memcpy(pair.data() + 8, &curve[i].value, 8);
    bytes.append(pair.data(), pair.size());
  }
  auto insert = database_.Prepare("INSERT INTO curves VALUES (?1, ?2)");
  if (!insert) return std::unexpected(std::move(insert.error()));
  return insert->BindText(1, id).BindBlob(2, bytes).Run();
}

base::Result<void> JobBooks::NoteTold(std::string_view id) {
  auto update = database_.Prepare("UPDATE jobs SET told = 1 WHERE id = ?1");
  if (!update) return std::unexpected(std::move(update.error()));
  return update->BindText(1, id).Run();
}

base::Result<void> JobBooks::Forget(std::string_view id) {
  auto transaction = sqlite::Transaction::Begin(database_);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  if (auto removed = Remove(id, {"lists", "curves", "jobs"}); !removed) return removed;
  return transaction->Commit();
}

base::Result<void> JobBooks::Remove(std::string_view id,
                                    std::initializer_list<std::string_view> tables) {
  for (const std::string_view table : tables) {
    auto statement = database_.Prepare(
        fmt::format("DELETE FROM {} WHERE {} = ?1", table, table == "jobs" ? "id" : "job"));
    if (!statement) return std::unexpected(std::move(statement.error()));
    if (auto run = statement->BindText(1, id).Run(); !run) return run;
  }
  return {};
}

base::Result<JobBooks::Rows> JobBooks::List(std::string_view id, std::string_view name,
                                            size_t limit, size_t offset) {
  Rows page;
  auto count = database_.Prepare(
      "SELECT sum(rows) FROM lists WHERE job = ?1 AND name = ?2"
      " AND (SELECT state FROM jobs WHERE id = ?1) = ?3");
  if (!count) return std::unexpected(std::move(count.error()));
  count->BindText(1, id).BindText(2, name);
  count->Bind(3, static_cast<int64_t>(model::JobState::kCompleted));
  if (const auto row = count->Step(); !row) return std::unexpected(row.error());
  page.total = count->Uint(0);
  if (page.total == 0) return page;
  count->Reset();
  auto query = database_.Prepare(
      "SELECT first, lines FROM lists WHERE job = ?1 AND name = ?2 AND first + rows > ?3 AND"
      " first < ?4 ORDER BY first");
  if (!query) return std::unexpected(std::move(query.error()));
  const uint64_t end = uint64_t{offset} + limit;
  query->BindText(1, id).BindText(2, name).Bind(3, uint64_t{offset}).Bind(4, end);
  while (true) {
    const auto row = query->Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return page;
    uint64_t number = query->Uint(0);
    std::string_view lines = query->Text(1);
    for (; !lines.empty() && number < end; ++number) {
      const size_t stop = lines.find('\n');
      if (stop == std::string_view::npos) return std::unexpected(Damage(id, "a list is cut off"));
      if (number >= offset) page.rows.emplace_back(lines.substr(0, stop));
      lines.remove_prefix(stop + 1);
    }
  }
}

base::Result<uint64_t> JobBooks::free_bytes() {
  const auto pages = database_.QueryInt("PRAGMA freelist_count");
  if (!pages) return std::unexpected(pages.error());
  const auto bytes = database_.QueryInt("PRAGMA page_size");
  if (!bytes) return std::unexpected(bytes.error());
  return static_cast<uint64_t>(*pages) * static_cast<uint64_t>(*bytes);
}

base::Result<std::vector<model::CurvePoint>> JobBooks::Curve(std::string_view id) {
  auto query = database_.Prepare("SELECT points FROM curves WHERE job = ?1");
  if (!query) return std::unexpected(std::move(query.error()));
  query->BindText(1, id);
  const auto row = query->Step();
  if (!row) return std::unexpected(row.error());
  std::vector<model::CurvePoint> curve;
  if (!*row) return curve;
  const std::string_view bytes = query->Blob(0);
  if (bytes.size() % 16 != 0) return std::unexpected(Damage(id, "the curve is cut off"));
  for (size_t at = 0; at < bytes.size(); at += 16) {
    int64_t time = 0;
    model::CurvePoint point;
    std::memcpy(&time, bytes.data() + at, 8);
    std::memcpy(&point.value, bytes.data() + at + 8, 8);
    point.time = TimeOf(time);
    curve.push_back(point);
  }
  return curve;
}

}  // namespace livetape::store
