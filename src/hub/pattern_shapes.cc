#include "hub/pattern_shapes.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {

PatternShapes::Topic::Topic(std::string_view topic) {
  for (bool more = true; more;) {
    LT_ASSERT(segments < kTopicSegmentsMax, "topic {}", topic);
    const size_t slash = topic.find('/');
    more = slash != std::string_view::npos;
    segment[segments++] = topic.substr(0, slash);
    topic.remove_prefix(more ? slash + 1 : topic.size());
  }
}

std::string_view PatternShapes::Topic::Under(size_t count, uint8_t stars, bool open) {
  char* end = text.data();
  const auto append = [&end](std::string_view part) {
    end = std::copy(part.begin(), part.end(), end);
    *end++ = '/';
  };
  for (size_t i = 0; i < count; ++i) {
    append((stars >> i & 1) != 0 ? std::string_view("*") : segment[i]);
  }
  if (open) append("**");
  return {text.data(), static_cast<size_t>(end - text.data()) - 1};
}

PatternShapes::Shape PatternShapes::ShapeOf(const TopicPattern& pattern) {
  Shape shape;
  const Topic parts(pattern.text());
  for (size_t i = 0; i < parts.segments; ++i) {
    if (parts.segment[i] == "**") {
      shape.open = true;
      break;
    }
    if (parts.segment[i] == "*") shape.stars = static_cast<uint8_t>(shape.stars | 1U << i);
    ++shape.segments;
  }
  return shape;
}

void PatternShapes::Add(const TopicPattern& pattern) {
  const Shape shape = ShapeOf(pattern);
  std::vector<Counted>& shapes = OfSize(shape);
  const auto at = std::find_if(shapes.begin(), shapes.end(),
                               [&](const Counted& each) { return each.stars == shape.stars; });
  if (at != shapes.end()) {
    ++at->patterns;
  } else {
    shapes.push_back({.stars = shape.stars, .patterns = 1});
  }
}

void PatternShapes::Remove(const TopicPattern& pattern) {
  const Shape shape = ShapeOf(pattern);
  std::vector<Counted>& shapes = OfSize(shape);
  const auto at = std::find_if(shapes.begin(), shapes.end(),
                               [&](const Counted& each) { return each.stars == shape.stars; });
  LT_ASSERT(at != shapes.end(), "pattern {}", pattern.text());
  if (--at->patterns == 0) shapes.erase(at);
}

}  // namespace livetape::hub
