#include "app/backup_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stop_token>
#include <system_error>
#include <utility>
#include <vector>

#include "app/auth_keys.h"
#include "app/jobs/import_job.h"
#include "app/progress_line.h"
#include "app/stop_by_signal.h"
#include "base/file_there.h"
#include "base/private_folder.h"
#include "jobs/training/model_file.h"
#include "sqlite/copy.h"
#include "store/job_books.h"
#include "store/store_file.h"
#include "tape/check.h"
#include "tape/tape_file.h"

namespace livetape::app {
namespace {

namespace fs = std::filesystem;

// A folder that is removed with all that is in it unless it is kept.
class Draft {
 public:
  explicit Draft(fs::path path) : path_(std::move(path)) {}
  ~Draft() {
    // What cannot be removed is named as what it is, and the next backup says that it is there.
    std::error_code ignored;
    if (!kept_) fs::remove_all(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const fs::path& path() const { return path_; }
  base::Result<void> KeepAs(const fs::path& name) {
    if (auto synced = base::SyncFolder(path_); !synced) return synced;
    std::error_code error;
    fs::rename(path_, name, error);
    if (error) {
      return base::Fail(
          fmt::format("cannot name the backup {}: {}", name.string(), error.message()));
    }
    kept_ = true;
    return base::SyncFolder(fs::absolute(name).parent_path());
  }

 private:
  const fs::path path_;
  bool kept_ = false;
};

class Backup {
 public:
  Backup(const config::Config& config, const base::Clock& clock, std::stop_token stop)
      : config_(config), folder_(config.server.data_dir), line_(clock), stop_(std::move(stop)) {}

  // Into `to`, which exists. False: stopped.
  base::Result<bool> Make(const fs::path& to) {
    // All of it is as it was at the beginning: what the tape gives up while a file is copied is still
    // in the copy. The books before the tape, which they follow: what they lack of it they make up at
    // the start. The files that a job names after jobs.db: they were there before it named them.
    std::vector<std::pair<fs::path, sqlite::ReadSnapshot>> snapshots;
    for (const fs::path& from :
         {store::StoreFile(folder_), tape::TapeFile(folder_), store::JobsFile(folder_)}) {
      const auto there = base::FileThere(from);
      if (!there) return std::unexpected(there.error());
      if (!*there) continue;
      auto taken = sqlite::ReadSnapshot::Take(from);
      if (!taken) return std::unexpected(std::move(taken.error()));
      snapshots.emplace_back(from.filename(), *std::move(taken));
    }
    for (auto& [name, snapshot] : snapshots) {
      const auto copied = CopyBooks(snapshot, to / name);
      if (!copied || !*copied) return copied;
    }
    snapshots.clear();
    if (auto copied = CopyFile(OwnKeyFile(config_), to); !copied) {
      return std::unexpected(std::move(copied.error()));
    }
    for (const fs::path& inner : {jobs::ModelsFolder(folder_), UploadsFolder(folder_)}) {
      const auto copied = CopyFiles(inner, to / inner.filename());
      if (!copied || !*copied) return copied;
    }
    return Check(to);
  }

  uint64_t records() const { return records_; }
  uint64_t files() const { return files_; }

 private:
  // Reads all records of the copy, and marks it as one. False: stopped.
  base::Result<bool> Check(const fs::path& to) {
    auto report = tape::Check(to, [this](uint64_t records, uint64_t of) {
      if (line_.Due()) line_.Show(fmt::format("checking {} {}", line_.Bar(records, of), "tape.db"));
    });
    line_.Clear();
    if (!report) return std::unexpected(std::move(report.error()));
    if (report->damage) {
      return base::Fail(
          fmt::format("the tape is damaged, so there is no backup: {}; see `livetape tape "
                      "check` and `livetape tape repair`",
                      *report->damage));
    }
    if (stop_.stop_requested()) return false;
    records_ = report->records;
    // What is sent after this moment must not come again under the same numbers.
    if (auto marked = tape::MarkRestored(to); !marked) {
      return std::unexpected(std::move(marked.error()));
    }
    std::error_code error;
    fs::remove(to / "lock", error);
    return true;
  }

  base::Result<bool> CopyBooks(sqlite::ReadSnapshot& snapshot, const fs::path& to) {
    auto copied = snapshot.CopyTo(to, [&](uint64_t pages, uint64_t of) {
      if (line_.Due()) {
        line_.Show(fmt::format("copying {} {}", line_.Bar(pages, of), to.filename().string()));
      }
      return !stop_.stop_requested();
    });
    line_.Clear();
    return copied;
  }

  base::Result<bool> CopyFiles(const fs::path& from, const fs::path& to) {
    std::error_code error, gone;
    for (fs::directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
      if (stop_.stop_requested()) return false;
      if (!at->is_regular_file(gone)) continue;
      if (auto made = base::MakePrivateFolder(to); !made) {
        return std::unexpected(std::move(made.error()));
      }
      if (auto copied = CopyFile(at->path(), to); !copied) {
        return std::unexpected(std::move(copied.error()));
      }
      ++files_;
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      return base::Fail(fmt::format("cannot read {}: {}", from.string(), error.message()));
    }
    return true;
  }

  // One that has gone meanwhile is not wanted any more.
  static base::Result<void> CopyFile(const fs::path& from, const fs::path& folder) {
    const fs::path to = folder / from.filename();
    std::error_code error;
    fs::copy_file(from, to, error);
    if (error == std::errc::no_such_file_or_directory) return {};
    const auto failed = [&](const std::string& why) {
      return base::Fail(fmt::format("cannot copy {} to {}: {}", from.string(), to.string(), why));
    };
    if (error) return failed(error.message());
    const int fd = ::open(to.c_str(), O_RDONLY | O_CLOEXEC);
    const int code = fd >= 0 && ::fsync(fd) == 0 ? 0 : errno;
    if (fd >= 0) ::close(fd);
    if (code != 0) return failed(std::generic_category().message(code));
    return {};
  }

  const config::Config& config_;
  const fs::path folder_;
  ProgressLine line_;
  const std::stop_token stop_;
  uint64_t records_ = 0, files_ = 0;
};

// What stands in the way of making `to`.
base::Result<void> CheckPlaces(const fs::path& folder, const fs::path& to, const fs::path& draft) {
  const auto tape = base::FileThere(tape::TapeFile(folder));
  if (!tape) return std::unexpected(tape.error());
  if (!*tape) {
    return base::Fail(fmt::format("there is no tape in {}: name the data folder with --data-dir",
                                  folder.string()));
  }
  for (const fs::path& path : {to, draft}) {
    const auto there = base::FileThere(path);
    if (!there) return std::unexpected(there.error());
    if (!*there) continue;
    return base::Fail(fmt::format("{} is there already; {}", path.string(),
                                  path == to ? "name a folder that is to be made"
                                             : "remove what an earlier backup has left"));
  }
  return {};
}

base::Result<void> Run(const config::Config& config, const fs::path& to, const base::Clock& clock) {
  const StopBySignal stop(clock);
  const fs::path draft_path = to.string() + ".unfinished";
  if (auto free = CheckPlaces(config.server.data_dir, to, draft_path); !free) return free;
  if (auto made = base::MakePrivateFolder(draft_path); !made) return made;
  Draft draft(draft_path);
  Backup backup(config, clock, stop.source().get_token());
  const auto done = backup.Make(draft.path());
  if (!done) return std::unexpected(done.error());
  if (!*done) return base::Fail("stopped; there is no backup");
  if (auto kept = draft.KeepAs(to); !kept) return kept;
  fmt::print("{}: {} records, and the books; {} files of models and imports\n", to.string(),
             backup.records(), backup.files());
  fmt::print("to go back to it: stop the server, and start it with --data-dir {}\n", to.string());
  return {};
}

}  // namespace

int RunBackupCommand(const BackupCommand& command, const base::Clock& clock) {
  const auto config = config::Load(command.load);
  fs::path to = fs::path(command.to).lexically_normal();
  if (!to.has_filename()) to = to.parent_path();  // "backup/"
  auto done = config ? Run(*config, to, clock) : std::unexpected(config.error());
  if (done) return 0;
  fmt::print(stderr, "livetape backup: {}\n", done.error().message);
  return 1;
}

}  // namespace livetape::app
