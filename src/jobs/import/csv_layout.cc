#include "jobs/import/csv_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace livetape::jobs {
namespace {

using market::CsvColumns;

constexpr std::array<std::string_view, 3> kNames = {"auto", "csv", "lean"};

constexpr size_t kLeanBarColumns = 6, kLeanQuoteColumns = 11;
constexpr int64_t kLeanDivisor = 10'000;
constexpr int64_t kMillisecondsOfADay = 86'400'000;

bool AllDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool StartsLikeARow(std::string_view line) {
  return !line.empty() && line.front() >= '0' && line.front() <= '9';
}

// "20131007 00:00".
bool IsLeanDay(std::string_view text) {
  return text.size() == 14 && AllDigits(text.substr(0, 8)) && text[8] == ' ' && text[11] == ':';
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

base::Result<CsvLayout> LeanLayout(std::string_view line, model::AssetClass asset_class) {
  std::vector<std::string_view> fields;
  market::SplitCsvRow(line, fields);
  const bool day = IsLeanDay(fields[0]);
  const bool milliseconds = AllDigits(fields[0]) && fields[0].size() <= 8 &&
                            std::stoll(std::string(fields[0])) < kMillisecondsOfADay;
  if (!day && !milliseconds) {
    return base::Fail(
        "the first line is neither a header with date or time, and open, high, low, close or a "
        "price, nor a row of Lean's: '20131007 00:00' or milliseconds since midnight, then open, "
        "high, low, close, volume");
  }
  if (milliseconds && fields.size() == kLeanQuoteColumns) {
    return base::Fail("the file has Lean's quotes; import the file with the trades instead");
  }
  const bool bars =
      fields.size() == kLeanBarColumns && std::all_of(fields.begin() + 1, fields.end(), IsNumber);
  if (milliseconds && !bars) {
    return base::Fail(
        "the file has milliseconds since midnight, but not open, high, low, close and volume "
        "behind "
        "them: of Lean's files, those with bars of trades can be imported");
  }
  const bool equity = asset_class == model::AssetClass::kUsEquity;
  CsvLayout layout{
      .columns_min = kLeanBarColumns, .price_divisor = equity ? kLeanDivisor : 1, .header = false};
  layout.columns.time = 0;
  layout.columns.open = 1;
  layout.columns.high = 2;
  layout.columns.low = 3;
  layout.columns.close = 4;
  layout.columns.volume = 5;
  if (milliseconds) {
    layout.time_form =
        equity ? CsvLayout::TimeForm::kNewYorkMilliseconds : CsvLayout::TimeForm::kUtcMilliseconds;
  } else if (equity) {
    layout.time_form = CsvLayout::TimeForm::kNewYorkText;
  }
  return layout;
}

}  // namespace

std::string_view Name(CsvFormat format) { return kNames[static_cast<size_t>(format)]; }

std::optional<CsvFormat> ParseCsvFormat(std::string_view text) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<CsvFormat>(i);
  }
  return std::nullopt;
}

base::Result<CsvLayout> LayoutOf(std::string_view first_line, CsvFormat format,
                                 model::AssetClass asset_class) {
  const bool lean =
      format == CsvFormat::kAuto ? StartsLikeARow(first_line) : format == CsvFormat::kLean;
  if (lean) return LeanLayout(first_line, asset_class);
  CsvLayout layout{.columns = CsvColumns::Parse(first_line)};
  CsvColumns& columns = layout.columns;
  layout.one_price = !columns.MakesBars() && columns.HasTime() && columns.price;
  if (!columns.MakesBars() && !layout.one_price) {
    return base::Fail(
        fmt::format("the header '{}' does not name date or time, and open, high, low, close (or "
                    "price)",
                    first_line.substr(0, 200)));
  }
  if (layout.one_price) {
    columns.open = columns.high = columns.low = columns.close = columns.price;
    if (!columns.volume) columns.volume = columns.size;
  }
  for (const CsvColumns::Column& column :
       {columns.date, columns.time, columns.symbol, columns.open, columns.high, columns.low,
        columns.close, columns.volume}) {
    if (column) layout.columns_min = std::max(layout.columns_min, *column + 1);
  }
  return layout;
}

}  // namespace livetape::jobs
