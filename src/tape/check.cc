#include "tape/check.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/file_there.h"
#include "base/time_text.h"
#include "tape/folder_lock.h"
#include "tape/scan.h"
#include "tape/tape_file.h"

namespace livetape::tape {
namespace {

namespace fs = std::filesystem;

// The new file while it is written: whole blocks, in one transaction.
class Copy {
 public:
  static base::Result<Copy> Begin(const fs::path& path) {
    std::error_code ignored;
    fs::remove(path, ignored);
    fs::remove(path.string() + "-journal", ignored);
    if (auto made = CreateTapeFile(path, {}, ""); !made) return std::unexpected(made.error());
    auto database = OpenTapeFile(path, sqlite::OpenMode::kReadWrite, "");
    if (!database) return std::unexpected(database.error());
    if (auto set = database->Exec("PRAGMA synchronous = FULL; BEGIN IMMEDIATE"); !set) {
      return std::unexpected(set.error());
    }
    auto insert = database->Prepare(kInsertBlock);
    if (!insert) return std::unexpected(insert.error());
    return Copy(*std::move(database), *std::move(insert));
  }

  base::Result<void> Add(const BlockHead& head, std::string_view bytes) {
    return InsertBlock(insert_, head, bytes);
  }

  base::Result<void> Finish(const std::vector<Epoch>& epochs) {
    for (const Epoch& epoch : epochs) {
      if (auto added = AddEpoch(database_, epoch); !added) return added;
    }
    return database_.Exec("COMMIT");
  }

 private:
  Copy(sqlite::Database database, sqlite::Statement insert)
      : database_(std::move(database)), insert_(std::move(insert)) {}
  sqlite::Database database_;
  sqlite::Statement insert_;
};

// "tape.db.damaged-20261120T150405Z", or with a number behind it if that is there.
fs::path NameForDamaged(const fs::path& path, base::WallTime now) {
  std::string time;
  for (const char c : base::FormatRfc3339(now).substr(0, 19)) {
    if (c != '-' && c != ':') time += c;
  }
  const std::string name = fmt::format("{}.damaged-{}Z", path.string(), time);
  std::error_code ignored;
  fs::path free = name;
  for (int i = 2; fs::exists(free, ignored); ++i) free = fmt::format("{}-{}", name, i);
  return free;
}

// A second name for the old file and for its write-ahead log.
base::Result<void> KeepAside(const fs::path& path, const fs::path& aside) {
  for (const char* const suffix : {"", "-wal"}) {
    std::error_code error;
    if (!fs::exists(path.string() + suffix, error)) continue;
    fs::create_hard_link(path.string() + suffix, aside.string() + suffix, error);
    if (error) {
      return base::Fail(
          fmt::format("cannot keep the old file as {}{}: {}; the data folder must be "
                      "writable and allow links",
                      aside.string(), suffix, error.message()));
    }
  }
  return {};
}

base::Result<CheckReport> CheckAs(bool alone, const fs::path& folder, const Progress& progress) {
  auto report = Scan(
      folder, alone, [](const BlockHead&, std::string_view) { return base::Result<void>(); },
      progress);
  if (!report) return std::unexpected(report.error());
  return std::move(report->check);
}

}  // namespace

base::Result<CheckReport> Check(const fs::path& folder, const Progress& progress) {
  std::error_code ignored;
  const bool there = fs::exists(TapeFile(folder), ignored);
  const auto lock = there ? FolderLock::Take(folder) : base::Fail("nothing to lock");
  return CheckAs(lock.has_value(), folder, progress);
}

base::Result<RepairReport> Repair(const fs::path& folder, const base::Clock& clock,
                                  base::Random random, const Progress& progress) {
  const fs::path path = TapeFile(folder), draft = path.string() + ".repairing";
  const auto lock = FolderLock::Take(folder);
  if (!lock) return std::unexpected(lock.error());
  if (auto finished = FinishRepair(folder); !finished) return std::unexpected(finished.error());
  auto checked = CheckAs(true, folder, progress);
  if (!checked) return std::unexpected(checked.error());
  if (!checked->damage) return RepairReport{.kept = *std::move(checked), .lost = 0};

  auto copy = Copy::Begin(draft);
  if (!copy) return std::unexpected(copy.error());
  auto scanned = Scan(
      folder, true,
      [&](const BlockHead& head, std::string_view bytes) { return copy->Add(head, bytes); },
      progress);
  if (!scanned) return std::unexpected(scanned.error());
  RepairReport report{.kept = scanned->check};
  report.new_epoch = NewEpoch(random, scanned->epochs);
  scanned->epochs.push_back({.first_seq = report.kept.head + 1, .epoch = report.new_epoch});
  if (auto finished = copy->Finish(scanned->epochs); !finished) {
    return std::unexpected(finished.error());
  }
  if (scanned->head_named >= report.kept.head && scanned->head_named > 0) {
    report.lost = scanned->head_named - report.kept.head;
  }
  report.damaged_file = NameForDamaged(path, clock.Wall());
  if (auto kept = KeepAside(path, report.damaged_file); !kept) {
    return std::unexpected(kept.error());
  }
  copy = base::Fail("closed");
  if (auto renamed = RenameDurably(draft, RepairedFile(folder)); !renamed) {
    return std::unexpected(renamed.error());
  }
  if (auto finished = FinishRepair(folder); !finished) return std::unexpected(finished.error());
  return report;
}

base::Result<void> MarkRestored(const fs::path& folder) {
  const auto there = base::FileThere(TapeFile(folder));
  if (!there) return std::unexpected(there.error());
  if (!*there) {
    return base::Fail(
        fmt::format("there is no tape in {}: name the folder that holds tape.db", folder.string()));
  }
  const auto lock = FolderLock::Take(folder);
  if (!lock) return std::unexpected(lock.error());
  auto database = OpenTapeFile(TapeFile(folder), sqlite::OpenMode::kReadWrite, "");
  if (!database) return std::unexpected(WithAdvice(database.error(), folder));
  // As after a run whose last records may be lost.
  return WriteLastRun(*database, {.clean = false, .sync = Sync::kNormal});
}

}  // namespace livetape::tape
