#pragma once

// Text of header fields: comparisons without case, of ASCII only, whatever the locale.

#include <algorithm>
#include <string>
#include <string_view>

namespace livetape::http {

constexpr char LowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, {}, [](char c) { return LowerCase(c); }, [](char c) { return LowerCase(c); });
}

inline std::string LowerCase(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return LowerCase(c); });
  return out;
}

}  // namespace livetape::http
