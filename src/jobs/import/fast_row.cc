#include "jobs/import/fast_row.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "market/instrument_table.h"
#include "market/number_field.h"
#include "market/time_field.h"

namespace livetape::jobs {
namespace {

using base::Int128;

constexpr std::array<int64_t, 10> kPowers = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
// Of a feed's times: market::InFeedRange.
constexpr int kFirstYear = 1970, kLastYear = 2200;
constexpr int64_t kVolumeMax = 36'000'000'000;
constexpr int64_t kSecond = 1'000'000'000, kDay = 86'400 * kSecond;

unsigned DigitOf(char c) { return static_cast<unsigned>(static_cast<unsigned char>(c)) - '0'; }

struct Number {
  int64_t whole = 0, fraction = 0;  // the fraction in units of its last digit
  size_t decimals = 0;
};

// The number up to the next comma or the end; where it ends, or null.
const char* ScanNumber(const char* at, const char* end, int whole_digits_max, Number& number) {
  const char* const first = at;
  uint64_t value = 0;  // of too many digits it is nothing, and not used
  while (at != end && DigitOf(*at) < 10) value = value * 10 + DigitOf(*at++);
  if (at == first || at - first > whole_digits_max) return nullptr;
  number.whole = static_cast<int64_t>(value);
  number.fraction = 0;
  number.decimals = 0;
  if (at == end || *at == ',') return at;
  if (*at != '.') return nullptr;
  const char* const point = ++at;
  value = 0;
  while (at != end && DigitOf(*at) < 10) value = value * 10 + DigitOf(*at++);
  if (at - point > base::kDecimalPlaces || (at != end && *at != ',')) return nullptr;
  number.fraction = static_cast<int64_t>(value);
  number.decimals = static_cast<size_t>(at - point);
  return at;
}

// Two digits, or 100 and more.
unsigned Pair(const char* at) {
  const unsigned tens = DigitOf(at[0]), ones = DigitOf(at[1]);
  return tens < 10 && ones < 10 ? tens * 10 + ones : 100;
}

// "09:30", "09:30:00", "09:30:00Z"; in ns, or -1.
int64_t TimeOfDay(std::string_view text) {
  if (text.size() == 9 && text.ends_with('Z')) text.remove_suffix(1);
  if ((text.size() != 5 && text.size() != 8) || text[2] != ':') return -1;
  const unsigned hours = Pair(text.data()), minutes = Pair(text.data() + 3);
  unsigned seconds = 0;
  if (text.size() == 8) {
    if (text[5] != ':') return -1;
    seconds = Pair(text.data() + 6);
  }
  if (hours > 23 || minutes > 59 || seconds > 59) return -1;
  return (int64_t{hours} * 3600 + minutes * 60 + seconds) * kSecond;
}

// Whole seconds or milliseconds since 1970, told by size; -1: neither.
int64_t SinceEpoch(std::string_view text) {
  if (text.size() < 9 || text.size() > 14) return -1;
  int64_t count = 0;
  for (const char c : text) {
    if (DigitOf(c) > 9) return -1;
    count = count * 10 + DigitOf(c);
  }
  const int64_t unit = count < 100'000'000'000 ? kSecond : kSecond / 1000;
  return __builtin_mul_overflow(count, unit, &count) ? -1 : count;
}

bool InOrder(const model::Bar& bar) {
  return bar.high >= bar.low && bar.high >= bar.open && bar.high >= bar.close &&
         bar.low <= bar.open && bar.low <= bar.close;
}

}  // namespace

FastRow::FastRow(const CsvLayout& layout)
    : price_divisor_(layout.price_divisor), one_price_(layout.one_price) {
  const market::CsvColumns& columns = layout.columns;
  if (layout.time_form != CsvLayout::TimeForm::kText || (columns.date && columns.time)) return;
  columns_.resize(layout.columns_min);
  const auto set = [&](market::CsvColumns::Column column, Kind kind, PriceOf price = kOpen) {
    if (column) columns_[*column] = {.kind = kind, .price = price};
  };
  set(columns.date ? columns.date : columns.time, Kind::kTime);
  set(columns.symbol, Kind::kSymbol);
  set(columns.high, Kind::kPrice, kHigh);
  set(columns.low, Kind::kPrice, kLow);
  set(columns.close, Kind::kPrice, kClose);
  set(columns.open, Kind::kPrice, kOpen);
  set(columns.volume, Kind::kVolume);
  has_symbol_ = columns.symbol.has_value();
}

bool FastRow::Read(std::string_view line, CsvRow& row) {
  if (columns_.empty()) return false;
  const char* at = line.data();
  const char* const end = at + line.size();
  std::array<int64_t, 4> prices{};
  int64_t time = 0;
  Int128 volume = 0;
  Number number;
  for (const Column column : columns_) {
    if (at > end) return false;  // the row is short
    if (column.kind == Kind::kPrice) {
      at = ScanNumber(at, end, 9, number);
      if (at == nullptr) return false;
      const int64_t units =
          number.whole * base::kDecimalScale + number.fraction * kPowers[9 - number.decimals];
      prices[column.price] = price_divisor_ == 1 ? units : units / price_divisor_;
    } else if (column.kind == Kind::kVolume) {
      at = ScanNumber(at, end, 15, number);
      if (at == nullptr || number.whole >= kVolumeMax) return false;
      const int64_t fraction = number.fraction * kPowers[9 - number.decimals];
      volume = (Int128{number.whole} * base::kDecimalScale + fraction) * base::kDecimalScale;
    } else {
      const auto* const comma =
          static_cast<const char*>(std::memchr(at, ',', static_cast<size_t>(end - at)));
      const std::string_view field(at, static_cast<size_t>((comma ? comma : end) - at));
      at += field.size();
      if (column.kind == Kind::kTime) {
        if (!ReadTime(field, time)) return false;
      } else if (column.kind == Kind::kSymbol) {
        row.symbol = field;
      } else if (field.contains('"')) {
        return false;  // it may hold a comma
      }
    }
    ++at;  // behind the comma, or behind the end
  }
  if (one_price_) prices.fill(prices[kOpen]);
  row.bar = {.start = base::WallTime(std::chrono::nanoseconds(time)),
             .open = base::Price::FromUnits(prices[kOpen]),
             .high = base::Price::FromUnits(prices[kHigh]),
             .low = base::Price::FromUnits(prices[kLow]),
             .close = base::Price::FromUnits(prices[kClose]),
             .volume = base::Amount::FromUnits(volume)};
  if (!has_symbol_) row.symbol = {};
  return InOrder(row.bar) && prices[kLow] > 0 && prices[kHigh] <= market::kPriceUnitsMax &&
         (!has_symbol_ || market::IsSymbol(row.symbol));
}

bool FastRow::ReadTime(std::string_view text, int64_t& time) {
  const bool dashes = text.size() >= 10 && text[4] == '-';
  const size_t length = dashes ? 10 : 8;
  if (text.size() != length &&
      (text.size() <= length || (text[length] != ' ' && text[length] != 'T'))) {
    time = SinceEpoch(text);
    return time >= 0 && market::InFeedRange(base::WallTime(std::chrono::nanoseconds(time)));
  }
  const std::string_view date = text.substr(0, length);
  if (date != std::string_view(day_text_.data(), day_length_)) {
    int64_t day = 0;
    if (!DayOf(date, dashes ? 1 : 0, day)) return false;
    std::copy(date.begin(), date.end(), day_text_.begin());
    day_length_ = length;
    day_ = day;
  }
  time = day_;
  if (text.size() == length) return true;
  // RFC 3339 has the T only behind dashes.
  const int64_t of_day = !dashes && text[length] == 'T' ? -1 : TimeOfDay(text.substr(length + 1));
  time += of_day;
  return of_day >= 0;
}

// `apart`: characters between the parts.
bool FastRow::DayOf(std::string_view text, size_t apart, int64_t& day) {
  const char* const at = text.data();
  const unsigned century = Pair(at), years = Pair(at + 2), month = Pair(at + 4 + apart),
                 day_of_month = Pair(at + 6 + 2 * apart);
  if (century > 99 || years > 99 || (apart != 0 && (at[4] != '-' || at[7] != '-'))) return false;
  const auto year = static_cast<int>(century * 100 + years);
  if (year < kFirstYear || year > kLastYear) return false;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day_of_month)};
  if (!date.ok()) return false;
  day = std::chrono::sys_days(date).time_since_epoch().count() * kDay;
  return true;
}

}  // namespace livetape::jobs
