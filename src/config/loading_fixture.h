#pragma once

// Loading: a configuration from a file, variables and flags, and the fault in it. For tests only.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#include "config/load.h"

namespace livetape::config {

class Loading : public testing::Test {
 protected:
  Loading()
      : path_(std::string(testing::TempDir()) + "livetape_" +
              testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml") {}
  ~Loading() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  void File(std::string_view text) {
    std::ofstream(path_, std::ios::binary) << text;
    options_.file = path_;
  }
  void Environment(std::string name, std::string value) {
    options_.environment.emplace_back(std::move(name), std::move(value));
  }
  void Flag(std::string flag, std::string key, std::string value) {
    options_.overrides.push_back({std::move(key), std::move(value), std::move(flag)});
  }
  void Set(std::string_view text) { options_.overrides.push_back(*ParseSet(text)); }

  Config Loaded() {
    auto config = Load(options_);
    if (!config) ADD_FAILURE() << config.error().message;
    return config.value_or(Config());
  }
  // The message, with the file's path as FILE.
  std::string Fault() {
    const auto config = Load(options_);
    if (config) return "loaded";
    std::string message = config.error().message;
    for (size_t at = message.find(path_); at != std::string::npos; at = message.find(path_)) {
      message.replace(at, path_.size(), "FILE");
    }
    return message;
  }
  std::string FaultOf(std::string_view file) {
    File(file);
    return Fault();
  }

  const std::string path_;
  LoadOptions options_;
};

}  // namespace livetape::config
