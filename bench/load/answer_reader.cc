#include "load/answer_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace livetape::bench {
namespace {

constexpr size_t kHeadBytesMax = 16 * 1024;
constexpr size_t kBodyStartBytes = 200;
constexpr std::string_view kStatusLine = "HTTP/1.1 ";

}  // namespace

base::Result<bool> AnswerReader::Take(std::string_view received) {
  if (!in_body_) {
    const size_t before = head_.size();
    head_ += received.substr(0, kHeadBytesMax);
    const size_t end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
    if (end == head_.npos) {
      if (head_.size() >= kHeadBytesMax) return base::Fail("an answer's head over 16 KiB");
      return false;
    }
    received.remove_prefix(end + 4 - before);
    head_.resize(end + 2);
    if (auto read = ReadHead(); !read) return std::unexpected(read.error());
    in_body_ = true;
  }
  if (received.size() > body_left_) return base::Fail("bytes behind the end of an answer");
  if (body_start_.size() < kBodyStartBytes) {
    body_start_ += received.substr(0, kBodyStartBytes - body_start_.size());
  }
  body_left_ -= received.size();
  return body_left_ == 0;
}

void AnswerReader::Reset() {
  head_.clear();
  body_start_.clear();
  in_body_ = false;
  body_left_ = 0;
  status_ = 0;
  retry_after_ = false;
}

base::Result<void> AnswerReader::ReadHead() {
  const std::string_view head = head_;
  const std::string_view line = head.substr(0, head.find('\r'));
  const std::string_view code = line.substr(std::min(line.size(), kStatusLine.size()));
  if (!line.starts_with(kStatusLine) ||
      std::from_chars(code.data(), code.data() + code.size(), status_).ec != std::errc{}) {
    return base::Fail(fmt::format("expected an answer of HTTP/1.1, got '{}'", line));
  }
  retry_after_ = head.find("\r\nRetry-After: ") != head.npos;
  for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
    const size_t at = head.find(name);
    if (at == head.npos) continue;
    const char* const digits = head.data() + at + name.size();
    if (std::from_chars(digits, head.data() + head.size(), body_left_).ec == std::errc{}) return {};
  }
  return base::Fail(fmt::format("an answer '{}' without Content-Length", line));
}

}  // namespace livetape::bench
