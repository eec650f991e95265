#include "http/date_field.h"

#include <fmt/format.h>

#include <chrono>

#include "base/assert.h"

namespace livetape::http {
namespace {

// By number: std::format would follow the locale, and the names are English ones in each.
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string_view DateField::At(base::WallTime now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second.time_since_epoch().count() != second_) {
    second_ = second.time_since_epoch().count();
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{second - day};
    const auto end =
        fmt::format_to_n(text_.begin(), text_.size(), "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                         kDays[std::chrono::weekday{day}.c_encoding()], unsigned{date.day()},
                         kMonths[unsigned{date.month()} - 1], int{date.year()},
                         time.hours().count(), time.minutes().count(), time.seconds().count());
    LT_ASSERT(end.size == text_.size(), "{}", end.size);
  }
  return {text_.data(), text_.size()};
}

}  // namespace livetape::http
