#pragma once

// EventRendering: the events of a user's stream, named by their type, the payload as data
// (API section 5). Any thread.

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "hub/rendering.h"

namespace livetape::api {

class EventRendering final : public hub::Rendering {
 public:
  // `head_id` tells the tape's newest event id.
  EventRendering(const base::Clock& clock, std::function<std::string()> head_id)
      : clock_(clock), head_id_(std::move(head_id)) {}

  // User events are records alone.
  void State(const hub::StateKey&, std::string_view, std::string&) const override {}
  void Record(const hub::RecordView& record, std::string_view id, std::string& out) const override {
    hub::AppendEvent(out, id, record.type, record.data);
  }
  // heartbeat {"server_time","head"}, so that a quiet user's cursor stays fresh.
  void Pulse(std::string_view id, std::string& out) const override;

  // hello {"server_time","head","resume"}
  std::string Hello(std::string_view id, std::string_view resume) const;

 private:
  const base::Clock& clock_;
  const std::function<std::string()> head_id_;
};

}  // namespace livetape::api
