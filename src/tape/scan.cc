#include "tape/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/file_there.h"
#include "sqlite/database.h"
#include "tape/tape_file.h"
#include "tape/wal_check.h"

namespace livetape::tape {
namespace {

constexpr uint64_t kProgressEvery = 100;  // blocks

class Scanner {
 public:
  Scanner(const TakeBlock& take, const Progress& progress) : take_(take), progress_(progress) {}

  // `log_fault`: what is wrong with the write-ahead log, whose good part holds the newest blocks.
  base::Result<ScanReport> Run(sqlite::Database& database,
                               const std::optional<std::string>& log_fault) {
    const Sync sync = ReadMarks(database);
    if (auto read = ReadBlocks(database); !read) return std::unexpected(read.error());
    if (log_fault && sync == Sync::kFull && !report_.check.damage) {
      Damage(fmt::format("after record {}: {}", report_.check.head, *log_fault));
      report_.head_named = 0;  // nobody can say how much the rest of the log held
    }
    if (!report_.check.damage) ReadPages(database);
    return std::move(report_);
  }

 private:
  void Damage(std::string what) {
    if (!report_.check.damage) report_.check.damage = std::move(what);
  }

  // How the tape was last synced.
  Sync ReadMarks(sqlite::Database& database) {
    auto epochs = ReadEpochs(database);
    const auto last = ReadLastRun(database);
    const auto head = database.QueryInt("SELECT max(last_seq) FROM blocks");
    if (epochs) report_.epochs = *std::move(epochs);
    // The blocks come first in the order of damage: they say how much is good.
    if (!epochs) marks_damage_ = epochs.error().message;
    if (!last) marks_damage_ = last.error().message;
    report_.check.clean = last && last->clean;
    report_.check.epochs = report_.epochs.size();
    if (!report_.epochs.empty()) report_.check.epoch = report_.epochs.back().epoch;
    if (head) report_.head_named = static_cast<uint64_t>(*head);
    return last ? last->sync : Sync::kFull;
  }

  base::Result<void> ReadBlocks(sqlite::Database& database) {
    auto rows = database.Prepare(kWalkBlocks);
    if (!rows) {
      Damage(rows.error().message);
      return {};
    }
    rows->Bind(1, int64_t{0});
    while (!report_.check.damage) {
      const auto row = rows->Step();
      if (!row) {
        Damage(fmt::format("after record {}: {}", report_.check.head, row.error().message));
        break;
      }
      if (!*row) break;
      const BlockHead head = HeadOf(*rows);
      const std::string_view bytes = rows->Blob(kBytesColumn);
      if (auto fault = FaultOfNext(head, bytes)) {
        report_.head_named = std::max(report_.head_named, head.last_seq);
        Damage(*std::move(fault));
        break;
      }
      if (auto taken = take_(head, bytes); !taken) return taken;
      Count(head, bytes);
    }
    if (progress_) progress_(report_.check.records, report_.check.records);
    return {};
  }

  std::optional<std::string> FaultOfNext(const BlockHead& head, std::string_view bytes) const {
    if (auto fault = FaultOf(head)) return fault;
    if (auto fault = FaultOf(head, bytes)) return fault;
    const CheckReport& so_far = report_.check;
    if (so_far.blocks > 0 && head.first_seq != so_far.head + 1) {
      return fmt::format("the sequence has a hole: after record {} comes {}", so_far.head,
                         head.first_seq);
    }
    if (so_far.blocks > 0 && head.time < time_) {
      return fmt::format("the block of the records {} to {} is older than the one before",
                         head.first_seq, head.last_seq);
    }
    return std::nullopt;
  }

  void Count(const BlockHead& head, std::string_view bytes) {
    CheckReport& so_far = report_.check;
    if (so_far.blocks == 0) so_far.oldest = head.first_seq;
    so_far.head = head.last_seq;
    so_far.records += head.count();
    so_far.bytes += bytes.size();
    time_ = head.time;
    if (++so_far.blocks % kProgressEvery != 0 || !progress_) return;
    const uint64_t named = std::max(report_.head_named, so_far.head);
    progress_(so_far.records, named - so_far.oldest + 1);
  }

  // What the blocks alone do not show: the index, free pages, order of cells.
  void ReadPages(sqlite::Database& database) {
    if (!marks_damage_.empty()) return Damage(marks_damage_);
    auto check = database.Prepare("PRAGMA integrity_check(1)");
    const auto row = check ? check->Step() : base::Fail(check.error().message);
    if (!row) return Damage(row.error().message);
    if (*row && check->Text(0) != "ok") Damage(std::string(check->Text(0)));
  }

  const TakeBlock& take_;
  const Progress& progress_;
  ScanReport report_;
  std::string marks_damage_;
  base::WallTime time_;
};

}  // namespace

base::Result<ScanReport> Scan(const std::filesystem::path& folder, bool alone,
                              const TakeBlock& take, const Progress& progress) {
  const std::filesystem::path path = TapeFile(folder);
  const auto there = base::FileThere(path);
  if (!there) return std::unexpected(there.error());
  if (!*there) {
    return base::Fail(
        fmt::format("there is no tape in {}: name the folder that holds tape.db", folder.string()));
  }
  auto database = sqlite::Database::Open(path, sqlite::OpenMode::kReadOnly);
  if (!database) return std::unexpected(database.error());
  const auto foreign = ForeignMark(*database, path);
  if (foreign && *foreign) return base::Fail(**foreign);
  if (!foreign) {
    ScanReport report;
    report.check.damage = foreign.error().message;
    return report;
  }
  const auto log_fault = alone ? WalFault(WalOf(path)) : std::nullopt;
  return Scanner(take, progress).Run(*database, log_fault);
}

}  // namespace livetape::tape
