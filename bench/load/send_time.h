#pragma once

// SendTime: when an event was sent, read from `"timestamp":"2026-11-20T15:04:05.123456Z"` in it.
//
// Every program of the bench stamps its events so, with the machine's one wall clock.
// Owned by one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace livetape::bench {

class SendTimeReader {
 public:
  // Microseconds since 1970; nothing when the event has no such time. The last one in the event
  // counts. 10,000 subscribers get the same event one after the other, so the last text and the
  // last minute are remembered: a repeat costs one comparison.
  std::optional<int64_t> Read(std::string_view event);

 private:
  std::optional<int64_t> Parse(std::string_view text);

  std::string last_text_;
  int64_t last_micros_ = 0;
  std::string minute_text_;  // "2026-11-20T15:04:"
  int64_t minute_micros_ = 0;
};

}  // namespace livetape::bench
