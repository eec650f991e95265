#pragma once

// StreamTable: the open streams of one event loop, by slot. Owned by the loop's thread.
//
// What Broadcast touches of a stream is twelve bytes in one array. The rest (descriptor, observer)
// lies beside it, and what only slow streams need in a map.
//
// Invariants, besides those of http/streams.h:
//  4. A slot has an entry in waiting_ if it is kWaiting, and if it is kEnding and not all is out.
//  5. An attached slot with such an entry has one wait for writability outstanding, others none.
//  6. An attached slot that is not kBroken has one wait for readability outstanding.
//  7. An observer is called from the loop only, never from inside a call of ours.

#include <sys/types.h>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "http/connection_count.h"
#include "http/loop_metrics.h"
#include "http/stream_log.h"
#include "http/streams.h"
#include "http/unique_fd.h"

namespace boost::asio {
class io_context;
}

namespace livetape::http {

class StreamTable final : public Streams {
 public:
  // The references outlive the table.
  StreamTable(boost::asio::io_context& io, const base::Clock& clock,
              std::chrono::milliseconds stall_timeout, ConnectionCount& connections,
              LoopMetrics& metrics, const AccessLog& access_log);
  ~StreamTable() override;

  // A stream in three steps, so that its id is known before its first bytes are: Begin gives the
  // id, under which sends are refused for now; Attach takes the socket over and sends `head` and
  // `opening` in one write. `chunked`: HTTP/1.1. The socket is already counted as a connection.
  // `exchange`: for the access log, if it is on for streams.
  StreamId Begin(StreamObserver& observer, bool chunked);
  void Attach(StreamId stream, UniqueFd socket, std::string_view head, std::string_view opening,
              Exchange exchange);
  // Instead of Attach: as if the stream had never begun.
  void Abandon(StreamId stream);

  void Broadcast(const base::ChunkFrame& frame, std::span<const StreamId> streams,
                 std::vector<SendOutcome>& outcomes) override;
  void End(StreamId stream, std::string_view last) override;
  void Abort(StreamId stream) override;
  size_t open() const override { return open_; }

  // Closes what has been stalled for stall_timeout. To be called about once a second.
  void Sweep();
  // From now on an ended stream does not linger for its peer.
  void Drain();
  // Drops all connections, without telling the observers.
  void CloseAll();

 private:
  enum class Phase : uint8_t {
    kFree,
    kReady,    // all that was handed over is with the socket
    kWaiting,  // begun, or something is pending, or a send was refused
    kBroken,   // a send failed: OnClosed is on its way
    kEnding,   // ended by its owner; the id is dead to the outside
  };
  struct Slot {
    int fd = -1;
    uint32_t generation = 1;
    Phase phase = Phase::kFree;
    bool chunked = true;
  };
  // What is not with the socket yet: bytes[offset, end), then `last`.
  struct Waiting {
    base::SharedBytes bytes;
    size_t offset = 0;
    size_t end = 0;
    base::SharedBytes last;
    base::MonoTime since;  // when the socket last took a byte
  };
  struct Connection;
  enum class Flushed { kAll, kBlocked, kBroken };

  StreamId IdOf(uint32_t slot) const;
  bool Names(StreamId stream, uint32_t slot) const;
  Waiting& Wait(uint32_t slot);
  void StopWaiting(uint32_t slot);
  SendOutcome Keep(uint32_t slot, const base::SharedBytes& whole, std::string_view part,
                   ssize_t sent);
  Flushed Flush(uint32_t slot);
  void Proceed(uint32_t slot, bool from_loop);
  void FinishEnding(uint32_t slot);
  void Break(uint32_t slot, int error);
  void Drop(uint32_t slot, bool reset);
  void Close(uint32_t slot, bool reset);
  void CountSent(uint32_t slot, ssize_t bytes, bool begins);
  void WatchReadable(StreamId stream);
  void WatchWritable(StreamId stream);
  void OnReadable(StreamId stream);
  void Notice(uint32_t slot);
  void RunNotices();

  boost::asio::io_context& io_;
  const base::Clock& clock_;
  const std::chrono::milliseconds stall_timeout_;
  ConnectionCount& connections_;
  LoopMetrics& metrics_;
  StreamLog log_;

  std::vector<Slot> slots_;
  std::deque<Connection> beside_;  // by slot
  std::vector<uint32_t> free_;
  std::unordered_map<uint32_t, Waiting> waiting_;              // by slot
  std::deque<std::pair<base::MonoTime, StreamId>> lingering_;  // until when; oldest first
  std::vector<StreamId> notices_;  // opened or broken since the loop last told the observers
  bool draining_ = false;
  size_t open_ = 0;
  const std::unique_ptr<char[]> scratch_;  // for bytes that are read to be thrown away
};

}  // namespace livetape::http
