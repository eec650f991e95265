#pragma once

// FileThere: whether there is a file or folder, which is not the same as whether it can be seen.

#include <filesystem>

#include "base/result.h"

namespace livetape::base {

// An error where that cannot be told, such as in a folder of another user; it names the path.
Result<bool> FileThere(const std::filesystem::path& path);

}  // namespace livetape::base
