#pragma once

// TemporaryFolder: a folder that goes with it, in memory where there is such a place: what matters
// to a test is what is written, not how fast. For tests only.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/assert.h"

namespace livetape::base {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    const std::filesystem::path memory = "/dev/shm";
    const bool has_memory = ::access(memory.c_str(), W_OK) == 0;
    const auto place = has_memory ? memory : std::filesystem::temp_directory_path();
    std::string name = (place / "livetape-test-XXXXXX").string();
    LT_ASSERT(::mkdtemp(name.data()) != nullptr, "in {}", place.string());
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace livetape::base
