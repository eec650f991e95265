#include "load/body_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace livetape::bench {
namespace {

constexpr size_t kHeadBytesMax = 16 * 1024;
constexpr uint8_t kSizeDigitsMax = 8;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

base::Result<std::string_view> BodyDecoder::Next(std::string_view& received) {
  while (!received.empty()) {
    base::Result<bool> more = true;
    switch (state_) {
      case State::kHead:
        more = TakeHead(received);
        break;
      case State::kSize:
      case State::kExtension:
        more = TakeSize(received);
        break;
      case State::kBodyEnd:
        more = TakeBodyEnd(received);
        break;
      case State::kIdentity:
        return std::exchange(received, {});
      case State::kBody: {
        const size_t size = std::min<uint64_t>(left_, received.size());
        const std::string_view slice = received.substr(0, size);
        received.remove_prefix(size);
        left_ -= size;
        if (left_ == 0) state_ = State::kBodyEnd;
        return slice;
      }
      case State::kEnded:
        received = {};
        break;
    }
    if (!more) return std::unexpected(more.error());
  }
  return std::string_view{};
}

base::Result<bool> BodyDecoder::TakeHead(std::string_view& received) {
  const size_t before = head_.size();
  head_ += received;
  const size_t end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
  if (end == std::string::npos) {
    if (head_.size() > kHeadBytesMax) return base::Fail("the answer's head is over 16 KiB");
    received = {};
    return true;
  }
  received.remove_prefix(end + 4 - before);
  if (auto read = ReadHead(std::string_view(head_).substr(0, end + 2)); !read) {
    return std::unexpected(read.error());
  }
  std::string().swap(head_);
  return true;
}

base::Result<void> BodyDecoder::ReadHead(std::string_view head) {
  const std::string_view status_line = head.substr(0, head.find("\r\n"));
  if (!status_line.starts_with("HTTP/1.") || status_line.size() < 12 ||
      status_line.substr(8, 4) != " 200") {
    return base::Fail(fmt::format("expected an answer 200, got '{}'", status_line));
  }
  std::string lower(head);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  const bool chunked = lower.find("\r\ntransfer-encoding: chunked\r\n") != std::string::npos;
  state_ = chunked ? State::kSize : State::kIdentity;
  return {};
}

// "size in hex [;extension] CRLF"
base::Result<bool> BodyDecoder::TakeSize(std::string_view& received) {
  while (!received.empty()) {
    const char c = received.front();
    received.remove_prefix(1);
    if (c == '\n') {
      if (digits_ == 0) return base::Fail("a chunk without a size");
      state_ = left_ == 0 ? State::kEnded : State::kBody;
      digits_ = 0;
      return true;
    }
    if (state_ == State::kExtension || c == '\r') continue;
    if (c == ';') {
      state_ = State::kExtension;
      continue;
    }
    const int value = HexValue(c);
    if (value < 0 || digits_ == kSizeDigitsMax) {
      return base::Fail(fmt::format("a chunk size that is not one, at byte {:#x}", c));
    }
    left_ = left_ * 16 + static_cast<uint64_t>(value);
    ++digits_;
  }
  return true;
}

base::Result<bool> BodyDecoder::TakeBodyEnd(std::string_view& received) {
  while (!received.empty()) {
    const char c = received.front();
    received.remove_prefix(1);
    if (c == '\r') continue;
    if (c != '\n') return base::Fail("a chunk longer than its size says");
    ++chunks_;
    state_ = State::kSize;
    return true;
  }
  return true;
}

}  // namespace livetape::bench
