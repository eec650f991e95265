#pragma once

// IsMadeOf: the check that most names in a configuration need. Pure function.

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace livetape::config {

// 1 to `most` ASCII letters, digits and characters of `besides`.
inline bool IsMadeOf(std::string_view text, size_t most, std::string_view besides) {
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           besides.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= most && std::ranges::all_of(text, fits);
}

}  // namespace livetape::config
