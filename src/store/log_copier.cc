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
      log_frames_(
          metrics.AddGauge("livetape_store_log_frames", "Pages in the store's write-ahead log.")),
      failures_(metrics.AddCounter(kFailures, kFailuresHelp)),
      thread_failures_(metrics.AddCounter(kFailures, kFailuresHelp)),
      copy_at_(kCopyFrom),
      checkpointer_(std::move(path), std::move(vfs),
                    [this](const base::Error&) { thread_failures_.Add(); }) {}

void LogCopier::AfterCommit() {
  const uint64_t frames = writer_.wal_frames();
  log_frames_.Set(static_cast<int64_t>(frames));
  if (frames < frames_) {  // SQLite has begun the log anew
    copy_at_ = kCopyFrom;
    asked_ = false;
  }
  frames_ = frames;
  if (frames < copy_at_) return;
  if (checkpointer_.busy()) {
    if (frames < kFramesMax) return;
    checkpointer_.WaitUntilIdle();
  }
  const uint64_t copied = asked_ ? std::min(checkpointer_.copied_frames(), frames) : 0;
  if (asked_ && (frames - copied <= kRestToCopyHere || frames >= kFramesMax)) {
    return CopyHere(frames);
  }
  asked_ = true;
  checkpointer_.Request();
}

bool LogCopier::behind() const { return frames_ >= kFramesMax / 2 && checkpointer_.busy(); }

// What is left, so that the next commit begins the log anew. If a reader is in the way, another try
// follows later.
void LogCopier::CopyHere(uint64_t frames) {
  asked_ = false;
  copy_at_ = frames + kCopyAgainAfter;
  if (!writer_.Checkpoint()) failures_.Add();
}

}  // namespace livetape::store
