#include "api/native/native_rendering.h"

#include <fmt/format.h>

#include "api/native/published_value.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "hub/sse.h"

namespace livetape::api {
namespace {

// Whose values are not PublishedValues.
bool IsOwnState(std::string_view topic) {
  return topic.starts_with("market/") || topic.starts_with("clock/");
}

// {"topic":...,"type":...,"time":...,"data":...}, and "key" where there is one: of several keys of a
// topic nothing else tells which was deleted. Topics and types need no escapes.
std::string EventJson(std::string_view topic, std::string_view type, std::string_view key,
                      base::WallTime time, std::string_view json) {
  std::string out;
  out.reserve(topic.size() + type.size() + key.size() + json.size() + 90);
  out += "{\"topic\":\"";
  out += topic;
  out += "\",\"type\":\"";
  out += type;
  out += "\",\"time\":\"";
  base::AppendRfc3339(out, time);
  out += '"';
  if (!key.empty()) {
    out += ",\"key\":";
    base::AppendJsonString(out, key);
  }
  out += ",\"data\":";
  out += json;
  out += '}';
  return out;
}

}  // namespace

void NativeRendering::State(const hub::StateKey& key, std::string_view value,
                            std::string& out) const {
  if (!IsOwnState(key.topic)) {
    const PublishedValue published = DecodePublishedValue(value);
    StateEvent(key, published.time, published.json, out);
    return;
  }
  std::string json;
  base::WallTime time{};
  server_.own_state(key, value, json, time);
  if (!json.empty()) StateEvent(key, time, json, out);
}

void NativeRendering::Deleted(const hub::StateKey& key, std::string& out) const {
  StateEvent(key, clock_.Wall(), "null", out);
}

void NativeRendering::StateEvent(const hub::StateKey& key, base::WallTime time,
                                 std::string_view json, std::string& out) const {
  if (!form_.batch) {
    hub::AppendEvent(out, "", form_.named ? key.type : "",
                     EventJson(key.topic, key.type, key.key, time, json));
    return;
  }
  out += "[\"";
  out += key.topic;
  out += "\",";
  out += json;
  out += ']';
}

void NativeRendering::Record(const hub::RecordView& record, std::string_view id,
                             std::string& out) const {
  hub::AppendEvent(out, id, form_.named ? record.type : "",
                   EventJson(record.topic, record.type, "", record.time, record.data));
}

void NativeRendering::Control(std::string_view event, std::string_view id, std::string_view json,
                              std::string& out) const {
  hub::AppendEvent(out, id, form_.named ? event : "", json);
}

void NativeRendering::Pulse(std::string_view id, std::string& out) const {
  const std::optional<int64_t> age = server_.feed_age_ms();
  std::string json = "{\"server_time\":\"";
  base::AppendRfc3339(json, clock_.Wall());
  json += fmt::format("\",\"head\":\"{}\",\"feed_age_ms\":{}}}", server_.head_id(),
                      age ? fmt::format("{}", *age) : "null");
  Control("heartbeat", id, json, out);
}

void NativeRendering::Batch(std::string_view elements, std::string& out) const {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(clock_.Wall());
  Control("batch", "",
          fmt::format("{{\"t\":{},\"u\":[{}]}}", now.time_since_epoch().count(), elements), out);
}

std::string NativeRendering::Hello(std::string_view id, std::string_view resume) const {
  std::string out;
  Control("hello", id, HelloJson(clock_.Wall(), server_.head_id(), resume), out);
  return out;
}

std::string HelloJson(base::WallTime now, std::string_view head_id, std::string_view resume) {
  return fmt::format(R"({{"server_time":"{}","head":"{}","resume":"{}"}})",
                     base::FormatRfc3339(now), head_id, resume);
}

}  // namespace livetape::api
