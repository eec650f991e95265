#include "http/stream_table.h"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "base/assert.h"

namespace livetape::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr uint32_t kDiscardedMax = 64 * 1024;  // bytes a listening client may send us
constexpr size_t kScratchBytes = 16 * 1024;
constexpr auto kLinger = 1s;  // for the peer's end, after ours

constexpr std::string_view kLastChunk = "0\r\n\r\n";

ssize_t SendNow(int fd, std::string_view bytes) {
  return ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// The last bytes of a stream's body.
std::string LastBytes(std::string_view last, bool chunked) {
  if (!chunked) return std::string(last);
  std::string bytes;
  if (!last.empty()) bytes = base::ChunkFrame::Encode(last).chunk();
  bytes += kLastChunk;
  return bytes;
}

}  // namespace

struct StreamTable::Connection {
  explicit Connection(asio::io_context& io) : descriptor(io) {}

  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor;
  StreamObserver* observer = nullptr;
  uint32_t discarded = 0;
};

StreamTable::StreamTable(asio::io_context& io, const base::Clock& clock,
                         std::chrono::milliseconds stall_timeout, ConnectionCount& connections,
                         LoopMetrics& metrics, const AccessLog& access_log)
    : io_(io),
      clock_(clock),
      stall_timeout_(stall_timeout),
      connections_(connections),
      metrics_(metrics),
      log_(access_log),
      scratch_(std::make_unique<char[]>(kScratchBytes)) {}

StreamTable::~StreamTable() = default;

StreamId StreamTable::IdOf(uint32_t slot) const {
  return StreamId(uint64_t{slots_[slot].generation} << 32 | slot);
}

bool StreamTable::Names(StreamId stream, uint32_t slot) const {
  return slot < slots_.size() && IdOf(slot) == stream && slots_[slot].phase != Phase::kFree;
}

StreamId StreamTable::Begin(StreamObserver& observer, bool chunked) {
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.emplace_back();
    beside_.emplace_back(io_);
  }
  const uint32_t slot = free_.back();
  free_.pop_back();
  slots_[slot].chunked = chunked;
  beside_[slot].observer = &observer;
  beside_[slot].discarded = 0;
  Wait(slot);
  ++open_;
  return IdOf(slot);
}

void StreamTable::Abandon(StreamId stream) {
  const uint32_t slot = base::SlotOf(stream);
  if (!Names(stream, slot)) return;
  if (slots_[slot].phase != Phase::kEnding) --open_;
  Close(slot, false);
}

void StreamTable::Attach(StreamId stream, UniqueFd socket, std::string_view head,
                         std::string_view opening, Exchange exchange) {
  const uint32_t slot = base::SlotOf(stream);
  if (!Names(stream, slot)) return connections_.Remove();  // aborted while it was being opened
  log_.Begin(slot, std::move(exchange));
  if (slots_[slot].phase == Phase::kEnding) log_.Because(slot, "ended");
  Slot& place = slots_[slot];
  place.fd = socket.get();
  beside_[slot].descriptor.assign(socket.Release());
  metrics_.streams_opened.Add();
  metrics_.streams_open.Set(static_cast<int64_t>(open_));

  std::string bytes(head);
  if (!opening.empty()) {
    const auto frame = base::ChunkFrame::Encode(opening);
    bytes += place.chunked ? frame.chunk() : frame.body();
  }
  Waiting& waiting = Wait(slot);
  bytes += std::exchange(waiting.last, {}).view();  // of an End while it was being opened
  waiting.bytes = base::SharedBytes::Copy(bytes);
  waiting.end = bytes.size();
  WatchReadable(stream);
  Proceed(slot, false);
}

void StreamTable::Broadcast(const base::ChunkFrame& frame, std::span<const StreamId> streams,
                            std::vector<SendOutcome>& outcomes) {
  uint64_t sends = 0;
  uint64_t sent_bytes = 0;
  outcomes.reserve(outcomes.size() + streams.size());
  for (const StreamId stream : streams) {
    const uint32_t slot = base::SlotOf(stream);
    LT_ASSERT(slot < slots_.size(), "slot {} of {}", slot, slots_.size());
    const Slot& place = slots_[slot];
    const bool named = place.generation == stream.value() >> 32;
    if (!named || place.phase != Phase::kReady) [[unlikely]] {
      const bool waits = named && place.phase == Phase::kWaiting;
      outcomes.push_back(waits ? SendOutcome::kRefused : SendOutcome::kClosed);
      continue;
    }
    const std::string_view part = place.chunked ? frame.chunk() : frame.body();
    const ssize_t sent = SendNow(place.fd, part);
    if (sent == static_cast<ssize_t>(part.size())) [[likely]] {
      ++sends;
      sent_bytes += part.size();
      if (log_.on()) [[unlikely]]
        log_.Count(slot, part.size(), true);
      outcomes.push_back(SendOutcome::kAccepted);
    } else {
      outcomes.push_back(Keep(slot, frame.bytes(), part, sent));
    }
  }
  metrics_.stream_sends.Add(sends);
  metrics_.stream_bytes.Add(sent_bytes);
}

// The socket took `sent` bytes of `part`, which lies in `whole`; -1: none, errno says why.
SendOutcome StreamTable::Keep(uint32_t slot, const base::SharedBytes& whole, std::string_view part,
                              ssize_t sent) {
  if (sent < 0 && !WouldBlock(errno)) {
    Break(slot, errno);
    return SendOutcome::kClosed;
  }
  Waiting& waiting = Wait(slot);
  WatchWritable(IdOf(slot));
  if (sent <= 0) return SendOutcome::kRefused;

  const auto begin = static_cast<size_t>(part.data() - whole.view().data());
  waiting.bytes = whole;
  waiting.offset = begin + static_cast<size_t>(sent);
  waiting.end = begin + part.size();
  CountSent(slot, sent, true);
  return SendOutcome::kPending;
}

void StreamTable::End(StreamId stream, std::string_view last) {
  const uint32_t slot = base::SlotOf(stream);
  if (!Names(stream, slot) || slots_[slot].phase == Phase::kEnding) return;
  const Phase phase = std::exchange(slots_[slot].phase, Phase::kEnding);
  beside_[slot].observer = nullptr;
  --open_;
  metrics_.streams_open.Set(static_cast<int64_t>(open_));
  log_.Because(slot, "ended");
  if (phase == Phase::kBroken) return Close(slot, false);

  Waiting& waiting = Wait(slot);
  waiting.last = base::SharedBytes::Copy(LastBytes(last, slots_[slot].chunked));
  if (phase == Phase::kReady) Proceed(slot, false);
}

void StreamTable::Abort(StreamId stream) {
  const uint32_t slot = base::SlotOf(stream);
  if (!Names(stream, slot)) return;
  if (slots_[slot].phase != Phase::kEnding) --open_;
  log_.Because(slot, "aborted");
  Close(slot, true);
}

// The slot's entry in waiting_, made if there is none.
StreamTable::Waiting& StreamTable::Wait(uint32_t slot) {
  const auto [at, made] = waiting_.try_emplace(slot);
  if (made) {
    at->second.since = clock_.Mono();
    metrics_.streams_pending.Set(static_cast<int64_t>(waiting_.size()));
    if (slots_[slot].phase != Phase::kEnding) slots_[slot].phase = Phase::kWaiting;
  }
  return at->second;
}

void StreamTable::StopWaiting(uint32_t slot) {
  waiting_.erase(slot);
  metrics_.streams_pending.Set(static_cast<int64_t>(waiting_.size()));
}

// Sends what waits as far as the socket takes it.
StreamTable::Flushed StreamTable::Flush(uint32_t slot) {
  Waiting& waiting = waiting_.at(slot);
  for (;;) {
    while (waiting.offset < waiting.end) {
      const ssize_t sent =
          SendNow(slots_[slot].fd,
                  waiting.bytes.view().substr(waiting.offset, waiting.end - waiting.offset));
      if (sent < 0 && WouldBlock(errno)) return Flushed::kBlocked;
      if (sent < 0) {
        Break(slot, errno);
        return Flushed::kBroken;
      }
      CountSent(slot, sent, waiting.offset == 0);
      waiting.offset += static_cast<size_t>(sent);
      waiting.since = clock_.Mono();
    }
    if (!waiting.last) return Flushed::kAll;
    waiting.bytes = std::exchange(waiting.last, {});
    waiting.offset = 0;
    waiting.end = waiting.bytes.size();
  }
}

// Brings a waiting slot forward: its bytes first, then its next phase.
void StreamTable::Proceed(uint32_t slot, bool from_loop) {
  const Flushed flushed = Flush(slot);
  if (flushed == Flushed::kBlocked) WatchWritable(IdOf(slot));
  if (flushed != Flushed::kAll) return;
  StopWaiting(slot);
  if (slots_[slot].phase == Phase::kEnding) return FinishEnding(slot);
  slots_[slot].phase = Phase::kReady;
  if (from_loop) {
    beside_[slot].observer->OnWritable(IdOf(slot));
  } else {
    Notice(slot);
  }
}

// Our end is told; the peer's is waited for, because to close a socket with unread bytes resets
// the connection and may take back what the peer has not read yet (RFC 9112, section 9.6).
void StreamTable::FinishEnding(uint32_t slot) {
  if (draining_) return Close(slot, false);
  ::shutdown(slots_[slot].fd, SHUT_WR);
  lingering_.emplace_back(clock_.Mono() + kLinger, IdOf(slot));
}

void StreamTable::Break(uint32_t slot, int error) {
  if (error == ETIMEDOUT) {
    metrics_.streams_stalled.Add();
    log_.Because(slot, "stalled");
  }
  if (slots_[slot].phase == Phase::kEnding) return Close(slot, false);
  StopWaiting(slot);
  slots_[slot].phase = Phase::kBroken;
  Notice(slot);
}

// The stream is over, and not by its owner's wish. From the loop only.
void StreamTable::Drop(uint32_t slot, bool reset) {
  const StreamId stream = IdOf(slot);
  StreamObserver* const observer = beside_[slot].observer;
  if (slots_[slot].phase != Phase::kEnding) --open_;
  Close(slot, reset);
  if (observer != nullptr) observer->OnClosed(stream);
}

// `reset`: at once, without what the kernel still holds.
void StreamTable::Close(uint32_t slot, bool reset) {
  Slot& place = slots_[slot];
  const bool attached = place.fd >= 0;
  if (attached && reset) {
    constexpr linger kNow = {.l_onoff = 1, .l_linger = 0};
    ::setsockopt(place.fd, SOL_SOCKET, SO_LINGER, &kNow, sizeof(kNow));
  }
  boost::system::error_code ignored;
  beside_[slot].descriptor.close(ignored);
  beside_[slot].observer = nullptr;
  StopWaiting(slot);
  log_.Finish(slot, clock_.Mono());
  place.fd = -1;
  place.phase = Phase::kFree;
  // A slot whose generations are used up is left alone: an id never comes back.
  if (++place.generation != 0) free_.push_back(slot);
  metrics_.streams_open.Set(static_cast<int64_t>(open_));
  if (attached) connections_.Remove();
}

// `begins`: the first bytes of a frame.
void StreamTable::CountSent(uint32_t slot, ssize_t bytes, bool begins) {
  metrics_.stream_sends.Add();
  metrics_.stream_bytes.Add(static_cast<uint64_t>(bytes));
  log_.Count(slot, static_cast<uint64_t>(bytes), begins);
}

void StreamTable::WatchReadable(StreamId stream) {
  beside_[base::SlotOf(stream)].descriptor.async_wait(
      asio::posix::descriptor_base::wait_read,
      [this, stream](const boost::system::error_code&) { OnReadable(stream); });
}

void StreamTable::WatchWritable(StreamId stream) {
  const auto proceed = [this, stream](const boost::system::error_code&) {
    const uint32_t slot = base::SlotOf(stream);
    if (Names(stream, slot) && waiting_.contains(slot)) Proceed(slot, true);
  };
  beside_[base::SlotOf(stream)].descriptor.async_wait(asio::posix::descriptor_base::wait_write,
                                                      proceed);
}

// A listening client has nothing to say: what comes is thrown away, its end ends the stream.
void StreamTable::OnReadable(StreamId stream) {
  const uint32_t slot = base::SlotOf(stream);
  if (!Names(stream, slot) || slots_[slot].phase == Phase::kBroken) return;
  const ssize_t size = ::recv(slots_[slot].fd, scratch_.get(), kScratchBytes, MSG_DONTWAIT);
  if (size < 0 && WouldBlock(errno)) return WatchReadable(stream);
  if (size < 0 && errno == ETIMEDOUT) {
    metrics_.streams_stalled.Add();
    log_.Because(slot, "stalled");
  }
  if (size <= 0) return Drop(slot, false);
  beside_[slot].discarded += static_cast<uint32_t>(size);
  if (beside_[slot].discarded <= kDiscardedMax) return WatchReadable(stream);
  metrics_.streams_flooding.Add();
  log_.Because(slot, "flooding");
  Drop(slot, true);
}

void StreamTable::Sweep() {
  const base::MonoTime now = clock_.Mono();
  std::vector<StreamId> stalled;
  for (const auto& [slot, waiting] : waiting_) {
    if (slots_[slot].fd >= 0 && now - waiting.since >= stall_timeout_)
      stalled.push_back(IdOf(slot));
  }
  for (const StreamId stream : stalled) {
    const uint32_t slot = base::SlotOf(stream);
    if (!Names(stream, slot)) continue;  // its neighbour's observer has closed it
    metrics_.streams_stalled.Add();
    log_.Because(slot, "stalled");
    Drop(slot, true);
  }
  while (!lingering_.empty() && lingering_.front().first <= now) {
    const StreamId stream = lingering_.front().second;
    lingering_.pop_front();
    if (Names(stream, base::SlotOf(stream))) Close(base::SlotOf(stream), false);
  }
}

void StreamTable::CloseAll() {
  for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].phase == Phase::kFree) continue;
    if (slots_[slot].phase != Phase::kEnding) --open_;
    log_.Because(slot, "stopped");
    Close(slot, true);
  }
}

void StreamTable::Drain() {
  draining_ = true;
  for (const auto& [until, stream] : std::exchange(lingering_, {})) {
    if (Names(stream, base::SlotOf(stream))) Close(base::SlotOf(stream), false);
  }
}

// Has the loop tell the observer about the slot's phase.
void StreamTable::Notice(uint32_t slot) {
  notices_.push_back(IdOf(slot));
  if (notices_.size() == 1) asio::post(io_, [this] { RunNotices(); });
}

void StreamTable::RunNotices() {
  for (const StreamId stream : std::exchange(notices_, {})) {
    const uint32_t slot = base::SlotOf(stream);
    if (!Names(stream, slot)) continue;
    const Phase phase = slots_[slot].phase;
    if (phase == Phase::kBroken) Drop(slot, false);
    // One that is waiting again is told when that is over.
    if (phase == Phase::kReady) beside_[slot].observer->OnWritable(stream);
  }
}

}  // namespace livetape::http
