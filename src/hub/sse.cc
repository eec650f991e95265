#include "hub/sse.h"

#include <fmt/format.h>

#include "base/assert.h"

namespace livetape::hub {
namespace {

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  LT_ASSERT(value.find_first_of("\r\n") == std::string_view::npos, "field {}", name);
  out += name;
  out += value;
  out += '\n';
}

}  // namespace

void AppendEvent(std::string& out, std::string_view id, std::string_view event,
                 std::string_view data) {
  if (!id.empty()) AppendField(out, "id: ", id);
  if (!event.empty()) AppendField(out, "event: ", event);
  for (;;) {
    const size_t end = data.find_first_of("\r\n");
    out += "data: ";
    out += data.substr(0, end);
    out += '\n';
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  out += '\n';
}

void AppendComment(std::string& out, std::string_view text) {
  AppendField(out, ": ", text);
  out += '\n';
}

void AppendRetry(std::string& out, long long retry_ms) {
  out += fmt::format("retry: {}\n\n", retry_ms);
}

}  // namespace livetape::hub
