#include "jobs/import/row_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/assert.h"
#include "market/csv_time.h"
#include "market/instrument_table.h"
#include "market/number_field.h"

namespace livetape::jobs {
namespace {

using std::chrono::milliseconds;

std::string_view Shown(std::string_view text) { return text.substr(0, 64); }

// "Jan 1 2000", "Jan 1, 2000".
std::optional<base::WallTime> ParseMonthName(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3));
  if (month == kMonths.end() || text.size() < 10 || text[3] != ' ') return std::nullopt;
  const char* const end = text.data() + text.size();
  unsigned day = 0;
  int year = 0;
  auto [at, code] = std::from_chars(text.data() + 4, end, day);
  if (code != std::errc()) return std::nullopt;
  if (at != end && *at == ',') ++at;
  if (at == end || *at++ != ' ') return std::nullopt;
  const auto [rest, year_code] = std::from_chars(at, end, year);
  if (year_code != std::errc() || rest != end) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(year),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(day)};
  // A year far away would not fit into nanoseconds.
  if (!date.ok() || year < 1970 || year > 2200) return std::nullopt;
  return base::WallTime{std::chrono::sys_days(date)};
}

// The time of `count` milliseconds after midnight.
base::WallTime AfterMidnight(market::Day day, milliseconds count, CsvLayout::TimeForm form) {
  if (form == CsvLayout::TimeForm::kUtcMilliseconds) {
    return base::WallTime(day.time_since_epoch()) + count;
  }
  const auto minutes = std::chrono::floor<std::chrono::minutes>(count);
  return market::FromNewYork(day, minutes) + (count - minutes);
}

}  // namespace

RowReader::RowReader(const CsvLayout& layout, std::optional<market::Day> day)
    : layout_(layout), day_(day), fast_(layout) {
  LT_ASSERT(day || !layout.NeedsDay());
}

std::optional<RowProblem> RowReader::Read(std::string_view line, CsvRow& row) {
  if (fast_.Read(line, row)) return std::nullopt;
  return ReadExactly(line, row);
}

base::Result<base::WallTime> RowReader::TimeOf() const {
  if (layout_.NeedsDay()) {
    const std::string_view text = market::Field(fields_, layout_.columns.time);
    int64_t count = -1;
    const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (code != std::errc() || rest != text.data() + text.size() || count < 0 ||
        milliseconds(count) >= std::chrono::days(1)) {
      return base::Fail(
          fmt::format("'{}' is not a number of milliseconds since midnight", Shown(text)));
    }
    return AfterMidnight(*day_, milliseconds(count), layout_.time_form);
  }
  auto time = market::ReadCsvTime(fields_, layout_.columns);
  if (time && layout_.time_form == CsvLayout::TimeForm::kNewYorkText) {
    // A day is that date.
    const auto day = std::chrono::floor<std::chrono::days>(*time);
    if (*time == day) return time;
    const auto of_day = std::chrono::floor<milliseconds>(*time - day);
    return AfterMidnight(market::Day(day.time_since_epoch()), of_day, layout_.time_form);
  }
  if (time || (layout_.columns.date && layout_.columns.time)) return time;
  const auto named = ParseMonthName(
      market::Field(fields_, layout_.columns.date ? layout_.columns.date : layout_.columns.time));
  if (named) return *named;
  return time;
}

std::optional<RowProblem> RowReader::ReadPrice(market::CsvColumns::Column column,
                                               std::string_view name, base::Price& price) const {
  const std::string_view text = market::Field(fields_, column);
  const auto units = market::ParseRoundedUnits(text);
  if (!units) {
    return RowProblem{RowFault::kBadNumber, fmt::format("{}: {}", name, units.error().message)};
  }
  const auto checked = market::CheckedPrice(*units / layout_.price_divisor, name);
  if (!checked) return RowProblem{RowFault::kBadPrice, checked.error().message};
  price = *checked;
  return std::nullopt;
}

std::optional<RowProblem> RowReader::ReadExactly(std::string_view line, CsvRow& row) {
  market::SplitCsvRow(line, fields_);
  if (fields_.size() < layout_.columns_min) {
    return RowProblem{RowFault::kMissingColumns,
                      fmt::format("has {} columns, not {}", fields_.size(), layout_.columns_min)};
  }
  row.symbol = market::Field(fields_, layout_.columns.symbol);
  if (layout_.columns.symbol && !market::IsSymbol(row.symbol)) {
    return RowProblem{RowFault::kBadSymbol, fmt::format("'{}' is not a symbol", Shown(row.symbol))};
  }
  const auto time = TimeOf();
  if (!time) return RowProblem{RowFault::kBadTime, time.error().message};
  row.bar = {.start = *time, .open = {}, .high = {}, .low = {}, .close = {}, .volume = {}};
  model::Bar& bar = row.bar;
  const market::CsvColumns& columns = layout_.columns;
  if (layout_.one_price) {
    if (auto problem = ReadPrice(columns.price, "price", bar.open)) return problem;
    bar.high = bar.low = bar.close = bar.open;
  } else {
    if (auto problem = ReadPrice(columns.open, "open", bar.open)) return problem;
    if (auto problem = ReadPrice(columns.high, "high", bar.high)) return problem;
    if (auto problem = ReadPrice(columns.low, "low", bar.low)) return problem;
    if (auto problem = ReadPrice(columns.close, "close", bar.close)) return problem;
  }
  if (bar.high < bar.low) {
    return RowProblem{
        RowFault::kHighBelowLow,
        fmt::format("high {} is below low {}", bar.high.ToString(), bar.low.ToString())};
  }
  if (bar.high < std::max(bar.open, bar.close) || bar.low > std::min(bar.open, bar.close)) {
    return RowProblem{
        RowFault::kOutsideRange,
        fmt::format("open {} and close {} are not between low {} and high {}", bar.open.ToString(),
                    bar.close.ToString(), bar.low.ToString(), bar.high.ToString())};
  }
  if (const std::string_view text = market::Field(fields_, columns.volume); !text.empty()) {
    const auto units = market::ParseVolumeUnits(text);
    if (!units) return RowProblem{RowFault::kBadVolume, units.error().message};
    bar.volume = base::Amount::FromUnits(*units * base::kDecimalScale);
  }
  return std::nullopt;
}

}  // namespace livetape::jobs
