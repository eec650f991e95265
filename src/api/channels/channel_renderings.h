#pragma once

// ChannelRenderings: one rendering per channel, so that all its streams share cohorts. Any thread.

#include <deque>

#include "api/channels/channel_rendering.h"
#include "base/assert.h"

namespace livetape::api {

class ChannelRenderings {
 public:
  explicit ChannelRenderings(const base::Clock& clock) {
    for (const Channel& channel : Channels()) renderings_.emplace_back(channel, clock);
  }

  // `channel` is one of Channels().
  const ChannelRendering& Of(const Channel& channel) const {
    const auto place = static_cast<size_t>(&channel - Channels().data());
    LT_ASSERT(place < renderings_.size(), "channel {}", channel.name);
    return renderings_[place];
  }

 private:
  std::deque<ChannelRendering> renderings_;
};

}  // namespace livetape::api
