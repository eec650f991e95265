#pragma once

// The [[accounts]] tables of a configuration file: read, checked against the keys of paper_keys.h,
// completed from [paper], and printed without secrets. They come from a file only, since a flag or
// a variable could not say which account it means. Pure functions.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/value.h"

namespace livetape::config {

inline constexpr std::string_view kAccountsSection = "accounts";
inline constexpr size_t kAccountTablesMax = 1000;

// One table as someone wrote it.
struct AccountTable {
  struct Entry {
    std::string key;  // "cash"
    Value value;
    std::string place;  // "livetape.toml:3"
  };
  std::vector<Entry> entries;
  std::string place;
};

// Appends them to config.accounts; config.paper is complete.
base::Result<void> ApplyAccounts(const std::vector<AccountTable>& tables, Config& config);

// As TOML tables, each value with its origin. A secret is a comment that says where it is.
std::string DescribeAccounts(const Config& config);

// Every key: what it allows and means.
std::string AccountKeyHelp();

}  // namespace livetape::config
