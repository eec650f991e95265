#include "load/event_text.h"

#include "base/time_text.h"

namespace livetape::bench {

std::string EventObject(size_t event_bytes, base::WallTime sent) {
  constexpr size_t kAround = std::string_view("data: \n\n").size();
  const std::string rest =
      R"(","price":187.34,"change":1.27,"timestamp":")" + base::FormatRfc3339(sent) + "\"}";
  std::string object = "{\"asset\":\"";
  const size_t fixed = kAround + object.size() + rest.size();
  object.append(event_bytes > fixed ? event_bytes - fixed : 1, 'A');
  return object + rest;
}

std::string EventText(size_t event_bytes, base::WallTime sent) {
  return "data: " + EventObject(event_bytes, sent) + "\n\n";
}

}  // namespace livetape::bench
