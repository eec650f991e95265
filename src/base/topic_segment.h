#pragma once

// The bytes of topic segments (API section 2): between who writes topics, who reads patterns, and
// who grants them. Pure functions.

#include <string>
#include <string_view>

namespace livetape::base {

// One of A-Za-z0-9._:@~|+-
constexpr bool IsTopicByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("._:@~|+-").find(c) != std::string_view::npos;
}

// `text` as one topic segment: other bytes become %XX.
std::string EncodeTopicSegment(std::string_view text);

}  // namespace livetape::base
