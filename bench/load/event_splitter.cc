#include "load/event_splitter.h"

namespace livetape::bench {

EventKind KindOf(std::string_view event) {
  bool data = false;
  while (!event.empty()) {
    if (event.starts_with("data:")) data = true;
    if (event.starts_with("event:")) {
      const std::string_view name = event.substr(6, event.find('\n') - 6);
      if (name == "slow" || name == " slow") return EventKind::kSlow;
      for (const std::string_view control : {"connected", "hello", "gap", "drain", "heartbeat"}) {
        if (name == control || (name.starts_with(' ') && name.substr(1) == control)) {
          return EventKind::kNone;
        }
      }
    }
    const size_t end = event.find('\n');
    if (end == event.npos) break;
    event.remove_prefix(end + 1);
  }
  return data ? EventKind::kPayload : EventKind::kNone;
}

}  // namespace livetape::bench
