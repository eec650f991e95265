#include "base/chunk_frame.h"

#include <fmt/format.h>

#include <string>

#include "base/assert.h"

namespace livetape::base {

ChunkFrame ChunkFrame::Encode(std::string_view body) {
  LT_ASSERT(!body.empty());
  std::string chunk = fmt::format("{:x}\r\n", body.size());
  ChunkFrame frame;
  frame.body_offset_ = static_cast<uint32_t>(chunk.size());
  frame.body_size_ = static_cast<uint32_t>(body.size());
  chunk.reserve(chunk.size() + body.size() + 2);
  chunk += body;
  chunk += "\r\n";
  frame.bytes_ = SharedBytes::Copy(chunk);
  return frame;
}

}  // namespace livetape::base
