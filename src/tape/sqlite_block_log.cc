#include "tape/sqlite_block_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/assert.h"
#include "tape/sqlite_block_reader.h"
#include "tape/tape_file.h"
#include "tape/wal_check.h"

namespace livetape::tape {
namespace {

// In frames of 4 KiB.
constexpr uint64_t kCopyFrom = 4096, kCopyAgainAfter = 1024, kRestToCopyHere = 2048,
                   kFramesMax = 16'384;
constexpr int kTrimBlocksMax = 128;
constexpr uint64_t kTrimBytesMax = uint64_t{32} << 20;
// What a block's row takes besides its bytes, about.
constexpr uint64_t kRowBytes = 128;

bool Exists(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// Under another name first: a file of this name is whole from the beginning.
base::Result<void> MakeNew(const std::filesystem::path& path, const std::string& vfs,
                           base::Random& random) {
  if (Exists(WalOf(path))) {
    return base::Fail(
        fmt::format("{} is missing, but its write-ahead log {} is there: put the "
                    "file back, or move the log away to begin a new tape",
                    path.string(), WalOf(path).string()));
  }
  const std::filesystem::path draft = path.string() + ".new";
  std::error_code ignored;
  for (const auto& left : {draft, WalOf(draft), std::filesystem::path(draft.string() + "-shm")}) {
    std::filesystem::remove(left, ignored);
  }
  const std::vector<Epoch> epochs = {{.first_seq = 1, .epoch = NewEpoch(random, {})}};
  if (auto made = CreateTapeFile(draft, epochs, vfs); !made) return made;
  return RenameDurably(draft, path);
}

// Before a connection that writes is opened: its end would delete the log.
base::Result<void> CheckWal(const std::filesystem::path& path, const std::string& vfs) {
  const auto fault = WalFault(WalOf(path));
  if (!fault) return {};
  auto database = OpenTapeFile(path, sqlite::OpenMode::kReadOnly, vfs);
  if (!database) return std::unexpected(database.error());
  const auto last = ReadLastRun(*database);
  if (!last) return std::unexpected(last.error());
  // With less than full sync a crash of the machine leaves such a log: its tail is lost.
  if (last->sync == Sync::kNormal) return {};
  return base::Fail(*fault);
}

}  // namespace

SqliteBlockLog::SqliteBlockLog(std::filesystem::path folder, Sync sync, std::string vfs,
                               base::Log& log)
    : folder_(std::move(folder)),
      path_(TapeFile(folder_)),
      sync_(sync),
      vfs_(std::move(vfs)),
      log_(log),
      copy_at_(kCopyFrom) {}

base::Result<std::unique_ptr<SqliteBlockLog>> SqliteBlockLog::Open(std::filesystem::path folder,
                                                                   Sync sync, std::string vfs,
                                                                   base::Random& random,
                                                                   base::Log& log) {
  std::unique_ptr<SqliteBlockLog> blocks(
      new SqliteBlockLog(std::move(folder), sync, std::move(vfs), log));
  if (!Exists(blocks->path_)) {
    if (auto made = MakeNew(blocks->path_, blocks->vfs_, random); !made) {
      return std::unexpected(made.error());
    }
  }
  const bool wal_found = Exists(WalOf(blocks->path_));
  auto ready = CheckWal(blocks->path_, blocks->vfs_);
  if (ready) ready = blocks->Connect();
  if (ready) ready = CheckSequence(*blocks->database_, blocks->extent_);
  if (!ready) return std::unexpected(WithAdvice(ready.error(), blocks->folder_));
  ready = blocks->Begin(random, wal_found);
  if (ready) ready = blocks->CopyMarks();
  if (!ready) return std::unexpected(ready.error());
  return blocks;
}

base::Result<void> SqliteBlockLog::Connect() {
  insert_.reset();
  database_.reset();
  auto database = OpenTapeFile(path_, sqlite::OpenMode::kReadWrite, vfs_);
  if (!database) return std::unexpected(database.error());
  if (auto set = database->UseLog(sqlite::CommitSync::kFull); !set) return set;
  auto extent = ReadExtent(*database);
  if (!extent) return std::unexpected(extent.error());
  auto insert = database->Prepare(kInsertBlock);
  if (!insert) return std::unexpected(insert.error());
  extent_ = *extent;
  database_ = *std::move(database);
  insert_ = *std::move(insert);
  frames_ = 0;
  return {};
}

// Not before the mark that the tape is in use is on disk.
base::Result<void> SqliteBlockLog::SetSync() {
  if (sync_ == Sync::kFull || !in_use_) return {};
  return database_->Exec("PRAGMA synchronous = NORMAL");
}

base::Result<void> SqliteBlockLog::Begin(base::Random& random, bool wal_found) {
  auto epochs = ReadEpochs(*database_);
  if (!epochs) return std::unexpected(epochs.error());
  const auto last = ReadLastRun(*database_);
  if (!last) return std::unexpected(last.error());
  auto transaction = sqlite::Transaction::Begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  // A crash always leaves the write-ahead log; without it there may have been more.
  if (!last->clean && (last->sync == Sync::kNormal || !wal_found)) {
    epochs->push_back({.first_seq = extent_.head + 1, .epoch = NewEpoch(random, *epochs)});
    if (auto added = AddEpoch(*database_, epochs->back()); !added) return added;
    log_.Info(
        "the tape was not closed cleanly and numbers may be lost: new epoch {} from record {}",
        epochs->back().epoch, epochs->back().first_seq);
  }
  // Until the first record no number is in doubt, so that starts alone add no epochs.
  if (auto written = WriteLastRun(*database_, {.clean = true, .sync = sync_}); !written) {
    return written;
  }
  epochs_ = *std::move(epochs);
  return transaction->Commit();
}

// Into the main file too, which so tells by itself that there is a write-ahead log to it. While
// another program reads, SQLite leaves in the log what is newer than that reader's view. The marks
// are no less durable there (synced), and only somebody who takes the log away would miss them: that
// is no reason to keep the server down. They are copied with what follows.
base::Result<void> SqliteBlockLog::CopyMarks() {
  if (checkpointer_) checkpointer_->WaitUntilIdle();
  const auto state = database_->Checkpoint();
  if (!state) return std::unexpected(state.error());
  if (state->complete()) return {};
  log_.Warning(
      "another program reads {}: until it ends, {} belongs to the file and must not be taken away",
      path_.string(), WalOf(path_).string());
  copy_at_ = 0;
  return {};
}

base::Result<void> SqliteBlockLog::Append(std::span<const std::unique_ptr<Block>> blocks) {
  LT_ASSERT(database_ && !blocks.empty());
  auto transaction = sqlite::Transaction::Begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  // With the first records of this run, whose numbers a crash may lose: the two are synced together.
  if (!in_use_) {
    auto marked = WriteLastRun(*database_, {.clean = false, .sync = sync_});
    if (!marked) return marked;
  }
  uint64_t head = extent_.head;
  for (const auto& block : blocks) {
    LT_ASSERT(block->head.first_seq == head + 1, "{} after {}", block->head.first_seq, head);
    head = block->head.last_seq;
    auto inserted = InsertBlock(*insert_, block->head, block->bytes);
    if (!inserted) return inserted;
  }
  if (auto committed = transaction->Commit(); !committed) return committed;
  extent_.head = head;
  extent_.time = blocks.back()->head.time;
  if (std::exchange(in_use_, true)) return {};
  copy_at_ = 0;  // into the main file too: see CopyMarks
  return SetSync();
}

base::Result<void> SqliteBlockLog::Reopen() {
  if (auto connected = Connect(); !connected) return connected;
  return SetSync();
}

base::Result<void> SqliteBlockLog::Harden() {
  if (checkpointer_) checkpointer_->WaitUntilIdle();
  const auto state = database_->Checkpoint();
  if (!state) return std::unexpected(state.error());
  if (state->complete()) return {};
  return base::Fail(fmt::format("{} of {} frames of the write-ahead log are in {}",
                                state->copied_frames, state->log_frames, path_.string()));
}

base::Result<void> SqliteBlockLog::CutBack(uint64_t head) {
  auto transaction = sqlite::Transaction::Begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  // The blob makes the commit as large as that of a usual group; its pages are used again.
  auto cut =
      database_->Exec(fmt::format("DELETE FROM blocks WHERE first_seq > {};"
                                  "REPLACE INTO meta VALUES ('probe', zeroblob(65536))",
                                  head));
  if (!cut) return cut;
  if (auto committed = transaction->Commit(); !committed) return committed;
  extent_.head = head;
  return database_->Exec("DELETE FROM meta WHERE key = 'probe'");
}

base::Result<bool> SqliteBlockLog::Trim(const Retention& keep, base::WallTime now) {
  bool more = false;
  const auto first = FirstToKeep(keep, now, more);
  if (!first) return std::unexpected(first.error());
  if (*first == extent_.oldest) return false;
  if (auto done = database_->Exec(fmt::format("DELETE FROM blocks WHERE first_seq < {}", *first));
      !done) {
    return std::unexpected(done.error());
  }
  extent_.oldest = *first;
  return more;
}

base::Result<uint64_t> SqliteBlockLog::FirstToKeep(const Retention& keep, base::WallTime now,
                                                   bool& more) {
  const auto used = database_->QueryInt(
      "SELECT (page_count - freelist_count) * page_size"
      " FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
  if (!used) return std::unexpected(used.error());
  auto query = database_->Prepare(
      fmt::format("SELECT last_seq, time, length(bytes) FROM blocks ORDER BY first_seq LIMIT {}",
                  kTrimBlocksMax + 1));
  if (!query) return std::unexpected(query.error());
  uint64_t first = extent_.oldest, freed = 0;
  for (int blocks = 0;; ++blocks) {
    const auto row = query->Step();
    if (!row) return std::unexpected(row.error());
    const uint64_t last = *row ? query->Uint(0) : 0;
    if (!*row || last == extent_.head) return first;
    const base::WallTime time{std::chrono::nanoseconds(query->Int(1))};
    const bool over = (keep.records > 0 && extent_.head - last >= keep.records) ||
                      (keep.bytes > 0 && static_cast<uint64_t>(*used) > keep.bytes + freed) ||
                      (keep.age.count() > 0 && now - time > keep.age);
    if (!over || last >= keep.from) return first;
    more = blocks == kTrimBlocksMax || freed > kTrimBytesMax;
    if (more) return first;
    first = last + 1;
    freed += query->Uint(2) + kRowBytes;
  }
}

void SqliteBlockLog::Maintain() {
  if (!database_) return;
  const uint64_t frames = database_->wal_frames();
  if (frames < frames_) {  // SQLite has begun the log anew
    copy_at_ = kCopyFrom;
    copying_ = false;
  }
  frames_ = frames;
  if (frames < copy_at_) return;
  if (!checkpointer_) return CopyHere(frames);
  if (checkpointer_->busy()) {
    if (frames < kFramesMax) return;
    checkpointer_->WaitUntilIdle();
  }
  const uint64_t copied = std::min(checkpointer_->copied_frames(), frames);
  if (copying_ && (frames - copied <= kRestToCopyHere || frames >= kFramesMax)) {
    return CopyHere(frames);
  }
  copying_ = true;
  checkpointer_->Request();
}

// What is left to copy, so that nothing is and the next commit begins the log anew. If a reader is
// in the way, another try follows later.
void SqliteBlockLog::CopyHere(uint64_t frames) {
  copying_ = false;
  copy_at_ = frames + kCopyAgainAfter;
  const auto state = database_->Checkpoint();
  if (!state) log_.Warning("checkpoint: {}", state.error().message);
}

void SqliteBlockLog::Start() {
  if (checkpointer_) return;
  checkpointer_ = std::make_unique<sqlite::Checkpointer>(
      path_, vfs_,
      [&log = log_](const base::Error& error) { log.Warning("checkpoint: {}", error.message); });
}

base::Result<void> SqliteBlockLog::CloseCleanly() {
  checkpointer_.reset();
  if (!database_) return base::Fail(fmt::format("{} could not be opened again", path_.string()));
  if (auto written = WriteLastRun(*database_, {.clean = true, .sync = sync_}); !written) {
    return written;
  }
  insert_.reset();
  database_.reset();  // the last connection copies and deletes the write-ahead log
  return {};
}

base::Result<std::unique_ptr<BlockReader>> SqliteBlockLog::OpenReader() const {
  auto reader = SqliteBlockReader::Open(path_, vfs_);
  if (!reader) return std::unexpected(reader.error());
  return std::unique_ptr<BlockReader>(*std::move(reader));
}

}  // namespace livetape::tape
