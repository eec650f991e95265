#include "store/log_copier.h"

#include <algorithm>
#include <utility>

namespace livetape::store {
namespace {

// In frames of 4 KiB.
constexpr uint64_t kCopyFrom = 4096, kCopyAgainAfter = 1024, kRestToCopyHere = 1024,
                   kFramesMax = 16'384;
constexpr std::string_view kFailures = "livetape_store_checkpoint_failures_total",
                           kFailuresHelp =
                               "Copies of the store's write-ahead log that the disk did not take.";

}  // namespace

LogCopier::LogCopier(sqlite::Database& writer, std::filesystem::path path, std::string vfs,
                     metrics::Registry& metrics)
    : writer_(writer),
      path_(std::move(path)),
      vfs_(std::move(vfs)),
      log_frames_(
          metrics.AddGauge("livetape_store_log_frames", "Pages in the store's write-ahead log.")),
      failures_(metrics.AddCounter(kFailures, kFailuresHelp)),
      thread_failures_(metrics.AddCounter(kFailures, kFailuresHelp)),
      copy_at_(kCopyFrom) {}

LogCopier::~LogCopier() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LogCopier::AfterCommit() {
  const uint64_t frames = writer_.wal_frames();
  log_frames_.Set(static_cast<int64_t>(frames));
  if (frames < frames_) {  // SQLite has begun the log anew
    copy_at_ = kCopyFrom;
    asked_ = false;
  }
  frames_ = frames;
  if (frames < copy_at_) return;
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  if (busy()) {
    if (frames < kFramesMax) return;
    WaitUntilIdle();
  }
  std::unique_lock lock(mutex_);
  const uint64_t copied = asked_ ? std::min(copied_frames_, frames) : 0;
  if (asked_ && (frames - copied <= kRestToCopyHere || frames >= kFramesMax)) {
    lock.unlock();
    return CopyHere(frames);
  }
  asked_ = true;
  busy_ = true;
  lock.unlock();
  changed_.notify_all();
}

// What is left, so that the next commit begins the log anew. If a reader is in the way, another try
// follows later.
void LogCopier::CopyHere(uint64_t frames) {
  asked_ = false;
  copy_at_ = frames + kCopyAgainAfter;
  if (!writer_.Checkpoint()) failures_.Add();
}

bool LogCopier::busy() const {
  const std::scoped_lock lock(mutex_);
  return busy_;
}

void LogCopier::WaitUntilIdle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_; });
}

void LogCopier::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return busy_ || stopping_; });
    if (stopping_) return;
    lock.unlock();
    const uint64_t copied = Pass();
    lock.lock();
    copied_frames_ = copied;
    busy_ = false;
    changed_.notify_all();
  }
}

// The frames that are in the main file afterwards; 0: it failed.
uint64_t LogCopier::Pass() {
  if (!database_) {
    auto opened = sqlite::Database::Open(path_, sqlite::OpenMode::kReadWrite, vfs_);
    if (opened) database_ = *std::move(opened);
  }
  if (database_) {
    const auto state = database_->Checkpoint();
    if (state) return state->copied_frames;
  }
  thread_failures_.Add();
  database_.reset();
  return 0;
}

}  // namespace livetape::store
