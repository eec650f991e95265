#include "base/json_text.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace livetape::base {
namespace {

// A character above ASCII: itself, or U+FFFD for its first byte. Returns the bytes taken.
size_t AppendCharacter(std::string& out, std::string_view text) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  const size_t size = Utf8CharacterBytes(text);
  out += size > 0 ? text.substr(0, size) : kReplacement;
  return size > 0 ? size : 1;
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else if (static_cast<unsigned char>(c) >= 0x80) {
          at += AppendCharacter(out, text.substr(at)) - 1;
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

}  // namespace livetape::base
