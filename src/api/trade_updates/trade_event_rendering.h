#pragma once

// TradeEventRendering: the events of GET /v2/events/trades as Alpaca writes them: unnamed, one line
// of data each; control events are comments (API section 1). Any thread.

#include <string>
#include <string_view>

#include "hub/rendering.h"

namespace livetape::api {

class TradeEventRendering final : public hub::Rendering {
 public:
  void State(const hub::StateKey&, std::string_view, std::string&) const override {}
  // The record's object with `event_id` before its members. `at` becomes the record's time on the
  // tape, to the nanosecond: a client goes on with ?since= the last `at` and one nanosecond.
  void Record(const hub::RecordView& record, std::string_view id, std::string& out) const override;
  // ": gap {...}"
  void Control(std::string_view event, std::string_view id, std::string_view json,
               std::string& out) const override;
  // The id alone, which is no event to anybody, but moves the cursor of those that keep one.
  void Pulse(std::string_view id, std::string& out) const override;
};

}  // namespace livetape::api
