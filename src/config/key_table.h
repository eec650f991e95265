#pragma once

// The table of keys: the one place that says which keys exist, what each means, what it allows and
// where in Config it goes. Reading, checking, printing and documentation all follow it. Read-only.
// The keys of [[accounts]] tables are apart, in config/accounts.h.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/value.h"

namespace livetape::config {

// A key of a Root: of the Config, or of one table that there may be many of.
template <typename Root>
struct KeyOf {
  std::string path;     // "server.port"
  std::string allowed;  // "an integer from 0 to 65535", for errors
  std::string meaning;
  Shape shape = Shape::kText;
  // A table of values by member (market.interval by symbol); `shape` is each member's.
  bool by_member = false;

  // Puts a value into its place; false when it is not allowed. `member` is empty unless by_member.
  std::function<bool(Root&, std::string_view member, const Value&)> assign;
  // Path and TOML value of everything under this key: one line, or one a member.
  std::function<std::vector<std::pair<std::string, std::string>>(const Root&)> lines;
};

using Key = KeyOf<Config>;

const std::vector<Key>& KeyTable();

// Null when there is no such key.
const Key* FindKey(std::string_view path);

// "LIVETAPE_SERVER_PORT" for "server.port".
std::string EnvironmentName(std::string_view path);

// The key of a table: "market.interval.GOOGL"; quoted as TOML needs it. Without member the path.
std::string MemberPath(std::string_view path, std::string_view member);

// Which of `candidates` someone who wrote `text` may have meant: the first at the smallest edit
// distance up to 2. Empty when none is that near.
std::string_view Nearest(std::string_view text, const std::vector<std::string>& candidates);

}  // namespace livetape::config
