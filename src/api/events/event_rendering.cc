#include "api/events/event_rendering.h"

#include "api/native/native_rendering.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "hub/sse.h"

namespace livetape::api {

void EventRendering::Pulse(std::string_view id, std::string& out) const {
  std::string json = "{\"server_time\":\"";
  base::AppendRfc3339(json, clock_.Wall());
  json += "\",\"head\":";
  base::AppendJsonString(json, head_id_());
  json += '}';
  hub::AppendEvent(out, id, "heartbeat", json);
}

std::string EventRendering::Hello(std::string_view id, std::string_view resume) const {
  std::string hello;
  hub::AppendEvent(hello, id, "hello", HelloJson(clock_.Wall(), head_id_(), resume));
  return hello;
}

}  // namespace livetape::api
