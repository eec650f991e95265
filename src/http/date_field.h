#pragma once

// The value of the field Date, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, sections 5.6.7 and 6.6.1).
// Of one thread; what is written is kept for as long as the second lasts.

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/clock.h"

namespace livetape::http {

class DateField {
 public:
  // Of the years 0 to 9999, which the form ends with. Valid until the next call.
  std::string_view At(base::WallTime now);

 private:
  int64_t second_ = std::numeric_limits<int64_t>::min();
  std::array<char, 29> text_{};
};

}  // namespace livetape::http
