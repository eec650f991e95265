#include "api/paper/written_members.h"

#include <algorithm>

namespace livetape::api {
namespace {

bool Take(std::string_view& rest, std::string_view expected) {
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(expected.size());
  return true;
}

// Where the quote stands that ends a string, which begins at `at`; the end of `text` without one.
size_t EndOfString(std::string_view text, size_t at) {
  for (;;) {
    const size_t end = std::min(text.find('"', at), text.size());
    size_t escapes = 0;
    while (end - escapes > at && text[end - escapes - 1] == '\\') ++escapes;
    if (escapes % 2 == 0 || end == text.size()) return end;
    at = end + 1;
  }
}

}  // namespace

bool WrittenMembers::Read(std::string_view json) {
  json_ = rest_ = json;
  size_ = 0;
  if (!Take(rest_, "{")) return false;
  do {
    if (!ReadMember()) return false;
  } while (Take(rest_, ","));
  return Take(rest_, "}") && rest_.empty();
}

bool WrittenMembers::ReadMember() {
  if (size_ == members_.size()) return false;
  JsonMember& member = members_[size_++];
  if (!TakeString(member.name) || !Take(rest_, ":")) return false;
  const char* const begin = rest_.data();
  if (!ReadValue(member)) return false;
  member.json = {begin, static_cast<size_t>(rest_.data() - begin)};
  return true;
}

bool WrittenMembers::ReadValue(JsonMember& member) {
  member.text = {};
  switch (rest_.empty() ? '\0' : rest_.front()) {
    case '"':
      member.kind = JsonKind::kString;
      return TakeString(member.text);
    case 'n':
      member.kind = JsonKind::kNull;
      return Take(rest_, "null");
    case 't':
      member.kind = JsonKind::kBool;
      return Take(rest_, "true");
    case 'f':
      member.kind = JsonKind::kBool;
      return Take(rest_, "false");
    case '{':
      member.kind = JsonKind::kObject;
      return SkipObject();
    default: {
      member.kind = JsonKind::kNumber;
      const size_t size = std::min(rest_.find_first_not_of("0123456789.-"), rest_.size());
      rest_.remove_prefix(size);
      return size > 0;
    }
  }
}

bool WrittenMembers::TakeString(std::string_view& text) {
  if (!Take(rest_, "\"")) return false;
  const size_t end = rest_.find('"');
  if (end == std::string_view::npos) return false;
  text = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return text.find('\\') == std::string_view::npos;
}

bool WrittenMembers::SkipObject() {
  size_t depth = 0;
  for (size_t i = 0; i < rest_.size(); ++i) {
    const char c = rest_[i];
    if (c == '"') {
      i = EndOfString(rest_, i + 1);
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      rest_.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace livetape::api
