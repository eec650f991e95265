// Fuzz target: any bytes as a configuration file. A fault names the file, its line and what would be
// right; what is taken is printed as a file that means the same.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "config/accounts.h"
#include "config/describe.h"
#include "config/setting.h"
#include "config/toml_file.h"

namespace livetape::config {
namespace {

constexpr std::string_view kName = "fuzzed.toml";

// What the text sets, or nothing if it is refused.
std::optional<Config> Read(std::string_view text) {
  const auto check = [](const base::Error& error) {
    LT_ASSERT(error.message.find(kName) != std::string::npos, "{}", error.message);
    LT_ASSERT(error.message.size() < 4096, "{} bytes", error.message.size());
  };
  const auto read = SettingsFromToml(text, kName);
  if (!read) {
    check(read.error());
    return std::nullopt;
  }
  Config config;
  for (const Setting& setting : read->settings) {
    if (const auto applied = Apply(setting, config); !applied) {
      check(applied.error());
      return std::nullopt;
    }
  }
  if (const auto applied = ApplyAccounts(read->accounts, config); !applied) {
    check(applied.error());
    return std::nullopt;
  }
  return config;
}

}  // namespace
}  // namespace livetape::config

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace livetape;
  const auto config = config::Read({reinterpret_cast<const char*>(data), size});
  if (!config) return 0;
  const std::string described = config::Describe(*config);
  // Secrets are not printed, so a file of accounts does not come back whole.
  if (!config->accounts.empty()) return 0;
  const auto again = config::Read(described);
  LT_ASSERT(again.has_value(), "{}", described);
  return 0;
}
