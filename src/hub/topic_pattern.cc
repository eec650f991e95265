#include "hub/topic_pattern.h"

#include <fmt/format.h>

#include "base/topic_segment.h"

namespace livetape::hub {
namespace {

bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Takes the first segment off the front of `rest`; `more` tells whether a '/' followed it.
std::string_view TakeSegment(std::string_view& rest, bool& more) {
  const size_t slash = rest.find('/');
  more = slash != std::string_view::npos;
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(more ? slash + 1 : rest.size());
  return segment;
}

base::Result<void> CheckSegment(std::string_view segment) {
  if (segment.empty()) return base::Fail("a topic segment is empty");
  if (segment.size() > kTopicSegmentBytesMax) {
    return base::Fail(fmt::format("topic segment '{}...' is longer than {} bytes",
                                  segment.substr(0, 16), kTopicSegmentBytesMax));
  }
  for (size_t i = 0; i < segment.size(); ++i) {
    if (base::IsTopicByte(segment[i])) continue;
    if (segment[i] == '%' && i + 2 < segment.size() && IsHex(segment[i + 1]) &&
        IsHex(segment[i + 2])) {
      i += 2;
      continue;
    }
    return base::Fail(
        fmt::format("topic segment '{}' has a byte outside A-Za-z0-9._:@~|+-; percent-encode it",
                    base::EncodeTopicSegment(segment)));
  }
  return {};
}

// Segments of topics and patterns alike; `wildcards` lets "*" and a last "**" pass.
base::Result<void> CheckSegments(std::string_view text, bool wildcards) {
  size_t count = 0;
  for (bool more = true; more;) {
    const std::string_view segment = TakeSegment(text, more);
    if (++count > kTopicSegmentsMax) {
      return base::Fail(fmt::format("a topic has at most {} segments", kTopicSegmentsMax));
    }
    if (wildcards && segment == "*") continue;
    if (wildcards && segment == "**") {
      if (more) return base::Fail("'**' may only be the last segment of a pattern");
      continue;
    }
    if (auto checked = CheckSegment(segment); !checked) return checked;
  }
  return {};
}

}  // namespace

base::Result<void> CheckTopic(std::string_view topic) { return CheckSegments(topic, false); }

base::Result<TopicPattern> TopicPattern::Parse(std::string_view text) {
  if (auto checked = CheckSegments(text, true); !checked) {
    return std::unexpected(checked.error());
  }
  return TopicPattern(text);
}

TopicPattern::TopicPattern(std::string_view text) : text_(text) {
  const size_t star = text.find('*');
  exact_ = star == std::string_view::npos;
  prefix_size_ = static_cast<uint32_t>(exact_ ? text.size() : star > 0 ? star - 1 : 0);
}

bool TopicPattern::Matches(std::string_view topic) const {
  if (exact_) return text_ == topic;
  std::string_view pattern = text_;
  if (prefix_size_ > 0) {
    const std::string_view literal = pattern.substr(0, prefix_size_ + 1);  // with its '/'
    if (!topic.starts_with(literal)) return false;
    pattern.remove_prefix(literal.size());
    topic.remove_prefix(literal.size());
  }
  for (bool more_pattern = true, more_topic = true; more_pattern;) {
    const std::string_view wanted = TakeSegment(pattern, more_pattern);
    if (!more_topic) return false;
    if (wanted == "**") return true;
    const std::string_view segment = TakeSegment(topic, more_topic);
    if (wanted != "*" && wanted != segment) return false;
    if (!more_pattern) return !more_topic;
  }
  return false;
}

}  // namespace livetape::hub
