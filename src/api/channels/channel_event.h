#pragma once

// The body of POST /api/v1/sse/{channel}, checked against the channel's table (API section 4).
// Pure functions.

#include <string>
#include <string_view>

#include "api/body/body_error.h"
#include "api/channels/channel.h"

namespace livetape::api {

inline constexpr size_t kChannelDataBytesMax = 64 * 1024;
// Of an id as a topic segment, percent-encoded.
inline constexpr size_t kChannelIdBytesMax = 128;

struct ChannelEvent {
  const Channel* channel = nullptr;  // tells whether it is state, its type and its kind
  std::string topic;
  std::string key;   // of state
  std::string data;  // as sent: minified JSON on one line
};

// Fields that the table does not name pass through. Errors name the field and what is right.
BodyResult<ChannelEvent> ParseChannelEvent(const Channel& channel, std::string_view body);

}  // namespace livetape::api
