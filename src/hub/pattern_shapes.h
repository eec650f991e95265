#pragma once

// PatternShapes: the texts that a pattern may have which matches a topic.
//
// The shape of a pattern says how many segments it has before a last "**", which of them are "*", and
// whether "**" follows. Under each shape that fits it, a topic has one text: "a/b" under (2 segments,
// the first is "*") is "*/b". So who keeps patterns in a hash table by their texts finds those that
// match a topic by a look-up for each shape that is there, however many patterns there are: two or
// three of them usually, and at most 2^(n+1) - 1 for a topic of n segments.
//
// Belongs to whoever holds it.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/topic_pattern.h"

namespace livetape::hub {

class PatternShapes {
 public:
  void Add(const TopicPattern& pattern);
  // One that was added.
  void Remove(const TopicPattern& pattern);

  // Calls visit(text) for each text; it is valid during the call. Goes on while visit returns true.
  template <typename Visit>
  void ForEachText(std::string_view topic, Visit&& visit) const;

 private:
  struct Shape {
    uint8_t segments = 0;  // without the "**"
    uint8_t stars = 0;     // bit i: segment i is "*"
    bool open = false;     // "**" follows
  };
  struct Counted {
    uint8_t stars;
    uint32_t patterns;
  };
  // The topic's segments, and the texts made of it.
  struct Topic {
    explicit Topic(std::string_view topic);
    std::string_view Segment(size_t i) const;
    std::string_view Under(size_t segments, uint8_t stars, bool open);

    const std::string_view whole;
    std::array<uint16_t, kTopicSegmentsMax> end;  // of each segment, in the topic
    size_t segments = 0;
    std::string text;
  };

  static Shape ShapeOf(const TopicPattern& pattern);
  static std::vector<Counted>::iterator Find(std::vector<Counted>& shapes, uint8_t stars);
  std::vector<Counted>& OfSize(const Shape& shape) {
    return (shape.open ? open_ : closed_)[shape.segments];
  }

  std::array<std::vector<Counted>, kTopicSegmentsMax + 1> closed_, open_;  // by segments
};

template <typename Visit>
void PatternShapes::ForEachText(std::string_view topic, Visit&& visit) const {
  Topic parts(topic);
  for (const Counted& shape : closed_[parts.segments]) {
    if (!visit(parts.Under(parts.segments, shape.stars, false))) return;
  }
  for (size_t segments = 0; segments < parts.segments; ++segments) {
    for (const Counted& shape : open_[segments]) {
      if (!visit(parts.Under(segments, shape.stars, true))) return;
    }
  }
}

}  // namespace livetape::hub
