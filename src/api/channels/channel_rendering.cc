#include "api/channels/channel_rendering.h"

#include <fmt/format.h>

#include "api/native/published_value.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "hub/sse.h"

namespace livetape::api {
namespace {

// Event names need no escapes.
void AppendEnvelope(std::string& out, std::string_view id, std::string_view event,
                    std::string_view json, base::WallTime time) {
  std::string data;
  data.reserve(event.size() + json.size() + 64);
  data += "{\"event\":\"";
  data += event;
  data += "\",\"data\":";
  data += json;
  data += ",\"timestamp\":\"";
  base::AppendRfc3339(data, time);
  data += "\"}";
  hub::AppendEvent(out, id, event, data);
}

}  // namespace

void ChannelRendering::State(const hub::StateKey& key, std::string_view value,
                             std::string& out) const {
  const PublishedValue published = DecodePublishedValue(value);
  AppendEnvelope(out, "", key.type, published.json, published.time);
}

void ChannelRendering::Record(const hub::RecordView& record, std::string_view id,
                              std::string& out) const {
  AppendEnvelope(out, id, record.type, record.data, record.time);
}

void ChannelRendering::Control(std::string_view event, std::string_view id, std::string_view json,
                               std::string& out) const {
  AppendEnvelope(out, id, event, json, clock_.Wall());
}

void ChannelRendering::Pulse(std::string_view id, std::string& out) const {
  hub::AppendEvent(out, id, "ping",
                   fmt::format(R"({{"event":"ping","data":{{"timestamp":"{}"}}}})",
                               base::FormatRfc3339(clock_.Wall())));
}

std::string ChannelRendering::Connected(std::string_view id, std::string_view client_id) const {
  std::string json = "{\"client_id\":";
  base::AppendJsonString(json, client_id);
  json += fmt::format(R"(,"channel":"{0}","message":"Connected to {0} channel"}})", channel_.name);
  std::string out;
  Control("connected", id, json, out);
  return out;
}

void ChannelRendering::Copies(std::span<const tape::RecordRef> records, std::string& out) const {
  for (const tape::RecordRef& record : records) {
    AppendEnvelope(out, "", record->type, record->data, record->time);
  }
}

}  // namespace livetape::api
