#include "jobs/import/byte_lines.h"

#include <cstring>
#include <utility>

namespace livetape::jobs {
namespace {

constexpr size_t kReadBytes = 256 << 10;

}  // namespace

ByteLines::ByteLines(ByteSource& source)
    : source_(source), buffer_(kReadBytes + kLineBytesMax + 2) {}

base::Result<ByteLines::Read> ByteLines::Next(std::string_view& line) {
  for (;;) {
    const void* const found =
        scanned_ == end_ ? nullptr : std::memchr(&buffer_[scanned_], '\n', end_ - scanned_);
    if (found != nullptr) {
      return Told(line, static_cast<size_t>(static_cast<const char*>(found) - buffer_.data()));
    }
    scanned_ = end_;
    if (exhausted_) {
      if (begin_ == end_ && !discarding_) return Read::kEnd;
      return Told(line, end_);
    }
    const auto more = Fill();
    if (!more) return std::unexpected(more.error());
    exhausted_ = !*more;
    if (discarding_ && *more) return Read::kWithin;
  }
}

// The line that ends before `end`, where its line end is, if it has one.
ByteLines::Read ByteLines::Told(std::string_view& line, size_t end) {
  line = std::string_view(buffer_.data() + begin_, end - begin_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  begin_ = scanned_ = end == end_ ? end : end + 1;
  ++line_number_;
  if (!std::exchange(discarding_, false) && line.size() <= kLineBytesMax) return Read::kLine;
  line = {};
  return Read::kTooLong;
}

// Reads more bytes behind those there are. False: there are none.
base::Result<bool> ByteLines::Fill() {
  if (discarding_ || end_ - begin_ > kLineBytesMax + 1) {
    discarding_ = true;
    begin_ = end_;
  }
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  scanned_ = end_;
  const auto got = source_.Read(std::span(buffer_).subspan(end_));
  if (!got) return std::unexpected(got.error());
  ++reads_;
  end_ += *got;
  return *got != 0;
}

}  // namespace livetape::jobs
