#pragma once

// ZipMember: one file out of a zip archive in memory. For tests only.

#include <zlib.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"

namespace livetape::jobs {

// The bytes of the member `name`, by the archive's central directory; the archive is a whole one.
inline std::string ZipMember(std::string_view archive, std::string_view name) {
  const auto number = [archive](size_t at, size_t bytes) {
    size_t value = 0;
    for (size_t i = bytes; i-- > 0;) value = value << 8U | static_cast<uint8_t>(archive[at + i]);
    return value;
  };
  const size_t end = archive.rfind(std::string_view("PK\5\6", 4));
  LT_ASSERT(end != std::string_view::npos);
  size_t entry = number(end + 16, 4);
  for (size_t left = number(end + 10, 2); left > 0; --left) {
    const size_t name_bytes = number(entry + 28, 2);
    if (archive.substr(entry + 46, name_bytes) != name) {
      entry += 46 + name_bytes + number(entry + 30, 2) + number(entry + 32, 2);
      continue;
    }
    const size_t local = number(entry + 42, 4);
    const size_t begin = local + 30 + number(local + 26, 2) + number(local + 28, 2);
    const std::string_view packed = archive.substr(begin, number(entry + 20, 4));
    if (number(entry + 10, 2) == 0) return std::string(packed);
    // Sizes may be left open here, so the stream itself says where it ends.
    std::string content;
    z_stream stream{};
    LT_ASSERT(inflateInit2(&stream, -MAX_WBITS) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    for (int state = Z_OK; state != Z_STREAM_END;) {
      std::array<char, 65536> piece;
      stream.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream.avail_out = static_cast<uInt>(piece.size());
      state = inflate(&stream, Z_NO_FLUSH);
      LT_ASSERT(state == Z_OK || state == Z_STREAM_END, "{}", state);
      content.append(piece.data(), piece.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    return content;
  }
  LT_ASSERT(false, "no {} in the archive", name);
  return {};
}

}  // namespace livetape::jobs
