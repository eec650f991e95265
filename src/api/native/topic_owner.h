#pragma once

// Who may write a topic: what POST /api/v1/publish leaves to others (API section 2). Pure functions.

#include <string>
#include <string_view>

namespace livetape::api {

enum class TopicOwner { kPublisher, kMarket, kServer };

struct Ownership {
  TopicOwner owner = TopicOwner::kPublisher;
  std::string_view instead;  // kServer: the right way, "use POST /api/v1/events"
};

// By the first segment of `topic`, also when it is written with percent-encoding.
Ownership OwnerOf(std::string_view topic);

// The bytes that a topic or a segment of one stands for; its escapes are well-formed.
std::string DecodeTopicSegment(std::string_view segment);

}  // namespace livetape::api
