#pragma once

// TopicPattern: which topics a stream asks for (API section 2).
//
// A topic is 1 to 8 segments joined by '/'; a segment is 1 to 128 bytes of A-Za-z0-9._:@~|+-, any
// other byte percent-encoded by the writer. In a pattern, "*" is one whole segment, and "**",
// which stands last, is one or more.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::hub {

inline constexpr size_t kTopicSegmentsMax = 8;
inline constexpr size_t kTopicSegmentBytesMax = 128;

// The error names the segment at fault.
base::Result<void> CheckTopic(std::string_view topic);

class TopicPattern {
 public:
  static base::Result<TopicPattern> Parse(std::string_view text);

  bool Matches(std::string_view topic) const;
  // No wildcard: it matches one topic only.
  bool exact() const { return exact_; }
  const std::string& text() const { return text_; }
  // The segments before the first wildcard, "user/42" of "user/42/*"; all of an exact pattern. A
  // topic that matches has it as its first segments.
  std::string_view prefix() const { return std::string_view(text_).substr(0, prefix_size_); }

  friend auto operator<=>(const TopicPattern&, const TopicPattern&) = default;

 private:
  explicit TopicPattern(std::string_view text);

  std::string text_;
  bool exact_;
  uint32_t prefix_size_;
};

}  // namespace livetape::hub
