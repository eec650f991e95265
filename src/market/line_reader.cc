#include "market/line_reader.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace livetape::market {
namespace {

constexpr size_t kReadBytes = 256 << 10;

std::string ErrnoText(int code) { return std::error_code(code, std::generic_category()).message(); }

}  // namespace

base::Result<std::unique_ptr<LineReader>> LineReader::Open(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return base::Fail(fmt::format("{}: is a folder, not a file", path));
  }
  errno = 0;
  File file(gzopen(path.c_str(), "rbe"));
  if (!file) {
    // zlib leaves errno at 0 when memory ran out.
    return base::Fail(
        fmt::format("{}: cannot be opened: {}", path, ErrnoText(errno == 0 ? ENOMEM : errno)));
  }
  gzbuffer(file.get(), kReadBytes);
  return std::unique_ptr<LineReader>(new LineReader(path, std::move(file)));
}

LineReader::LineReader(std::string path, File file)
    : path_(std::move(path)), file_(std::move(file)), buffer_(kReadBytes + kLinePadding) {}

uint64_t LineReader::bytes_read() const {
  const auto offset = gzoffset(file_.get());
  return offset < 0 ? 0 : static_cast<uint64_t>(offset);
}

base::Result<LineReader::Read> LineReader::Next(std::string_view& line) {
  for (;;) {
    const void* const found =
        scanned_ == end_ ? nullptr : std::memchr(&buffer_[scanned_], '\n', end_ - scanned_);
    if (found == nullptr) {
      scanned_ = end_;
      if (exhausted_ || !Fill()) return AtEnd(line);
      continue;
    }
    const auto at = static_cast<size_t>(static_cast<const char*>(found) - buffer_.data());
    line = std::string_view(&buffer_[begin_], at - begin_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    begin_ = scanned_ = at + 1;
    ++line_number_;
    if (std::exchange(discarding_, false) || line.size() > kLineBytesMax) {
      line = {};
      return Read::kTooLong;
    }
    return Read::kLine;
  }
}

// Reads more bytes behind those there are. False: there are none.
bool LineReader::Fill() {
  if (discarding_ || end_ - begin_ > kLineBytesMax) {
    discarding_ = true;
    begin_ = end_;
  }
  if (begin_ > 0) {
    std::memmove(buffer_.data(), &buffer_[begin_], end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + kReadBytes + kLinePadding) {
    buffer_.resize(2 * end_ + kReadBytes + kLinePadding);
  }
  scanned_ = end_;
  const base::MonoTime before = clock_ == nullptr ? base::MonoTime{} : clock_->Mono();
  const int got = gzread(file_.get(), &buffer_[end_], kReadBytes);
  if (clock_ != nullptr) read_time_ += clock_->Mono() - before;
  if (got > 0) end_ += static_cast<size_t>(got);
  if (got < static_cast<int>(kReadBytes)) exhausted_ = true;
  return got > 0;
}

base::Result<LineReader::Read> LineReader::AtEnd(std::string_view& line) {
  int code = Z_OK;
  const char* const text = gzerror(file_.get(), &code);
  if (code != Z_OK && code != Z_STREAM_END) return std::unexpected(Fault(code, text));
  if (begin_ == end_ && !discarding_) return Read::kEnd;
  line = std::string_view(&buffer_[begin_], end_ - begin_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const bool too_long = std::exchange(discarding_, false) || line.size() > kLineBytesMax;
  begin_ = scanned_ = end_;
  ++line_number_;
  if (!too_long) return Read::kLine;
  line = {};
  return Read::kTooLong;
}

base::Error LineReader::Fault(int code, const char* text) const {
  switch (code) {
    case Z_BUF_ERROR:
      return {fmt::format("{}: the gzip data ends early, after line {}: the file is truncated",
                          path_, line_number_)};
    case Z_ERRNO:
      return {fmt::format("{}: cannot be read after line {}: {}", path_, line_number_,
                          ErrnoText(errno))};
    default:
      return {fmt::format("{}: damaged gzip data after line {}: {}", path_, line_number_, text)};
  }
}

}  // namespace livetape::market
