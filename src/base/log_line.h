#pragma once

// The text of one line of the log: a message and its fields, as `message key=value` or as members
// of a JSON object. Pure functions; whatever the values hold, the line stays one line.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace livetape::base {

// A named value beside a message. Refers to texts of the caller's. Names are ours, [a-z_]+.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, int64_t, uint64_t, double> value;  // a double with 3 decimals
};

// ` key=value` for each. A value is quoted when it holds anything but printable ASCII without
// space, quote, backslash and '='; in quotes other bytes are `\"`, `\\` or `\xHH`: no value can
// pass for another field, start another line, or steer a terminal.
void AppendLogText(std::string& out, std::string_view message, std::span<const LogField> fields);

// `"message":"...","key":value,...`, without braces.
void AppendLogJson(std::string& out, std::string_view message, std::span<const LogField> fields);

}  // namespace livetape::base
