#include "load/record_order.h"

#include <charconv>

namespace livetape::bench {

std::optional<RecordId> RecordIdOf(std::string_view event) {
  constexpr std::string_view kField = "id: ";
  while (!event.empty()) {
    const size_t end = event.find('\n');
    if (event.starts_with(kField)) {
      const std::string_view id = event.substr(kField.size(), end - kField.size());
      const size_t dash = id.rfind('-');
      if (dash == id.npos) return std::nullopt;
      RecordId parts{.epoch = id.substr(0, dash)};
      const char* const last = id.data() + id.size();
      const auto read = std::from_chars(id.data() + dash + 1, last, parts.seq);
      if (read.ec != std::errc{} || read.ptr != last) return std::nullopt;
      return parts;
    }
    if (end == event.npos) break;
    event.remove_prefix(end + 1);
  }
  return std::nullopt;
}

void RecordOrder::Take(uint64_t seq) {
  if (last_ == 0) {
    last_ = seq;
  } else if (seq <= last_) {
    ++repeated_;
  } else {
    missed_ += seq - last_ - 1;
    last_ = seq;
  }
}

}  // namespace livetape::bench
