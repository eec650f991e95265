#pragma once

// ChannelRendering: the events of a channel's stream, each in the envelope
// {"event":"<name>","data":{...},"timestamp":"..."} (API section 4). Any thread.

#include <span>
#include <string>
#include <string_view>

#include "api/channels/channel.h"
#include "base/clock.h"
#include "hub/rendering.h"
#include "tape/record.h"

namespace livetape::api {

class ChannelRendering final : public hub::Rendering {
 public:
  ChannelRendering(const Channel& channel, const base::Clock& clock)
      : channel_(channel), clock_(clock) {}

  // Values are PublishedValues.
  void State(const hub::StateKey& key, std::string_view value, std::string& out) const override;
  void Record(const hub::RecordView& record, std::string_view id, std::string& out) const override;
  // In the envelope too: a reader that asks each event for data["event"] never meets another form.
  void Control(std::string_view event, std::string_view id, std::string_view json,
               std::string& out) const override;
  // ping {"event":"ping","data":{"timestamp":"..."}}
  void Pulse(std::string_view id, std::string& out) const override;

  // The first event of a stream.
  std::string Connected(std::string_view id, std::string_view client_id) const;
  // The events of `records` without ids: what a new screen is shown of the past.
  void Copies(std::span<const tape::RecordRef> records, std::string& out) const;

 private:
  const Channel& channel_;
  const base::Clock& clock_;
};

}  // namespace livetape::api
