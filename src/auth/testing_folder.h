#pragma once

// TestingFolder: a folder for one test's files, gone with it.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace livetape::auth {

class TestingFolder {
 public:
  TestingFolder() {
    std::string name = std::filesystem::temp_directory_path() / "livetape-auth-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~TestingFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestingFolder(const TestingFolder&) = delete;
  TestingFolder& operator=(const TestingFolder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  // Puts a new file in the place of an old one, as an operator should.
  std::filesystem::path Write(std::string_view name, std::string_view text) const {
    const auto made = path_ / "made";
    std::ofstream(made) << text;
    std::filesystem::rename(made, path_ / name);
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace livetape::auth
