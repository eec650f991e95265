#pragma once

// Gunzip: the bytes of another source, decompressed if they are gzip, which their beginning says;
// else as they are. One thread owns it.
//
// Several gzip members in a row are one text. Memory: 64 KiB for what comes in, and zlib's window.

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "jobs/import/byte_source.h"

namespace livetape::jobs {

class Gunzip final : public ByteSource {
 public:
  // `source` outlives it.
  explicit Gunzip(ByteSource& source);
  ~Gunzip() override;
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  // Errors: the source's; damaged or truncated gzip data, after all that comes before it.
  base::Result<size_t> Read(std::span<char> room) override;

  // Bytes taken from the source so far.
  uint64_t bytes_in() const { return bytes_in_; }

 private:
  enum class Form { kUnknown, kPlain, kGzip };

  base::Result<void> Fill();
  base::Result<void> Detect();
  base::Result<size_t> Inflate(std::span<char> room);
  base::Result<void> NextMember();
  size_t Pass(std::span<char> room);

  ByteSource& source_;
  Form form_ = Form::kUnknown;
  std::vector<char> input_;
  size_t begin_ = 0, end_ = 0;  // of what has not been used in input_
  bool exhausted_ = false;      // the source has no more
  bool between_ = false;        // a member has ended
  bool damaged_ = false;        // nothing more can be read
  uint64_t bytes_in_ = 0;
  z_stream stream_{};
};

}  // namespace livetape::jobs
