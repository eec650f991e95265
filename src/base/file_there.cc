#include "base/file_there.h"

#include <fmt/format.h>

#include <system_error>

namespace livetape::base {

Result<bool> FileThere(const std::filesystem::path& path) {
  std::error_code error;
  const bool there = std::filesystem::exists(path, error);
  if (!error) return there;
  return Fail(fmt::format("cannot see whether {} is there: {}", path.string(), error.message()));
}

}  // namespace livetape::base
