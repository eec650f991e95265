#pragma once

// StreamLog: what the access log will tell of each open stream, by slot of the stream table. Owned
// by the loop's thread. Empty, and of no cost, when streams are not logged.

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "http/access_log.h"

namespace livetape::http {

class StreamLog {
 public:
  // `log` outlives this.
  explicit StreamLog(const AccessLog& log) : log_(log), on_(log.streams()) {}

  bool on() const { return on_; }

  void Begin(uint32_t slot, Exchange exchange) {
    if (!on_) return;
    if (lines_.size() <= slot) lines_.resize(slot + 1);
    lines_[slot].emplace(Line{std::move(exchange), 0, 0, {}});
  }
  // The socket took bytes. `begins`: of a frame that it had none of.
  void Count(uint32_t slot, uint64_t bytes, bool begins) {
    if (Line* const line = Find(slot)) {
      line->bytes += bytes;
      line->frames += begins ? 1 : 0;
    }
  }
  // Why the stream is coming to its end; the first cause counts. A literal.
  void Because(uint32_t slot, std::string_view end) {
    if (Line* const line = Find(slot); line != nullptr && line->end.empty()) line->end = end;
  }
  // Writes the line. Without a cause the client has left.
  void Finish(uint32_t slot, base::MonoTime now) {
    const Line* const line = Find(slot);
    if (line == nullptr) return;
    log_.WriteStream(line->exchange, line->frames, line->bytes,
                     line->end.empty() ? "left" : line->end, now);
    lines_[slot].reset();
  }

 private:
  struct Line {
    Exchange exchange;
    uint64_t frames;
    uint64_t bytes;
    std::string_view end;
  };
  Line* Find(uint32_t slot) {
    return slot < lines_.size() && lines_[slot] ? &*lines_[slot] : nullptr;
  }

  const AccessLog& log_;
  const bool on_;
  std::vector<std::optional<Line>> lines_;  // by slot
};

}  // namespace livetape::http
