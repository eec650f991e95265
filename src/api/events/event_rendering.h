#pragma once

// EventRendering: the events of a user's stream, named by their type, the payload as data
// (API section 5). Stateless; any thread.

#include <string>
#include <string_view>

#include "hub/rendering.h"

namespace livetape::api {

class EventRendering final : public hub::Rendering {
 public:
  // User events are records alone.
  void State(const hub::StateKey&, std::string_view, std::string&) const override {}
  void Record(const hub::RecordView& record, std::string_view id, std::string& out) const override {
    hub::AppendEvent(out, id, record.type, record.data);
  }
};

}  // namespace livetape::api
