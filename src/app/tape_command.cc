#include "app/tape_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "app/progress_line.h"
#include "tape/check.h"

namespace livetape::app {
namespace {

void Show(ProgressLine& line, uint64_t records, uint64_t of) {
  if (!line.Due()) return;
  line.Show(of == 0 ? fmt::format("{} records", records)
                    : fmt::format("{} of {} records, {} %", records, of, records * 100 / of));
}

int Failed(const base::Error& error) {
  fmt::print(stderr, "livetape: {}\n", error.message);
  return 1;
}

void Print(const tape::CheckReport& report) {
  if (report.records == 0) {
    fmt::print("no records\n");
  } else {
    fmt::print("{} records ({} to {}) in {} blocks, {} bytes\n", report.records, report.oldest,
               report.head, report.blocks, report.bytes);
  }
  if (!report.epoch.empty()) {
    fmt::print("epoch {}, {} in all\n", report.epoch, report.epochs);
  }
}

int Check(const std::string& folder, const tape::Progress& progress) {
  const auto report = tape::Check(folder, progress);
  if (!report) return Failed(report.error());
  Print(*report);
  if (!report->damage) {
    fmt::print("sound{}\n",
               report->clean ? "" : "; not closed by its server, which may be running");
    return 0;
  }
  fmt::print("damaged: {}\n", *report->damage);
  fmt::print(
      "the records above are sound; to go on with them: livetape tape repair --data-dir {}\n",
      folder);
  return 1;
}

int Repair(const std::string& folder, const base::Clock& clock, base::Random random,
           const tape::Progress& progress) {
  const auto report = tape::Repair(folder, clock, random, progress);
  if (!report) return Failed(report.error());
  Print(report->kept);
  if (!report->kept.damage) {
    fmt::print("sound: nothing to repair\n");
    return 0;
  }
  fmt::print("the damage: {}\n", *report->kept.damage);
  fmt::print("kept every record before it; {}; the damaged file is now {}\n",
             report->lost ? fmt::format("{} records after it are lost", *report->lost)
                          : "how many after it are lost cannot be told",
             report->damaged_file.string());
  fmt::print("a new epoch has begun: {}\n", report->new_epoch);
  return 0;
}

}  // namespace

int RunTapeCommand(const TapeCommand& command, const base::Clock& clock, base::Random random) {
  const auto config = config::Load(command.load);
  if (!config) return Failed(config.error());
  ProgressLine line(clock);
  const tape::Progress progress = [&line](uint64_t records, uint64_t of) {
    Show(line, records, of);
  };
  const std::string& folder = config->server.data_dir;
  switch (command.action) {
    case TapeCommand::Action::kCheck:
      return Check(folder, progress);
    case TapeCommand::Action::kRepair:
      return Repair(folder, clock, random, progress);
    case TapeCommand::Action::kRestored:
      break;
  }
  if (const auto marked = tape::MarkRestored(folder); !marked) return Failed(marked.error());
  fmt::print(
      "the next start begins a new epoch: what was sent after this backup is told as a gap\n");
  return 0;
}

}  // namespace livetape::app
