#include "config/describe.h"

#include <fmt/format.h>

#include "config/accounts.h"
#include "config/key_table.h"

namespace livetape::config {

std::string Describe(const Config& config) {
  std::string text;
  for (const Key& key : KeyTable()) {
    for (const auto& [path, value] : key.lines(config)) {
      const auto origin = config.origins.find(path);
      text += fmt::format("{} = {}  # {}\n", path, value,
                          origin == config.origins.end() ? "default" : origin->second);
    }
  }
  return text + DescribeAccounts(config);
}

std::string KeyHelp() {
  const Config defaults;
  std::string text;
  for (const Key& key : KeyTable()) {
    text += key.by_member ? fmt::format("{}.MEMBER\n", key.path) : key.path + "\n";
    text += fmt::format("    {}\n    {}\n", key.meaning, key.allowed);
    for (const auto& [path, value] : key.lines(defaults)) {
      text += key.by_member ? fmt::format("    default: {} = {}\n", path, value)
                            : fmt::format("    default: {}\n", value);
    }
    text += fmt::format("    environment: {}\n", EnvironmentName(key.path));
  }
  return text + AccountKeyHelp();
}

}  // namespace livetape::config
