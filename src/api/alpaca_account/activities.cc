#include "api/alpaca_account/activities.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "base/json_text.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr size_t kPageMax = 100;
constexpr std::string_view kFill = "FILL";

std::optional<std::string_view> Value(const http::Query& query, std::string_view name) {
  const auto value = query.Find(name);
  return value && !value->empty() ? value : std::nullopt;
}

BodyResult<std::optional<base::WallTime>> TimeOf(const http::Query& query, std::string_view name) {
  const auto text = Value(query, name);
  if (!text) return std::nullopt;
  const auto time = base::ParseRfc3339Bound(*text);
  if (!time) return BadField(std::string(name), fmt::format("is wrong: {}", time.error().message));
  return *time;
}

// Whether fills are among the types asked for: each value a comma list, all types without any.
bool WantsFills(const http::Query& query) {
  bool some = false;
  for (const std::string_view name : {"activity_types", "activity_type"}) {
    for (std::string_view list : query.All(name)) {
      while (!list.empty()) {
        const std::string_view type = list.substr(0, list.find(','));
        list.remove_prefix(std::min(type.size() + 1, list.size()));
        if (type == kFill) return true;
        some = some || !type.empty();
      }
    }
  }
  return !some;
}

BodyResult<size_t> PageSizeOf(const http::Query& query) {
  const auto text = Value(query, "page_size");
  if (!text) return kPageMax;
  size_t size = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), size);
  if (code != std::errc() || end != text->data() + text->size() || size < 1 || size > kPageMax) {
    return BadField("page_size", fmt::format("must be a whole number from 1 to {}, got '{}'",
                                             kPageMax, text->substr(0, 64)));
  }
  return size;
}

// An activity's id: "yyyymmddHHMMSSmmm::uuid".
std::string IdOf(const store::FillRow& fill, const TradingIds& ids) {
  const auto second = std::chrono::floor<std::chrono::seconds>(fill.time);
  const auto ms = std::chrono::floor<milliseconds>(fill.time - second).count();
  return fmt::format("{:%Y%m%d%H%M%S}{:03}::{}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(
                         std::chrono::sys_time<std::chrono::system_clock::duration>(second))),
                     ms, ids.Execution(fill.number));
}

}  // namespace

BodyResult<ActivitiesWish> ParseActivitiesQuery(const http::Query& query, std::string_view type,
                                                const TradingIds& ids) {
  ActivitiesWish wish;
  wish.fills = type.empty() ? WantsFills(query) : type == kFill;
  const auto date = TimeOf(query, "date");
  if (!date) return std::unexpected(date.error());
  const auto after = TimeOf(query, "after");
  if (!after) return std::unexpected(after.error());
  const auto until = TimeOf(query, "until");
  if (!until) return std::unexpected(until.error());
  if (*date && (*after || *until)) {
    return BadField("date", "excludes after and until: send one or the others");
  }
  if (*after) wish.query.from = **after + nanoseconds(1);
  if (*until) wish.query.to = **until - nanoseconds(1);
  if (*date) {
    wish.query.from = std::chrono::floor<days>(**date);
    wish.query.to = *wish.query.from + days(1) - nanoseconds(1);
  }
  const std::string_view direction = Value(query, "direction").value_or("desc");
  if (direction != "asc" && direction != "desc") {
    return BadField("direction", "must be asc or desc");
  }
  wish.query.descending = direction == "desc";
  const auto size = PageSizeOf(query);
  if (!size) return std::unexpected(size.error());
  wish.query.limit = *size;
  if (const auto token = Value(query, "page_token")) {
    const size_t mark = token->find("::");
    const auto number =
        mark == std::string_view::npos ? std::nullopt : ids.ParseExecution(token->substr(mark + 2));
    if (!number) return BadField("page_token", "must be the id of an activity");
    wish.query.after_number = *number;
  }
  return wish;
}

std::string ActivitiesJson(const std::vector<store::FillRow>& fills, const TradingIds& ids) {
  std::string out = "[";
  for (const store::FillRow& fill : fills) {
    if (out.size() > 1) out += ',';
    out += fmt::format(
        R"({{"id":"{}","activity_type":"FILL","transaction_time":"{}","type":"{}","price":"{}",)"
        R"("qty":"{}","side":"{}","symbol":)",
        IdOf(fill, ids), base::FormatRfc3339(fill.time), fill.partial ? "partial_fill" : "fill",
        fill.price.ToString(), fill.quantity.ToString(), model::Name(fill.side));
    base::AppendJsonString(out, fill.symbol);
    out += fmt::format(R"(,"leaves_qty":"{}","order_id":"{}","cum_qty":"{}","order_status":"{}"}})",
                       fill.leaves.ToString(), ids.Order(fill.order), fill.cumulative.ToString(),
                       fill.partial ? "partially_filled" : "filled");
  }
  return out + ']';
}

}  // namespace livetape::api
