#include "api/trade_updates/trade_event_rendering.h"

#include <algorithm>
#include <chrono>

#include "base/time_text.h"

namespace livetape::api {
namespace {

constexpr std::string_view kAt = ",\"at\":\"";
// The member stands behind the account's id, before any member that holds what somebody chose.
constexpr size_t kAtWithin = 128;

// "2026-11-20T15:04:05.123456789Z"
void AppendNanoseconds(std::string& out, base::WallTime time) {
  base::AppendRfc3339(out, time);
  out.pop_back();
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time);
  const auto rest = static_cast<int>((time - micros).count());
  for (const int unit : {100, 10, 1}) out += static_cast<char>('0' + rest / unit % 10);
  out += 'Z';
}

}  // namespace

void TradeEventRendering::Record(const hub::RecordView& record, std::string_view id,
                                 std::string& out) const {
  std::string_view data = record.data;
  std::string json = "{\"event_id\":\"";
  json.reserve(data.size() + id.size() + 40);
  json += id;
  json += '"';
  data.remove_prefix(std::min<size_t>(1, data.size()));
  if (!data.starts_with('}')) json += ',';
  const size_t at = data.substr(0, kAtWithin).find(kAt);
  if (at != std::string_view::npos) {
    json += data.substr(0, at + kAt.size());
    AppendNanoseconds(json, record.time);
    data.remove_prefix(std::min(data.find('"', at + kAt.size()), data.size()));
  }
  json += data;
  hub::AppendEvent(out, id, "", json);
}

void TradeEventRendering::Control(std::string_view event, std::string_view, std::string_view json,
                                  std::string& out) const {
  std::string text(event);
  text += ' ';
  text += json;
  hub::AppendComment(out, text);
}

void TradeEventRendering::Pulse(std::string_view id, std::string& out) const {
  out += "id: ";
  out += id;
  out += "\n\n";
}

}  // namespace livetape::api
