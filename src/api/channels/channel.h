#pragma once

// Channel: the four typed streams of API section 4, as one table of what their events hold.
// Validation, the list of channels and their description are made from it. Constant; any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tape/record.h"

namespace livetape::api {

enum class FieldType : uint8_t { kString, kNumber, kObject, kAny };

struct ChannelField {
  std::string_view name;
  FieldType type = FieldType::kString;
  bool required = false;                           // else it may be missing or null
  std::span<const std::string_view> choices = {};  // of a string; empty: any
  bool percent = false;                            // a number of 0 to 100
};

struct Channel {
  std::string_view name;   // "training", as in /api/v1/sse/training
  std::string_view event;  // the type of its events, and their name
  std::string_view topic;  // the segments before the last: "jobs/training"
  // The field that is the last segment of the topic, and its value where it is missing.
  std::string_view id_field;
  std::string_view id_default;
  std::string_view key_field;  // of state: the field that is the key; empty: records
  tape::RecordKind kind = tape::RecordKind::kMessage;
  std::span<const ChannelField> fields;

  bool is_state() const { return !key_field.empty(); }
  const ChannelField* Field(std::string_view field) const;
  // What a stream of this channel asks for: "jobs/training/*".
  std::string Pattern() const;
};

// training, backtest, alerts, dashboard
std::span<const Channel> Channels();
// Null for another name.
const Channel* FindChannel(std::string_view name);

// A status after which nothing more comes of a task.
bool IsFinished(std::string_view status);

// The data object of a channel's events as a JSON Schema.
std::string ChannelSchema(const Channel& channel);

}  // namespace livetape::api
