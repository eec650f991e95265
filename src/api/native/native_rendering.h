#pragma once

// NativeRendering: the events of GET /api/v1/stream (API section 6), named or not, one by one or in
// batches. Any thread; the functions it is made with are called on any loop's thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "hub/rendering.h"

namespace livetape::api {

class NativeRendering final : public hub::Rendering {
 public:
  // What the server knows and this file does not.
  struct Server {
    std::function<std::string()> head_id;                 // the tape's newest event id
    std::function<std::optional<int64_t>()> feed_age_ms;  // nothing: no feed
    // Appends the JSON of a value that the server itself writes (topics market/, clock/),
    // nothing if it has no form here, and tells the value's time.
    std::function<void(const hub::StateKey&, std::string_view value, std::string& json,
                       base::WallTime& time)>
        own_state;
  };
  struct Form {
    bool named = true;   // with `event:` lines
    bool batch = false;  // the state of a window as one event
  };

  NativeRendering(const base::Clock& clock, Server server, Form form)
      : clock_(clock), server_(std::move(server)), form_(form) {}

  void State(const hub::StateKey& key, std::string_view value, std::string& out) const override;
  void Deleted(const hub::StateKey& key, std::string& out) const override;
  void Record(const hub::RecordView& record, std::string_view id, std::string& out) const override;
  void Control(std::string_view event, std::string_view id, std::string_view json,
               std::string& out) const override;
  // heartbeat {"server_time","head","feed_age_ms"}
  void Pulse(std::string_view id, std::string& out) const override;
  bool batches() const override { return form_.batch; }
  // batch {"t":<ms since 1970>,"u":[["<topic>",{...}],...]}
  void Batch(std::string_view elements, std::string& out) const override;

  // hello {"server_time","head","resume"}, `resume` being "live", "continuous" or "gap".
  std::string Hello(std::string_view id, std::string_view resume) const;

 private:
  void StateEvent(const hub::StateKey& key, base::WallTime time, std::string_view json,
                  std::string& out) const;

  const base::Clock& clock_;
  const Server server_;
  const Form form_;
};

// {"server_time":"...","head":"<id>","resume":"..."}: the data of `hello`, also of user events.
std::string HelloJson(base::WallTime now, std::string_view head_id, std::string_view resume);

}  // namespace livetape::api
