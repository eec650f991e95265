#include "base/topic_segment.h"

#include <fmt/format.h>

namespace livetape::base {

std::string EncodeTopicSegment(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (IsTopicByte(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace livetape::base
