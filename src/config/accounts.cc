#include "config/accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/paper_keys.h"

namespace livetape::config {
namespace {

using base::Fail;

constexpr std::string_view kSecret = "secret";

const std::vector<AccountKey>& AccountKeys() {
  static const std::vector<AccountKey> keys = MakeAccountKeys();
  return keys;
}

// Names that may be there once only.
using Seen = std::set<std::string, std::less<>>;

base::Result<void> ApplyEntry(const AccountTable::Entry& entry, AccountConfig& account) {
  const auto key = std::ranges::find(AccountKeys(), entry.key, &AccountKey::path);
  if (key == AccountKeys().end()) {
    std::vector<std::string> names;
    for (const AccountKey& known : AccountKeys()) names.push_back(known.path);
    const std::string_view near = Nearest(entry.key, names);
    const std::string there = near.empty()
                                  ? fmt::format("an account has {}", fmt::join(names, ", "))
                                  : fmt::format("did you mean accounts.{}?", near);
    return Fail(
        fmt::format("{}: there is no key accounts.{}; {}", entry.place, Excerpt(entry.key), there));
  }
  if (!key->assign(account, "", entry.value)) {
    const bool hidden = key->path == kSecret;
    return Fail(fmt::format("{}: accounts.{}: got {}, expected {}", entry.place, entry.key,
                            hidden ? "something else" : Excerpt(ShowValue(entry.value)),
                            key->allowed));
  }
  account.origins.insert_or_assign(entry.key, entry.place);
  return {};
}

// What no single key can see.
base::Result<void> CheckAccount(const AccountConfig& account, const std::string& place, Seen& names,
                                Seen& keys) {
  const auto origin = [&](std::string_view key) { return account.origins.find(key)->second; };
  if (account.name.empty()) {
    return Fail(fmt::format("{}: accounts: got a table without name, expected name = \"...\" in it",
                            place));
  }
  if (account.key.empty() != account.secret.empty()) {
    return Fail(fmt::format("{}: accounts: {} has a {} only, expected key and secret or neither",
                            place, account.name, account.key.empty() ? "secret" : "key"));
  }
  if (!names.insert(account.name).second) {
    return Fail(
        fmt::format("{}: accounts.name: got \"{}\", expected a name that no account before "
                    "it has",
                    origin("name"), account.name));
  }
  if (!account.key.empty() && !keys.insert(account.key).second) {
    return Fail(
        fmt::format("{}: accounts.key: got \"{}\", expected a key that no account before "
                    "it has",
                    origin("key"), account.key));
  }
  return {};
}

}  // namespace

base::Result<void> ApplyAccounts(const std::vector<AccountTable>& tables, Config& config) {
  if (tables.size() > kAccountTablesMax) {
    return Fail(fmt::format("{}: accounts: got {} tables, expected at most {}",
                            tables[kAccountTablesMax].place, tables.size(), kAccountTablesMax));
  }
  Seen names, keys;
  for (const AccountTable& table : tables) {
    AccountConfig account;
    static_cast<PaperTerms&>(account) = config.paper;
    for (const AccountTable::Entry& entry : table.entries) {
      if (auto applied = ApplyEntry(entry, account); !applied) return applied;
    }
    if (auto checked = CheckAccount(account, table.place, names, keys); !checked) return checked;
    config.accounts.push_back(std::move(account));
  }
  return {};
}

std::string DescribeAccounts(const Config& config) {
  std::string text;
  for (const AccountConfig& account : config.accounts) {
    text += "\n[[accounts]]\n";
    for (const AccountKey& key : AccountKeys()) {
      const auto origin = account.origins.find(key.path);
      const bool given = origin != account.origins.end();
      if (key.path == kSecret) {
        if (given) text += fmt::format("# {} is not printed  # {}\n", key.path, origin->second);
        continue;
      }
      if (!given && (key.path == "key" || key.path == "owner")) continue;
      for (const auto& [path, value] : key.lines(account)) {
        text += fmt::format("{} = {}  # {}\n", path, value,
                            given ? origin->second : "paper." + key.path);
      }
    }
  }
  return text;
}

std::string AccountKeyHelp() {
  std::string text = "\nIn the file only, any number of tables [[accounts]], each with:\n\n";
  for (const AccountKey& key : AccountKeys()) {
    text += fmt::format("{}.{}\n    {}\n    {}\n", kAccountsSection, key.path, key.meaning,
                        key.allowed);
    if (FindKey("paper." + key.path) != nullptr) {
      text += fmt::format("    default: that of paper.{}\n", key.path);
    }
  }
  return text;
}

}  // namespace livetape::config
