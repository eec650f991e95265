#include "app/paper/floor_recorder.h"

#include <chrono>
#include <utility>

#include "base/thread_name.h"

namespace livetape::app {
namespace {

// What is told is with the kernel after this time at the latest.
constexpr std::chrono::milliseconds kFlushPeriod{500};
constexpr size_t kBlockBytes = 256 << 10;
// Of the block that says that the limit has been reached.
constexpr uint64_t kEndBytes = 64;

}  // namespace

FloorRecorder::FloorRecorder(std::unique_ptr<RecordingSink> sink, const Limits& limits,
                             base::Log& log, metrics::Registry& metrics)
    : sink_(std::move(sink)),
      limits_(limits),
      log_(log),
      bytes_(
          metrics.AddCounter("livetape_recording_bytes_total", "Bytes of the recording written.")),
      failures_(metrics.AddCounter("livetape_recording_failures_total",
                                   "Recordings that ended because the disk was full or too slow.")),
      on_(metrics.AddGauge("livetape_recording", "1 while the floor's inputs are recorded.")) {}

FloorRecorder::~FloorRecorder() {
  Stop();
  if (!live_) sink_->Discard();
}

void FloorRecorder::Begin(const floor::RecordingHeader& header) {
  if (!Append(floor::BeginRecording(header))) return;
  on_.Set(1);
  closed_ = false;
  writer_ = std::thread([this] { Write(); });
}

void FloorRecorder::OnInput(const floor::FloorInput& input) {
  std::unique_lock lock(mutex_);
  if (closed_) return;
  encoder_.Add(input);
  if (encoder_.size() < kBlockBytes) return;
  Seal();
  if (waiting_ <= limits_.waiting_bytes) return;
  if (!live_) return room_.wait(lock, [this] { return waiting_ <= limits_.waiting_bytes; });
  failures_.Add();
  log_.Error("the disk is too slow for the recording: it ends here");
  End(floor::RecordingEnd::kBehind);
}

void FloorRecorder::GoLive() {
  OnInput(floor::RestoringEnded{});
  const std::scoped_lock lock(mutex_);
  live_ = true;
}

void FloorRecorder::Stop() {
  if (!writer_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    if (!closed_) End(floor::RecordingEnd::kStop);
    stopping_ = true;
  }
  work_.notify_one();
  writer_.join();
  on_.Set(0);
  if (const auto finished = sink_->Finish(); !finished) {
    failures_.Add();
    log_.Error("{}", finished.error().message);
  }
}

// --- under the lock

void FloorRecorder::Seal() {
  waiting_ += encoder_.size();
  sealed_.push_back(std::exchange(encoder_, floor::InputEncoder()));
  work_.notify_one();
}

void FloorRecorder::End(floor::RecordingEnd why) {
  encoder_.Add(floor::RecordingEnded{why});
  Seal();
  closed_ = true;
}

void FloorRecorder::Abandon() {
  closed_ = true;
  sealed_.clear();
  encoder_ = floor::InputEncoder();
  waiting_ = 0;
}

// --- the writer's thread

void FloorRecorder::Write() {
  base::NameThread("recorder");
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait_for(lock, kFlushPeriod, [this] { return !sealed_.empty() || stopping_; });
    if (sealed_.empty() && !encoder_.empty()) Seal();
    if (sealed_.empty()) {
      if (stopping_) return;
      continue;
    }
    floor::InputEncoder next = std::move(sealed_.front());
    sealed_.pop_front();
    const size_t size = next.size();
    lock.unlock();
    const bool written = WriteBlock(std::move(next).Sealed());
    lock.lock();
    written ? static_cast<void>(waiting_ -= size) : Abandon();
    room_.notify_all();
  }
}

// False: the recording is over.
bool FloorRecorder::WriteBlock(const std::string& block) {
  if (block.size() > floor::kBlockBytesMax) {
    failures_.Add();
    on_.Set(0);
    log_.Error("an input of {} bytes is too large for the recording: it ends here", block.size());
    return false;
  }
  if (written_ + block.size() + kEndBytes <= limits_.file_bytes) {
    return Append(floor::FrameHead(block) + block);
  }
  log_.Warning("the recording has reached {} MiB, its limit (--record-limit): it ends here",
               limits_.file_bytes >> 20);
  floor::InputEncoder end;
  end.Add(floor::RecordingEnded{floor::RecordingEnd::kLimit});
  const std::string last = std::move(end).Sealed();
  Append(floor::FrameHead(last) + last);
  on_.Set(0);
  return false;
}

bool FloorRecorder::Append(const std::string& bytes) {
  if (const auto appended = sink_->Append(bytes); !appended) {
    failures_.Add();
    on_.Set(0);
    log_.Error("{}; the recording ends here, trading goes on", appended.error().message);
    return false;
  }
  written_ += bytes.size();
  bytes_.Add(bytes.size());
  return true;
}

}  // namespace livetape::app
