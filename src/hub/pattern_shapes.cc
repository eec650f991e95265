#include "hub/pattern_shapes.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {

// Each record passes here: by a loop over the few bytes, which a search for each slash is slower than.
PatternShapes::Topic::Topic(std::string_view topic) : whole(topic) {
  for (size_t i = 0; i <= topic.size(); ++i) {
    if (i < topic.size() && topic[i] != '/') continue;
    LT_ASSERT(segments < kTopicSegmentsMax, "topic {}", topic);
    end[segments++] = static_cast<uint16_t>(i);
  }
}

std::string_view PatternShapes::Topic::Segment(size_t i) const {
  const size_t begin = i == 0 ? 0 : end[i - 1] + size_t{1};
  return whole.substr(begin, end[i] - begin);
}

std::string_view PatternShapes::Topic::Under(size_t count, uint8_t stars, bool open) {
  if (stars == 0 && !open) return whole;
  text.clear();
  for (size_t i = 0; i < count; ++i) {
    text += (stars >> i & 1) != 0 ? std::string_view("*") : Segment(i);
    text += '/';
  }
  if (open) return text += "**";
  text.pop_back();
  return text;
}

PatternShapes::Shape PatternShapes::ShapeOf(const TopicPattern& pattern) {
  Shape shape;
  const Topic parts(pattern.text());
  for (size_t i = 0; i < parts.segments; ++i) {
    if (parts.Segment(i) == "**") {
      shape.open = true;
      break;
    }
    if (parts.Segment(i) == "*") shape.stars = static_cast<uint8_t>(shape.stars | 1U << i);
    ++shape.segments;
  }
  return shape;
}

std::vector<PatternShapes::Counted>::iterator PatternShapes::Find(std::vector<Counted>& shapes,
                                                                  uint8_t stars) {
  return std::find_if(shapes.begin(), shapes.end(),
                      [stars](const Counted& each) { return each.stars == stars; });
}

void PatternShapes::Add(const TopicPattern& pattern) {
  const Shape shape = ShapeOf(pattern);
  std::vector<Counted>& shapes = OfSize(shape);
  const auto at = Find(shapes, shape.stars);
  if (at != shapes.end()) {
    ++at->patterns;
  } else {
    shapes.push_back({.stars = shape.stars, .patterns = 1});
  }
}

void PatternShapes::Remove(const TopicPattern& pattern) {
  const Shape shape = ShapeOf(pattern);
  std::vector<Counted>& shapes = OfSize(shape);
  const auto at = Find(shapes, shape.stars);
  LT_ASSERT(at != shapes.end(), "pattern {}", pattern.text());
  if (--at->patterns == 0) shapes.erase(at);
}

}  // namespace livetape::hub
