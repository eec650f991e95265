#include "config/toml_file.h"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

namespace livetape::config {
namespace {

Value ToValue(const toml::node& node) {
  if (const auto* value = node.as_boolean()) return {value->get()};
  if (const auto* value = node.as_integer()) return {value->get()};
  if (const auto* value = node.as_floating_point()) return {value->get()};
  if (const auto* value = node.as_string()) return {value->get()};
  if (const auto* array = node.as_array()) {
    std::vector<Value> list;
    for (const toml::node& item : *array) list.push_back(ToValue(item));
    return {std::move(list)};
  }
  return {Value::Other{node.is_table() ? "a table" : "a date or time"}};
}

// Walks down the tables until it meets keys of the table.
class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  // The first fault, if any.
  std::optional<base::Error> Read(const std::string& path, const toml::node& node) {
    const std::string place = PlaceOf(node);
    if (path == kAccountsSection) return ReadAccounts(place, node);
    const Key* key = FindKey(path);
    if (key != nullptr && key->by_member && node.is_table()) {
      for (const auto& [member, value] : *node.as_table()) {
        taken_.settings.push_back({key, std::string(member.str()), ToValue(value), PlaceOf(value)});
      }
      return std::nullopt;
    }
    if (key != nullptr) {
      taken_.settings.push_back({key, "", ToValue(node), place});
      return std::nullopt;
    }
    if (!IsSection(path)) return UnknownKey(place, path);
    if (!node.is_table()) {
      return base::Error{fmt::format("{}: {}: got {}, expected a section: [{}] and its keys below",
                                     place, path, ShowValue(ToValue(node)), path)};
    }
    return ReadTable(path + ".", *node.as_table());
  }

  std::optional<base::Error> ReadTable(const std::string& prefix, const toml::table& table) {
    for (const auto& [name, node] : table) {
      if (auto error = Read(prefix + std::string(name.str()), node)) return error;
    }
    return std::nullopt;
  }

  FileSettings Take() { return std::move(taken_); }

 private:
  std::string PlaceOf(const toml::node& node) const {
    return fmt::format("{}:{}", name_, node.source().begin.line);
  }

  std::optional<base::Error> ReadAccounts(const std::string& place, const toml::node& node) {
    const auto* array = node.as_array();
    if (array == nullptr || !(array->empty() || array->is_homogeneous(toml::node_type::table))) {
      return base::Error{
          fmt::format("{}: {}: got {}, expected [[{}]] and its keys below, once for "
                      "each account",
                      place, kAccountsSection, ShowValue(ToValue(node)), kAccountsSection)};
    }
    for (const toml::node& item : *array) {
      AccountTable table{.entries = {}, .place = PlaceOf(item)};
      for (const auto& [key, value] : *item.as_table()) {
        table.entries.push_back({std::string(key.str()), ToValue(value), PlaceOf(value)});
      }
      taken_.accounts.push_back(std::move(table));
    }
    return std::nullopt;
  }

  static bool IsSection(const std::string& path) {
    return std::ranges::any_of(KeyTable(),
                               [&](const Key& key) { return key.path.starts_with(path + "."); });
  }

  std::string_view name_;
  FileSettings taken_;
};

}  // namespace

base::Result<FileSettings> SettingsFromToml(std::string_view text, std::string_view name) {
  const toml::parse_result parsed = toml::parse(text, name);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return base::Fail(
        fmt::format("{}:{}: not TOML: {}", name, error.source().begin.line, error.description()));
  }
  Reader reader(name);
  if (auto error = reader.ReadTable("", parsed.table())) return std::unexpected(std::move(*error));
  return reader.Take();
}

}  // namespace livetape::config
