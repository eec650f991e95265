#pragma once

// MemoryBytes: a source for tests: a text, some bytes at a time.

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/assert.h"
#include "jobs/import/byte_source.h"

namespace livetape::jobs {

class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::string bytes, size_t chunk = 1 << 20)
      : bytes_(std::move(bytes)), chunk_(chunk) {}
  void FailAtEnd(std::string message) { failure_ = std::move(message); }

  base::Result<size_t> Read(std::span<char> room) override {
    LT_ASSERT(!room.empty());
    const size_t got = std::min({room.size(), chunk_, bytes_.size() - at_});
    if (got == 0 && failure_) return base::Fail(*failure_);
    bytes_.copy(room.data(), got, at_);
    at_ += got;
    return got;
  }

 private:
  const std::string bytes_;
  const size_t chunk_;
  size_t at_ = 0;
  std::optional<std::string> failure_;
};

// One gzip member.
inline std::string GzipOf(const std::string& text) {
  z_stream stream{};
  LT_ASSERT(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  LT_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace livetape::jobs
