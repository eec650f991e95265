#include "api/alpaca_data/market_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <initializer_list>
#include <optional>

#include "api/alpaca/alpaca_error.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

using base::WallTime;
using std::chrono::days;
using std::chrono::floor;

constexpr days kCalendarAround{366};
// "2026-11-20"
constexpr size_t kDateSize = 10;

// `field` is the parameter's name.
std::unexpected<http::Response> Wrong(std::string_view field, std::string_view message) {
  return std::unexpected(
      AlpacaError(422, kCodeUnprocessable, message, fmt::format("\"field\":\"{}\"", field)));
}

// Nothing: not there, or empty.
std::optional<std::string_view> Given(const http::Query& query, std::string_view name) {
  const auto text = query.Find(name);
  return text && !text->empty() ? text : std::nullopt;
}

AlpacaField<std::optional<WallTime>> TimeOf(const http::Query& query, std::string_view name) {
  const auto text = Given(query, name);
  if (!text) return std::nullopt;
  const auto time = base::ParseRfc3339Bound(*text);
  if (!time) return Wrong(name, fmt::format("{}: {}", name, time.error().message));
  return std::clamp(*time, kBarsFrom, kBarsTo);
}

AlpacaField<size_t> LimitOf(const http::Query& query, size_t fallback) {
  const auto text = Given(query, "limit");
  if (!text) return fallback;
  size_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, code] = std::from_chars(text->data(), end, value);
  if (code == std::errc() && rest == end && value >= 1 && value <= kBarsPerPageMax) return value;
  return Wrong("limit", fmt::format("limit must be a whole number from 1 to {}, got '{}'",
                                    kBarsPerPageMax, *text));
}

// Which of `allowed` it is; 0 without.
AlpacaField<size_t> ChoiceOf(const http::Query& query, std::string_view name,
                             std::initializer_list<std::string_view> allowed) {
  const auto text = Given(query, name);
  if (!text) return 0;
  const auto* const at = std::ranges::find(allowed, *text);
  if (at != allowed.end()) return static_cast<size_t>(at - allowed.begin());
  return Wrong(
      name, fmt::format("{} must be one of {}, got '{}'", name, fmt::join(allowed, ", "), *text));
}

// The date that is written there, whatever its zone.
AlpacaField<std::optional<market::Day>> DateOf(const http::Query& query, std::string_view name) {
  const auto text = Given(query, name);
  if (!text) return std::nullopt;
  const auto time = base::ParseRfc3339Bound(*text);
  if (!time) return Wrong(name, fmt::format("{}: {}", name, time.error().message));
  const auto date = base::ParseRfc3339Bound(text->substr(0, kDateSize));
  return market::Day(floor<days>(date->time_since_epoch()));
}

}  // namespace

AlpacaField<std::vector<WantedInstrument>> WantedInstruments(
    const http::Query& query, const market::Instruments& instruments) {
  std::vector<std::string> spellings;
  for (std::string_view list : query.All("symbols")) {
    while (!list.empty()) {
      const size_t comma = std::min(list.find(','), list.size());
      const std::string_view spelling = list.substr(0, comma);
      list.remove_prefix(std::min(comma + 1, list.size()));
      if (spelling.empty() || std::ranges::find(spellings, spelling) != spellings.end()) continue;
      if (spellings.size() == kMarketSymbolsMax) {
        return Wrong("symbols", fmt::format("symbols takes at most {} values", kMarketSymbolsMax));
      }
      spellings.emplace_back(spelling);
    }
  }
  if (spellings.empty()) return Wrong("symbols", "symbols is required, such as symbols=AAPL,TSLA");
  std::vector<WantedInstrument> wanted;
  for (std::string& spelling : spellings) {
    auto found = instruments.Find(spelling);
    if (found) wanted.push_back({std::move(spelling), found->id, std::move(found->instrument)});
  }
  return wanted;
}

AlpacaField<BarQuery> BarQueryOf(const http::Query& query, WallTime now) {
  BarQuery wish;
  const auto frame = ParseBarFrame(Given(query, "timeframe").value_or("1Min"));
  if (!frame) return Wrong("timeframe", frame.error().message);
  wish.frame = *frame;
  const auto limit = LimitOf(query, wish.limit);
  if (!limit) return std::unexpected(limit.error());
  wish.limit = *limit;
  const auto sort = ChoiceOf(query, "sort", {"asc", "desc"});
  if (!sort) return std::unexpected(sort.error());
  wish.newest_first = *sort == 1;

  const auto start = TimeOf(query, "start"), end = TimeOf(query, "end");
  if (!start) return std::unexpected(start.error());
  if (!end) return std::unexpected(end.error());
  wish.end = end->value_or(kBarsTo);
  if (*end && Given(query, "end")->size() == kDateSize) {
    wish.end = std::min<WallTime>(wish.end + days(1) - std::chrono::nanoseconds(1), kBarsTo);
  }
  const WallTime today =
      floor<days>(std::clamp<WallTime>(std::min(now, wish.end), kBarsFrom, kBarsTo));
  wish.start = start->value_or(today);
  if (wish.start > wish.end) return Wrong("end", "end should not be before start");

  if (const auto token = Given(query, "page_token")) {
    wish.after = DecodePageToken(*token);
    if (!wish.after)
      return Wrong("page_token", "page_token must be a next_page_token that was given out here");
  }
  return wish;
}

AlpacaField<CalendarQuery> CalendarQueryOf(const http::Query& query, WallTime now) {
  const auto first = DateOf(query, "start"), last = DateOf(query, "end");
  if (!first) return std::unexpected(first.error());
  if (!last) return std::unexpected(last.error());
  const auto by = ChoiceOf(query, "date_type", {"TRADING", "SETTLEMENT"});
  if (!by) return std::unexpected(by.error());
  const market::Day today = market::ToNewYork(now).day;
  const CalendarQuery wish{
      .first = first->value_or(std::min(today, last->value_or(today)) - kCalendarAround),
      .last = last->value_or(std::max(today, first->value_or(today)) + kCalendarAround),
      .by = *by == 1 ? CalendarDate::kSettlement : CalendarDate::kTrading};
  if (wish.first > wish.last) return Wrong("end", "end should not be before start");
  return wish;
}

}  // namespace livetape::api
