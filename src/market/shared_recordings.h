#pragma once

// SharedRecording: real market data beside the checkout, for tests that skip without it.

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace livetape::market {

// The path of `name` in the folder that LIVETAPE_SHARED names, else in ../shared beside the source
// tree. Nothing when it is not there.
inline std::optional<std::string> SharedRecording(const std::string& name) {
  const char* const folder = std::getenv("LIVETAPE_SHARED");
  const std::filesystem::path path =
      std::filesystem::path(folder != nullptr ? folder : LIVETAPE_SOURCE_DIR "/../shared") /
      "data" / name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path.string();
}

}  // namespace livetape::market
