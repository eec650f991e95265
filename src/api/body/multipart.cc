#include "api/body/multipart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace livetape::api {
namespace {

constexpr size_t kBoundaryMax = 70;

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// A field's value and its parameters: `form-data; name="a"; filename="b.csv"` (RFC 9110, section
// 5.6.6; a quoted value may have escapes).
class Parameters {
 public:
  explicit Parameters(std::string_view text) : rest_(text) {
    const size_t end = std::min(rest_.find(';'), rest_.size());
    value_ = Trimmed(rest_.substr(0, end));
    rest_.remove_prefix(end);
  }
  std::string_view value() const { return value_; }

  std::optional<std::string> Find(std::string_view name) const {
    std::string_view rest = rest_;
    while (!rest.empty()) {
      rest.remove_prefix(1);
      const size_t equals = std::min(rest.find_first_of("=;"), rest.size());
      const std::string_view key = Trimmed(rest.substr(0, equals));
      rest.remove_prefix(equals);
      std::string text;
      if (rest.starts_with('=')) {
        rest.remove_prefix(1);
        text = Value(rest);
      }
      if (EqualsIgnoringCase(key, name)) return text;
    }
    return std::nullopt;
  }

 private:
  // Moves `rest` to the next semicolon.
  static std::string Value(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    std::string text;
    if (!rest.starts_with('"')) {
      const size_t end = std::min(rest.find(';'), rest.size());
      text = Trimmed(rest.substr(0, end));
      rest.remove_prefix(end);
      return text;
    }
    size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
      if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
      text += rest[at];
    }
    rest.remove_prefix(std::min(rest.find(';', std::min(at, rest.size())), rest.size()));
    return text;
  }

  std::string_view value_, rest_;
};

bool IsBoundary(std::string_view text) {
  return !text.empty() && text.size() <= kBoundaryMax && !text.ends_with(' ') &&
         std::ranges::all_of(text, [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                  std::string_view("'()+_,-./:=? ").contains(c);
         });
}

}  // namespace

base::Result<std::optional<std::string>> Multipart::BoundaryOf(std::string_view content_type) {
  const Parameters type(content_type);
  if (!EqualsIgnoringCase(type.value(), "multipart/form-data")) return std::nullopt;
  auto boundary = type.Find("boundary");
  if (!boundary || !IsBoundary(*boundary)) {
    return base::Fail(
        "multipart/form-data needs a boundary of 1 to 70 characters in the Content-Type");
  }
  return boundary;
}

Multipart::Multipart(std::string_view boundary) : boundary_(fmt::format("\r\n--{}", boundary)) {}

base::Result<void> Multipart::Put(std::string_view bytes, std::string& file) {
  rest_ += bytes;
  for (;;) {
    base::Result<bool> goes_on = false;
    switch (state_) {
      case State::kText:
        goes_on = PassText(file);
        break;
      case State::kBoundary:
        goes_on = PassBoundary();
        break;
      case State::kHead:
        goes_on = PassHead();
        break;
      case State::kEnd:
        rest_.clear();
        break;
    }
    if (!goes_on) return std::unexpected(goes_on.error());
    if (!*goes_on) return {};
  }
}

// All of these say whether more can be done with what has come.

bool Multipart::PassText(std::string& file) {
  const size_t found = rest_.find(boundary_);
  const bool ends = found != std::string::npos;
  // The end of what has come may be the beginning of a boundary.
  const size_t text = ends ? found : rest_.size() - std::min(rest_.size(), boundary_.size() - 1);
  if (in_file_) file.append(rest_, 0, text);
  rest_.erase(0, ends ? text + boundary_.size() : text);
  if (!ends) return false;
  in_file_ = false;
  state_ = State::kBoundary;
  return true;
}

base::Result<bool> Multipart::PassBoundary() {
  if (rest_.size() < 2) return false;
  if (rest_.starts_with("--")) {
    state_ = State::kEnd;
  } else if (rest_.starts_with("\r\n")) {
    // The CRLF stays: a part without a head begins with an empty line.
    state_ = State::kHead;
  } else {
    return base::Fail("a boundary of the form is followed neither by a line's end nor by --");
  }
  return true;
}

base::Result<bool> Multipart::PassHead() {
  const size_t end = rest_.find("\r\n\r\n");
  if (std::min(end, rest_.size()) > kPartHeadBytesMax) {
    return base::Fail(
        fmt::format("the head of a part of the form is over {} bytes", kPartHeadBytesMax));
  }
  if (end == std::string::npos) return false;
  for (std::string_view head = std::string_view(rest_).substr(0, end); !head.empty();) {
    head.remove_prefix(2);
    const size_t length = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, length);
    head.remove_prefix(length);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return base::Fail("a line in the head of a part of the form has no colon");
    }
    if (!EqualsIgnoringCase(line.substr(0, colon), "Content-Disposition")) continue;
    auto name = Parameters(line.substr(colon + 1)).Find("filename");
    if (!name || found_) continue;
    found_ = in_file_ = true;
    file_name_ = *std::move(name);
  }
  rest_.erase(0, end + 4);
  state_ = State::kText;
  return true;
}

base::Result<void> Multipart::Finish() const {
  if (state_ != State::kEnd) return base::Fail("the form has no end: its last boundary is missing");
  if (!found_) return base::Fail("the form has no file: no part of it has a filename");
  return {};
}

}  // namespace livetape::api
