#include "api/alpaca_account/portfolio_history.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/time_text.h"
#include "floor/money.h"

namespace livetape::api {
namespace {

using std::chrono::days;
using std::chrono::seconds;

struct Frame {
  std::string_view name;
  seconds length;
};
constexpr std::array<Frame, 5> kFrames = {{{"1Min", seconds(60)},
                                           {"5Min", seconds(300)},
                                           {"15Min", seconds(900)},
                                           {"1H", seconds(3600)},
                                           {"1D", days(1)}}};

std::optional<std::string_view> Value(const http::Query& query, std::string_view name) {
  const auto value = query.Find(name);
  return value && !value->empty() ? value : std::nullopt;
}

BodyResult<std::optional<base::WallTime>> TimeOf(const http::Query& query, std::string_view name,
                                                 std::string_view legacy) {
  auto text = Value(query, name);
  if (!text) text = Value(query, legacy);
  if (!text) return std::nullopt;
  const auto time = base::ParseRfc3339Bound(*text);
  if (!time) return BadField(std::string(name), fmt::format("is wrong: {}", time.error().message));
  // A day that ends the range is in it.
  const bool day_only = text->size() == std::string_view("2026-11-20").size();
  if (name == "end" && day_only) return *time + days(1) - std::chrono::nanoseconds(1);
  return *time;
}

// "7D", "2W", "1M", "1A" before `end`.
BodyResult<base::WallTime> Back(base::WallTime end, std::string_view period) {
  int count = 0;
  const char* const last = period.data() + period.size();
  const auto [rest, code] = std::from_chars(period.data(), last, count);
  const bool well_formed = code == std::errc() && last - rest == 1 && count >= 1 && count <= 1000;
  const char unit = well_formed ? *rest : '\0';
  if (unit == 'D') return end - days(count);
  if (unit == 'W') return end - days(7 * count);
  if (unit != 'M' && unit != 'A' && unit != 'Y') {
    return BadField("period", fmt::format("must be a number from 1 to 1000 and D, W, M or A, such "
                                          "as 1M, got '{}'",
                                          period.substr(0, 64)));
  }
  const auto day = std::chrono::floor<days>(end);
  const auto months = std::chrono::months(unit == 'M' ? count : 12 * std::min(count, 200));
  std::chrono::year_month_day then = std::chrono::year_month_day(day) - months;
  if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
  return base::WallTime(std::chrono::sys_days(then)) + (end - day);
}

BodyResult<Frame> FrameOf(const http::Query& query, std::chrono::nanoseconds range) {
  const auto text = Value(query, "timeframe");
  if (!text) return kFrames[range < days(7) ? 0 : range < days(30) ? 2 : 4];
  for (const Frame& frame : kFrames) {
    if (frame.name == *text) return frame;
  }
  return BadField("timeframe", fmt::format("must be one of 1Min, 5Min, 15Min, 1H, 1D, got '{}'",
                                           text->substr(0, 64)));
}

base::WallTime BucketOf(base::WallTime time, seconds length) {
  const auto since = time.time_since_epoch();
  const auto whole = std::chrono::floor<seconds>(since).count();
  const auto size = length.count();
  const auto bucket = (whole >= 0 ? whole / size : -((-whole + size - 1) / size)) * size;
  return base::WallTime(seconds(bucket));
}

void AppendSeparated(std::string& out, std::string_view text) {
  if (out.back() != '[') out += ',';
  out += text;
}

double Fraction(base::Amount part, base::Amount whole) {
  return part.Approximate() / whole.Approximate();
}

}  // namespace

constexpr base::WallTime kEarliest{std::chrono::sys_days{std::chrono::year(1990) / 1 / 1}};

BodyResult<HistoryWish> ParseHistoryQuery(const http::Query& query, base::WallTime now) {
  const auto start = TimeOf(query, "start", "date_start");
  if (!start) return std::unexpected(start.error());
  const auto end = TimeOf(query, "end", "date_end");
  if (!end) return std::unexpected(end.error());
  const auto period = Value(query, "period");
  if (*start && *end && period) {
    return BadField("period", "start, end and period: at most two of them may be given");
  }
  // Nothing is known of the future, and no book is older than the earliest: differences of times in
  // between are what they seem.
  base::WallTime to = std::min(end->value_or(now), now);
  if (to < kEarliest) return BadField("end", "must not be before 1990");
  if (*start && **start > to) {
    return BadField("start", "must not be after the end, or in the future");
  }
  base::WallTime from = std::max(start->value_or(to), kEarliest);
  if (!*start) {
    const auto back = Back(to, period.value_or("1M"));
    if (!back) return std::unexpected(back.error());
    from = std::max(*back, kEarliest);
  } else if (period) {
    // From the start on for a period: as far as the same time back from it.
    const auto back = Back(from, *period);
    if (!back) return std::unexpected(back.error());
    to = std::min(from + (from - *back), now);
  }
  const auto frame = FrameOf(query, to - from);
  if (!frame) return std::unexpected(frame.error());
  HistoryWish wish{.from = BucketOf(from, frame->length),
                   .to = BucketOf(to, frame->length),
                   .timeframe = frame->length,
                   .timeframe_name = std::string(frame->name),
                   .start_is_given = start->has_value()};
  if ((wish.to - wish.from) / wish.timeframe >= static_cast<int64_t>(kHistoryPointsMax)) {
    return BadField("timeframe", fmt::format("gives more than {} points; choose a longer one or a "
                                             "shorter period",
                                             kHistoryPointsMax));
  }
  const std::string_view reset = Value(query, "pnl_reset").value_or("no_reset");
  if (reset != "per_day" && reset != "no_reset") {
    return BadField("pnl_reset", "must be per_day or no_reset");
  }
  wish.reset_per_day = reset == "per_day" && wish.timeframe < days(1);
  return wish;
}

std::string HistoryJson(const HistoryWish& wish, const HistoryFacts& facts) {
  const base::Amount base_value = facts.before ? facts.before->equity : facts.start;
  base::Amount base = base_value;
  if (wish.reset_per_day) base = facts.before_day ? facts.before_day->equity : facts.start;
  std::optional<base::Amount> equity;
  if (facts.before) equity = facts.before->equity;
  std::string times = "[", equities = "[", profits = "[", fractions = "[";
  size_t next = 0;
  for (base::WallTime bucket = wish.from; bucket <= wish.to; bucket += wish.timeframe) {
    if (wish.reset_per_day && equity && bucket == std::chrono::floor<days>(bucket)) base = *equity;
    while (next < facts.points.size() && facts.points[next].time < bucket + wish.timeframe) {
      equity = facts.points[next++].equity;
    }
    AppendSeparated(times, std::to_string(bucket.time_since_epoch() / seconds(1)));
    if (!equity) {
      AppendSeparated(equities, "null");
      AppendSeparated(profits, "null");
      AppendSeparated(fractions, "null");
      continue;
    }
    const base::Amount profit = floor::Minus(*equity, base);
    AppendSeparated(equities, equity->ToString());
    AppendSeparated(profits, profit.ToString());
    AppendSeparated(fractions,
                    base.zero() ? "null" : fmt::format("{:.15g}", Fraction(profit, base)));
  }
  std::string out = fmt::format(
      R"({{"timestamp":{}],"equity":{}],"profit_loss":{}],"profit_loss_pct":{}],"base_value":{},)",
      times, equities, profits, fractions, base_value.ToString());
  if (facts.before) {
    out += fmt::format(R"("base_value_asof":"{}",)",
                       base::FormatRfc3339(facts.before->time).substr(0, 10));
  }
  return out + fmt::format(R"("timeframe":"{}","cashflow":{{}}}})", wish.timeframe_name);
}

}  // namespace livetape::api
