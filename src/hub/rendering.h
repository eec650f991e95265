#pragma once

// Rendering: how a family of endpoints writes records and state as SSE text. The hub calls it
// once per value and keeps the text; it never looks inside a value itself.

#include <string>
#include <string_view>

#include "hub/record_source.h"
#include "hub/sse.h"
#include "hub/state_update.h"

namespace livetape::hub {

// Stateless and thread-safe; lives as long as the hub. The text depends on the arguments alone.
// Streams with the same Rendering object and the same wishes share a cohort.
class Rendering {
 public:
  virtual ~Rendering() = default;

  // Appends the whole event of a value of state, or nothing if this view has no form for it.
  virtual void State(const StateKey& key, std::string_view value, std::string& out) const = 0;
  // Appends the one event that tells of a deleted key, or nothing. It may come for a key that the
  // stream has never shown.
  virtual void Deleted(const StateKey& key, std::string& out) const {
    (void)key;
    (void)out;
  }

  // Appends the whole event of a record with its id, or nothing.
  virtual void Record(const RecordView& record, std::string_view id, std::string& out) const = 0;

  // Appends a control event (gap, slow, drain, auth): by default named, with the bare object as
  // data.
  virtual void Control(std::string_view event, std::string_view id, std::string_view json,
                       std::string& out) const {
    AppendEvent(out, id, event, json);
  }
  // Appends what is sent every StreamSpec::pulse (ping, heartbeat); `id` is the stream's position.
  virtual void Pulse(std::string_view id, std::string& out) const {
    (void)id;
    (void)out;
  }

  // True: State and Deleted append bare elements, and the hub makes one event of several.
  virtual bool batches() const { return false; }
  // Appends the event of `elements`, joined by ',': those of one window, or a piece of them, at
  // most kBatchBytesMax unless one alone is larger.
  virtual void Batch(std::string_view elements, std::string& out) const {
    (void)elements;
    (void)out;
  }
};

inline constexpr size_t kBatchBytesMax = 60 * 1024;

}  // namespace livetape::hub
