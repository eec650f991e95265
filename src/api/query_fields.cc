#include "api/query_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>

#include "base/time_text.h"
#include "hub/stream_spec.h"

namespace livetape::api {
namespace {

using std::chrono::milliseconds;

std::optional<uint64_t> ParseNumber(std::string_view text) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || rest != end) return std::nullopt;
  return value;
}

// Nothing: not a duration. What is over a day becomes a day, to be refused as too long.
std::optional<milliseconds> ParseInterval(std::string_view text) {
  uint64_t unit_ms = 1;
  if (text.ends_with("ms")) {
    text.remove_suffix(2);
  } else if (text.ends_with('s')) {
    text.remove_suffix(1);
    unit_ms = 1000;
  }
  const auto number = ParseNumber(text);
  if (!number) return std::nullopt;
  return milliseconds(std::min<uint64_t>(*number, 86'400'000 / unit_ms) * unit_ms);
}

}  // namespace

http::Response Unprocessable(std::string_view field, std::string_view detail) {
  return http::Problem(422, detail, field);
}

http::Response SymbolNotFound() {
  http::Response response;
  response.status = 404;
  response.body = R"({"error":"Symbol not found"})";
  return response;
}

Field<milliseconds> IntervalField(const http::Query& query, milliseconds fallback) {
  const auto text = query.Find("interval");
  const auto wished = text && !text->empty() ? ParseInterval(*text) : fallback;
  const auto rounded = wished ? hub::RoundInterval(*wished) : std::nullopt;
  if (rounded) return *rounded;
  return std::unexpected(Unprocessable(
      "interval",
      fmt::format("interval must be from 0 to 10s, one of 0, 50ms, 100ms, 250ms, 500ms, 1s, 2s, "
                  "5s, 10s (others are rounded up), got '{}'",
                  text.value_or(""))));
}

Field<std::vector<std::string>> ListField(const http::Query& query, std::string_view name,
                                          size_t most) {
  std::vector<std::string> values;
  for (std::string_view list : query.All(name)) {
    while (!list.empty()) {
      const size_t comma = std::min(list.find(','), list.size());
      const std::string_view value = list.substr(0, comma);
      list.remove_prefix(std::min(comma + 1, list.size()));
      if (value.empty() || std::find(values.begin(), values.end(), value) != values.end()) continue;
      if (values.size() == most) {
        return std::unexpected(
            Unprocessable(name, fmt::format("{} takes at most {} values", name, most)));
      }
      values.emplace_back(value);
    }
  }
  return values;
}

Field<uint64_t> NumberField(const http::Query& query, std::string_view name, uint64_t fallback,
                            uint64_t least, uint64_t most) {
  const auto text = query.Find(name);
  if (!text || text->empty()) return fallback;
  const auto number = ParseNumber(*text);
  if (number && *number >= least && *number <= most) return *number;
  return std::unexpected(Unprocessable(
      name,
      fmt::format("{} must be a whole number from {} to {}, got '{}'", name, least, most, *text)));
}

Field<base::WallTime> TimeField(const http::Query& query, std::string_view name,
                                base::WallTime fallback) {
  const auto text = query.Find(name);
  if (!text || text->empty()) return fallback;
  const auto time = base::ParseRfc3339Bound(*text);
  if (time) return *time;
  return std::unexpected(Unprocessable(name, fmt::format("{}: {}", name, time.error().message)));
}

Field<std::string_view> ChoiceField(const http::Query& query, std::string_view name,
                                    const std::vector<std::string_view>& allowed) {
  const auto text = query.Find(name);
  if (!text || text->empty()) return allowed.front();
  const auto at = std::find(allowed.begin(), allowed.end(), *text);
  if (at != allowed.end()) return *at;
  // An empty one stands for a parameter that is missing.
  const std::ptrdiff_t unnamed = allowed.front().empty() ? 1 : 0;
  return std::unexpected(Unprocessable(
      name, fmt::format("{} must be one of {}, got '{}'", name,
                        fmt::join(allowed.begin() + unnamed, allowed.end(), ", "), *text)));
}

}  // namespace livetape::api
