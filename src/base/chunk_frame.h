#pragma once

// ChunkFrame: one piece of a stream's body, encoded once for every connection that gets it.
//
// The shared bytes are an HTTP/1.1 chunk (RFC 9112, section 7.1): "size in hex CRLF body CRLF".
// HTTP/1.1 connections send all of it; HTTP/1.0 ones the body slice.

#include <cstdint>
#include <string_view>

#include "base/shared_bytes.h"

namespace livetape::base {

class ChunkFrame {
 public:
  ChunkFrame() = default;
  // `body` is not empty: an empty chunk would end the stream.
  static ChunkFrame Encode(std::string_view body);

  const SharedBytes& bytes() const { return bytes_; }
  std::string_view chunk() const { return bytes_.view(); }
  std::string_view body() const { return bytes_.view().substr(body_offset_, body_size_); }

 private:
  SharedBytes bytes_;
  uint32_t body_offset_ = 0;
  uint32_t body_size_ = 0;
};

}  // namespace livetape::base
