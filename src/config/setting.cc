#include "config/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "config/accounts.h"

namespace livetape::config {
namespace {

std::string_view Section(std::string_view path) { return path.substr(0, path.find('.')); }

std::vector<std::string> KeysOf(std::string_view section) {
  std::vector<std::string> names;
  for (const Key& key : KeyTable()) {
    if (Section(key.path) == section) names.push_back(key.path.substr(section.size() + 1));
  }
  return names;
}

std::vector<std::string> Sections() {
  std::vector<std::string> names;
  for (const Key& key : KeyTable()) {
    const std::string name(Section(key.path));
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  names.emplace_back(kAccountsSection);
  return names;
}

}  // namespace

base::Result<void> Apply(const Setting& setting, Config& config) {
  const std::string path = MemberPath(setting.key->path, setting.member);
  if (!setting.key->assign(config, setting.member, setting.value)) {
    return base::Fail(fmt::format("{}: {}: got {}, expected {}", setting.place, Excerpt(path),
                                  Excerpt(ShowValue(setting.value)), setting.key->allowed));
  }
  config.origins.insert_or_assign(path, setting.place);
  return {};
}

base::Error AccountsOutsideFile(std::string_view place) {
  return {fmt::format("{}: accounts come from the configuration file only, as tables [[{}]]", place,
                      kAccountsSection)};
}

base::Error UnknownKey(std::string_view place, std::string_view path) {
  std::vector<std::string> paths;
  for (const Key& key : KeyTable()) paths.push_back(key.path);
  const std::string_view near = Nearest(path, paths);
  if (!near.empty()) {
    return {fmt::format("{}: there is no key {}; did you mean {}?", place, Excerpt(path), near)};
  }
  const std::string_view section = Section(path);
  if (const auto names = KeysOf(section); !names.empty()) {
    return {fmt::format("{}: there is no key {}; section {} has {}", place, Excerpt(path), section,
                        fmt::join(names, ", "))};
  }
  const std::vector<std::string> sections = Sections();
  const std::string_view near_section = Nearest(section, sections);
  if (!near_section.empty()) {
    return {fmt::format("{}: there is no section {}; did you mean {}?", place, Excerpt(section),
                        near_section)};
  }
  return {fmt::format("{}: there is no section {}; there are {}", place, Excerpt(section),
                      fmt::join(sections, ", "))};
}

}  // namespace livetape::config
