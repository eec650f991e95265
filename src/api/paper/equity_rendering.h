#pragma once

// EquityRendering: GET /api/events/equity, unnamed events of an account's worth (API section 3).
// Stateless; any thread.

#include <string>
#include <string_view>

#include "api/native/published_value.h"
#include "hub/rendering.h"
#include "hub/sse.h"

namespace livetape::api {

class EquityRendering final : public hub::Rendering {
 public:
  void State(const hub::StateKey&, std::string_view value, std::string& out) const override {
    hub::AppendEvent(out, "", "", DecodePublishedValue(value).json);
  }
  void Record(const hub::RecordView&, std::string_view, std::string&) const override {}
};

}  // namespace livetape::api
