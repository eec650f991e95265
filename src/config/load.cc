#include "config/load.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "config/accounts.h"
#include "config/setting.h"
#include "config/toml_file.h"

namespace livetape::config {
namespace {

constexpr size_t kFileBytesMax = 1 << 20;
constexpr std::string_view kEnvironmentPrefix = "LIVETAPE_";

base::Result<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    return base::Fail(fmt::format("cannot read the configuration file {}: {}", path,
                                  std::strerror(errno != 0 ? errno : EIO)));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kFileBytesMax) {
    return base::Fail(fmt::format("the configuration file {} is larger than 1 MiB", path));
  }
  return text;
}

// Its accounts, which can be complete only when all else is.
base::Result<std::vector<AccountTable>> ApplyFile(const std::string& path, Config& config) {
  const auto text = ReadFile(path);
  if (!text) return std::unexpected(text.error());
  auto read = SettingsFromToml(*text, path);
  if (!read) return std::unexpected(read.error());
  for (const Setting& setting : read->settings) {
    if (auto applied = Apply(setting, config); !applied) return std::unexpected(applied.error());
  }
  return std::move(read->accounts);
}

// The whole of a key that has members: "GOOGL=2s,AAPL=500ms".
base::Result<void> ApplyMembers(const Key& key, std::string_view text, std::string_view place,
                                Config& config) {
  for (const std::string_view part : SplitList(text)) {
    const size_t equals = part.rfind('=');
    if (equals == std::string_view::npos) {
      return base::Fail(fmt::format("{}: {}: got {}, expected a list such as GOOGL=2s,AAPL=500ms",
                                    place, key.path, QuoteToml(part)));
    }
    const Setting setting{&key, std::string(part.substr(0, equals)),
                          ValueFromText(part.substr(equals + 1), key.shape), std::string(place)};
    if (auto applied = Apply(setting, config); !applied) return applied;
  }
  return {};
}

base::Result<void> ApplyText(const Key& key, std::string_view text, const std::string& place,
                             Config& config) {
  if (key.by_member) return ApplyMembers(key, text, place, config);
  return Apply({&key, "", ValueFromText(text, key.shape), place}, config);
}

// The variable that `name` is the end of or, as a section, the beginning; empty: none. Others may be of
// other programs, such as a client's LIVETAPE_TOKEN.
std::string_view Abbreviated(std::string_view name, const std::vector<std::string>& names) {
  const std::string_view end = name.substr(kEnvironmentPrefix.size() - 1);
  const std::string section = std::string(name) + '_';
  for (const std::string& full : names) {
    if (full.ends_with(end) || full.starts_with(section)) return full;
  }
  return {};
}

base::Result<void> ApplyEnvironmentVariable(const std::string& name, const std::string& value,
                                            Config& config) {
  std::vector<std::string> names;
  for (const Key& key : KeyTable()) {
    names.push_back(EnvironmentName(key.path));
    if (names.back() == name) {
      return ApplyText(key, value, "environment variable " + name, config);
    }
  }
  if (name == EnvironmentName(kAccountsSection)) {
    return std::unexpected(AccountsOutsideFile("environment variable " + name));
  }
  std::string_view near = Nearest(name, names);
  if (near.empty()) near = Abbreviated(name, names);
  if (near.empty()) return {};
  return base::Fail(
      fmt::format("environment variable {}: there is no such key; did you mean {}?", name, near));
}

base::Result<void> ApplyOverride(const Override& given, Config& config) {
  for (const Key& key : KeyTable()) {
    if (given.key == key.path) return ApplyText(key, given.value, given.flag, config);
    if (!key.by_member || !given.key.starts_with(key.path + ".")) continue;
    return Apply({&key, given.key.substr(key.path.size() + 1),
                  ValueFromText(given.value, key.shape), given.flag},
                 config);
  }
  if (std::string_view(given.key).substr(0, given.key.find('.')) == kAccountsSection) {
    return std::unexpected(AccountsOutsideFile(given.flag));
  }
  return std::unexpected(UnknownKey(given.flag, given.key));
}

// A key, and where it is set if it is.
std::string Placed(const Config& config, const std::string& key) {
  const auto origin = config.origins.find(key);
  return origin == config.origins.end() ? key : fmt::format("{}: {}", origin->second, key);
}

base::Result<void> CheckAuth(const Config& config) {
  const AuthConfig& auth = config.auth;
  if (!auth.jwt_key_file.empty() && !auth.jwks_file.empty()) {
    return base::Fail(
        fmt::format("{}: auth.jwt_key_file is set too, expected one of them: keys come from one "
                    "place",
                    Placed(config, "auth.jwks_file")));
  }
  const bool own_key = auth.jwt_key_file.empty() && auth.jwks_file.empty();
  if (own_key && auth.jwt_alg != JwtAlgorithm::kHs256) {
    return base::Fail(
        fmt::format("{}: RS256 and ES256 need a public key, expected its file in auth.jwt_key_file "
                    "or auth.jwks_file",
                    Placed(config, "auth.jwt_alg")));
  }
  return {};
}

// What no single key can see.
base::Result<void> CheckTogether(const Config& config) {
  if (auto checked = CheckAuth(config); !checked) return checked;
  constexpr double kUpdatesMax = 100'000;
  const MarketConfig& market = config.market;
  const double updates = market.rate * static_cast<double>(market.symbols.size());
  if (market.source.kind != SourceSpec::Kind::kSynthetic) return {};
  if (updates > kUpdatesMax) {
    return base::Fail(fmt::format(
        "{}: {} updates per second for each of {} symbols are {}, "
        "expected at most {} for all symbols together",
        Placed(config, "market.rate"), market.rate, market.symbols.size(), updates, kUpdatesMax));
  }
  if (market.symbols.empty()) {
    return base::Fail(
        fmt::format("{}: got [], expected a symbol or more for market.source = \"synthetic\"",
                    Placed(config, "market.symbols")));
  }
  return {};
}

}  // namespace

base::Result<Config> Load(const LoadOptions& options) {
  Config config;
  std::vector<AccountTable> accounts;
  if (options.file) {
    auto applied = ApplyFile(*options.file, config);
    if (!applied) return std::unexpected(std::move(applied.error()));
    accounts = std::move(*applied);
  }
  for (const auto& [name, value] : options.environment) {
    if (!name.starts_with(kEnvironmentPrefix)) continue;
    if (auto applied = ApplyEnvironmentVariable(name, value, config); !applied) {
      return std::unexpected(std::move(applied.error()));
    }
  }
  for (const Override& given : options.overrides) {
    if (auto applied = ApplyOverride(given, config); !applied) {
      return std::unexpected(std::move(applied.error()));
    }
  }
  if (auto applied = ApplyAccounts(accounts, config); !applied) {
    return std::unexpected(std::move(applied.error()));
  }
  const bool made = config.market.source.kind == SourceSpec::Kind::kSynthetic;
  if (!made && !config.origins.contains("paper.strategy")) {
    config.paper.strategy = PaperStrategy::kNone;
  }
  if (auto checked = CheckTogether(config); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return config;
}

base::Result<Override> ParseSet(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return base::Fail(fmt::format("--set: got {}, expected section.key=value", QuoteToml(text)));
  }
  return Override{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)),
                  "--set"};
}

}  // namespace livetape::config
