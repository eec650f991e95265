#include "jobs/import/gunzip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/assert.h"

namespace livetape::jobs {
namespace {

constexpr size_t kInputBytes = 64 << 10;
constexpr int kGzipOnly = 15 + 16;  // zlib's largest window, gzip's framing
constexpr unsigned char kMagic[] = {0x1f, 0x8b};

}  // namespace

Gunzip::Gunzip(ByteSource& source) : source_(source), input_(kInputBytes) {}

Gunzip::~Gunzip() {
  if (form_ == Form::kGzip) inflateEnd(&stream_);
}

base::Result<size_t> Gunzip::Read(std::span<char> room) {
  LT_ASSERT(!room.empty());
  if (form_ == Form::kUnknown) {
    if (auto detected = Detect(); !detected) return std::unexpected(detected.error());
  }
  if (form_ == Form::kGzip) return Inflate(room);
  if (begin_ != end_) return Pass(room);
  if (exhausted_) return 0;
  const auto got = source_.Read(room);
  if (!got) return got;
  bytes_in_ += *got;
  exhausted_ = *got == 0;
  return got;
}

// More input behind what has not been used.
base::Result<void> Gunzip::Fill() {
  std::memmove(input_.data(), input_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const auto got = source_.Read(std::span(input_).subspan(end_));
  if (!got) return std::unexpected(got.error());
  end_ += *got;
  bytes_in_ += *got;
  exhausted_ = *got == 0;
  return {};
}

base::Result<void> Gunzip::Detect() {
  while (end_ - begin_ < sizeof(kMagic) && !exhausted_) {
    if (auto filled = Fill(); !filled) return filled;
  }
  const bool gzip =
      end_ - begin_ >= sizeof(kMagic) && std::memcmp(input_.data(), kMagic, sizeof(kMagic)) == 0;
  if (gzip) {
    const int code = inflateInit2(&stream_, kGzipOnly);
    LT_ASSERT(code == Z_OK || code == Z_MEM_ERROR, "{}", code);
    if (code != Z_OK) return base::Fail("there is no memory to decompress with");
  }
  form_ = gzip ? Form::kGzip : Form::kPlain;
  return {};
}

size_t Gunzip::Pass(std::span<char> room) {
  const size_t bytes = std::min(room.size(), end_ - begin_);
  std::memcpy(room.data(), input_.data() + begin_, bytes);
  begin_ += bytes;
  return bytes;
}

base::Result<size_t> Gunzip::Inflate(std::span<char> room) {
  for (;;) {
    if (damaged_) {
      return base::Fail(fmt::format("the gzip data is damaged: {}",
                                    stream_.msg != nullptr ? stream_.msg : "it cannot be read"));
    }
    if (between_) {
      if (auto next = NextMember(); !next) return std::unexpected(next.error());
      if (between_) return 0;
    }
    if (begin_ == end_) {
      if (auto filled = Fill(); !filled) return std::unexpected(filled.error());
      if (exhausted_) return base::Fail("the gzip data ends early: the file is truncated");
    }
    stream_.next_in = reinterpret_cast<Bytef*>(&input_[begin_]);
    stream_.avail_in = static_cast<uInt>(end_ - begin_);
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    const auto most = std::min<size_t>(room.size(), std::numeric_limits<uInt>::max());
    stream_.avail_out = static_cast<uInt>(most);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    begin_ = end_ - stream_.avail_in;
    between_ = code == Z_STREAM_END;
    damaged_ = code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR;
    const size_t written = most - stream_.avail_out;
    if (written != 0) return written;  // what comes before the damage, first
  }
}

// Zeros behind a member are padding, as gzip has it.
base::Result<void> Gunzip::NextMember() {
  for (;;) {
    while (begin_ != end_ && input_[begin_] == 0) ++begin_;
    if (end_ - begin_ >= sizeof(kMagic)) break;
    if (exhausted_ && begin_ == end_) return {};
    if (exhausted_) break;
    if (auto filled = Fill(); !filled) return filled;
  }
  if (end_ - begin_ < sizeof(kMagic) || std::memcmp(&input_[begin_], kMagic, sizeof(kMagic)) != 0) {
    return base::Fail("behind the end of the gzip data is something else");
  }
  inflateReset(&stream_);
  between_ = false;
  return {};
}

}  // namespace livetape::jobs
