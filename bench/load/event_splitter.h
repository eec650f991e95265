#pragma once

// EventSplitter: cuts a stream's body into server-sent events (they end with an empty line).
//
// Events that arrive whole, which is nearly all of them, are handed on in place; only the start
// of a cut one is kept. It does not unfold fields: SentEvent finds the little the load tool needs.
// Owned by the load loop's thread; one per connection.

#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::bench {

class EventSplitter {
 public:
  // Calls `take(std::string_view event)` for each event that `body` completes, without its empty
  // line. An event over 1 MiB is an error.
  template <typename Take>
  base::Result<void> Feed(std::string_view body, Take&& take) {
    if (!cut_.empty()) {
      if (!Complete(body)) return CheckCut();
      take(std::string_view(cut_).substr(0, cut_.size() - 2));
      std::string().swap(cut_);
    }
    for (size_t end; (end = body.find("\n\n")) != body.npos; body.remove_prefix(end + 2)) {
      if (end > 0) take(body.substr(0, end));
    }
    cut_ = body;
    return CheckCut();
  }

 private:
  static constexpr size_t kEventBytesMax = 1024 * 1024;

  // Moves bytes of `body` to the cut event up to its empty line; false if that is not there yet.
  bool Complete(std::string_view& body) {
    size_t used = body.size();
    bool complete = false;
    if (cut_.back() == '\n' && !body.empty() && body.front() == '\n') {
      used = 1;
      complete = true;
    } else if (const size_t end = body.find("\n\n"); end != body.npos) {
      used = end + 2;
      complete = true;
    }
    cut_ += body.substr(0, used);
    body.remove_prefix(used);
    return complete;
  }

  base::Result<void> CheckCut() const {
    if (cut_.size() > kEventBytesMax) return base::Fail("an event over 1 MiB");
    return {};
  }

  std::string cut_;
};

// What one event is to the load tool.
enum class EventKind {
  kNone,     // comments, retry:, control events: not a delivery
  kPayload,  // has data
  kSlow,     // `event: slow`: the server says that it skipped something
};

// By the lines' first letters: any line may be the data line.
EventKind KindOf(std::string_view event);

}  // namespace livetape::bench
