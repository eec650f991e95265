#include "load/send_time.h"

#include <chrono>

#include "base/time_text.h"

namespace livetape::bench {
namespace {

constexpr std::string_view kField = "\"timestamp\":\"";
constexpr size_t kTextSize = std::string_view("2026-11-20T15:04:05.123456Z").size();
constexpr size_t kMinuteSize = std::string_view("2026-11-20T15:04:").size();

int64_t MicrosOf(base::WallTime time) {
  return std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
}

// The seconds and microseconds of "05.123456Z", as microseconds; -1 when it is not of that form.
int64_t MicrosInMinute(std::string_view text) {
  if (text.size() != 10 || text[2] != '.' || text[9] != 'Z') return -1;
  int64_t digits = 0;
  for (size_t i = 0; i < 9; ++i) {
    if (i == 2) continue;
    if (text[i] < '0' || text[i] > '9') return -1;
    digits = digits * 10 + (text[i] - '0');
  }
  return digits;
}

}  // namespace

std::optional<int64_t> SendTimeReader::Read(std::string_view event) {
  const size_t field = event.rfind(kField);
  if (field == event.npos) return std::nullopt;
  const std::string_view text = event.substr(field + kField.size(), kTextSize);
  if (text == last_text_) return last_micros_;
  const auto micros = Parse(text);
  if (!micros) return std::nullopt;
  last_text_ = text;
  last_micros_ = *micros;
  return micros;
}

std::optional<int64_t> SendTimeReader::Parse(std::string_view text) {
  if (!minute_text_.empty() && text.starts_with(minute_text_)) {
    const int64_t micros = MicrosInMinute(text.substr(kMinuteSize));
    if (micros >= 0) return minute_micros_ + micros;
  }
  const auto time = base::ParseRfc3339(text);
  if (!time) return std::nullopt;
  const int64_t micros = MicrosOf(*time);
  if (const auto minute = std::chrono::floor<std::chrono::minutes>(*time);
      text.size() == kTextSize && text.back() == 'Z') {
    minute_text_ = text.substr(0, kMinuteSize);
    minute_micros_ = MicrosOf(minute);
  }
  return micros;
}

}  // namespace livetape::bench
