#include "base/log_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/json_text.h"

namespace livetape::base {
namespace {

bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

bool IsPlain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return IsPrintable(c) && c != ' ' && c != '"' && c != '\\' && c != '=';
  });
}

void AppendTextValue(std::string& out, std::string_view text) {
  if (IsPlain(text)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (IsPrintable(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  out += '"';
}

void AppendNumber(std::string& out, double value) {
  fmt::format_to(std::back_inserter(out), "{:.3f}", value);
}
void AppendNumber(std::string& out, auto value) {
  const fmt::format_int text(value);
  out.append(text.data(), text.size());
}

template <typename AppendString>
void AppendValue(std::string& out, const LogField& field, AppendString append_string) {
  std::visit(
      [&](const auto& value) {
        if constexpr (std::is_same_v<decltype(value), const std::string_view&>) {
          append_string(out, value);
        } else {
          AppendNumber(out, value);
        }
      },
      field.value);
}

}  // namespace

void AppendLogText(std::string& out, std::string_view message, std::span<const LogField> fields) {
  out += message;
  for (const LogField& field : fields) {
    out += ' ';
    out += field.name;
    out += '=';
    AppendValue(out, field, AppendTextValue);
  }
}

void AppendLogJson(std::string& out, std::string_view message, std::span<const LogField> fields) {
  out += R"("message":)";
  AppendJsonString(out, message);
  for (const LogField& field : fields) {
    out += ",\"";
    out += field.name;
    out += "\":";
    AppendValue(out, field, AppendJsonString);
  }
}

}  // namespace livetape::base
