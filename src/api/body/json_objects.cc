#include "api/body/json_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <vector>

namespace livetape::api {
namespace {

using boost::json::error_code;
using Text = boost::json::string_view;

// JSON string characters without the quotes. The bytes are well-formed UTF-8, perhaps cut inside
// of a character.
void AppendEscaped(std::string& out, std::string_view text) {
  for (;;) {
    size_t plain = 0;
    while (plain < text.size() && static_cast<unsigned char>(text[plain]) >= 0x20 &&
           text[plain] != '"' && text[plain] != '\\') {
      ++plain;
    }
    out += text.substr(0, plain);
    if (plain == text.size()) return;
    const char c = text[plain];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    }
    text.remove_prefix(plain + 1);
  }
}

// What the parser calls: writes the object at hand minified and notes where its members stand.
class Handler {
 public:
  static constexpr size_t max_array_size = ~size_t{0};   // NOLINT(readability-identifier-naming)
  static constexpr size_t max_object_size = ~size_t{0};  // NOLINT(readability-identifier-naming)
  static constexpr size_t max_string_size = ~size_t{0};  // NOLINT(readability-identifier-naming)
  static constexpr size_t max_key_size = ~size_t{0};     // NOLINT(readability-identifier-naming)

  void Reset(const JsonObjectReader::Take* take) {
    take_ = take;
    fault_.reset();
    depth_ = 0;
    items_ = 0;
    root_array_ = false;
    ClearObject();
  }
  std::optional<BodyError>& fault() { return fault_; }

  JsonObject Object() {
    members_.clear();
    for (const Place& place : places_) {
      members_.push_back({.name = std::string_view(text_).substr(place.name, place.name_bytes),
                          .kind = place.kind,
                          .json = std::string_view(json_).substr(place.json, place.json_bytes),
                          .text = std::string_view(text_).substr(place.text, place.text_bytes)});
    }
    return {.json = json_, .members = members_};
  }

  // NOLINTBEGIN(readability-identifier-naming): the names that the parser calls.
  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_comment_part(Text, error_code&) { return true; }
  bool on_comment(Text, error_code&) { return true; }

  bool on_array_begin(error_code& ec) {
    if (depth_ == 0 && take_ != nullptr) {
      root_array_ = true;
      ++depth_;
      return true;
    }
    if (!BeginValue(JsonKind::kArray, ec)) return false;
    Open('[');
    return true;
  }
  bool on_array_end(size_t, error_code&) {
    --depth_;
    if (root_array_ && depth_ == 0) return true;
    json_ += ']';
    EndValue();
    return true;
  }
  bool on_object_begin(error_code& ec) {
    if (depth_ + 1 == ObjectDepth()) {
      ClearObject();
    } else if (!BeginValue(JsonKind::kObject, ec)) {
      return false;
    }
    Open('{');
    return true;
  }
  bool on_object_end(size_t, error_code& ec) {
    json_ += '}';
    --depth_;
    if (depth_ + 1 != ObjectDepth()) {
      EndValue();
      return true;
    }
    if (take_ == nullptr) return true;
    fault_ = (*take_)(root_array_ ? std::optional(items_) : std::nullopt, Object());
    ++items_;
    return !fault_ || Stop(ec);
  }

  bool on_key_part(Text part, size_t total, error_code& ec) {
    if (total == part.size()) {
      Separate();
      json_ += '"';
      if (at_member()) {
        if (places_.size() == kJsonMembersMax) {
          fault_ = BodyError{.detail = fmt::format("an object of more than {} members; send fewer",
                                                   kJsonMembersMax)};
          return Stop(ec);
        }
        places_.push_back({.name = text_.size()});
      }
    }
    AppendEscaped(json_, part);
    if (at_member()) {
      text_ += part;
      places_.back().name_bytes += part.size();
    }
    return true;
  }
  bool on_key(Text part, size_t total, error_code& ec) {
    if (!on_key_part(part, total, ec)) return false;
    json_ += "\":";
    separate_ = false;
    return true;
  }

  bool on_string_part(Text part, size_t total, error_code& ec) {
    if (total == part.size()) {
      if (!BeginValue(JsonKind::kString, ec)) return false;
      json_ += '"';
    }
    AppendEscaped(json_, part);
    if (at_member()) {
      text_ += part;
      places_.back().text_bytes += part.size();
    }
    return true;
  }
  bool on_string(Text part, size_t total, error_code& ec) {
    if (!on_string_part(part, total, ec)) return false;
    json_ += '"';
    EndValue();
    return true;
  }

  bool on_number_part(Text part, error_code& ec) {
    if (!in_number_ && !BeginValue(JsonKind::kNumber, ec)) return false;
    in_number_ = true;
    json_ += part;
    return true;
  }
  bool on_int64(int64_t, Text part, error_code& ec) { return EndNumber(part, ec); }
  bool on_uint64(uint64_t, Text part, error_code& ec) { return EndNumber(part, ec); }
  bool on_double(double, Text part, error_code& ec) { return EndNumber(part, ec); }
  bool on_bool(bool value, error_code& ec) {
    return Literal(JsonKind::kBool, value ? "true" : "false", ec);
  }
  bool on_null(error_code& ec) { return Literal(JsonKind::kNull, "null", ec); }
  // NOLINTEND(readability-identifier-naming)

 private:
  // A member in json_ and text_, which grow and move until the object is whole.
  struct Place {
    size_t name = 0, name_bytes = 0;
    size_t json = 0, json_bytes = 0;
    size_t text = 0, text_bytes = 0;
    JsonKind kind = JsonKind::kNull;
  };

  // How deep the members of the object at hand stand.
  size_t ObjectDepth() const { return root_array_ ? 2 : 1; }
  bool at_member() const { return depth_ == ObjectDepth(); }

  void ClearObject() {
    json_.clear();
    text_.clear();
    places_.clear();
    separate_ = false;
    in_number_ = false;
  }
  // `fault_` says what is wrong; the parser needs a code of its own to stop.
  static bool Stop(error_code& ec) {
    ec = boost::system::errc::make_error_code(boost::system::errc::operation_canceled);
    return false;
  }
  void Separate() {
    if (separate_) json_ += ',';
  }
  void Open(char bracket) {
    json_ += bracket;
    separate_ = false;
    ++depth_;
  }
  bool BeginValue(JsonKind kind, error_code& ec) {
    if (depth_ < ObjectDepth()) {
      fault_ = WrongRoot(kind);
      return Stop(ec);
    }
    Separate();
    if (at_member()) {
      Place& place = places_.back();
      place.kind = kind;
      place.json = json_.size();
      place.text = text_.size();
    }
    return true;
  }
  void EndValue() {
    separate_ = true;
    if (at_member()) places_.back().json_bytes = json_.size() - places_.back().json;
  }
  bool EndNumber(Text part, error_code& ec) {
    if (!on_number_part(part, ec)) return false;
    in_number_ = false;
    EndValue();
    return true;
  }
  bool Literal(JsonKind kind, std::string_view text, error_code& ec) {
    if (!BeginValue(kind, ec)) return false;
    json_ += text;
    EndValue();
    return true;
  }
  BodyError WrongRoot(JsonKind kind) const {
    if (root_array_) {
      std::string field = fmt::format("items[{}]", items_);
      std::string detail = fmt::format("{} must be an object, got {}", field, Name(kind));
      return {.detail = std::move(detail), .field = std::move(field)};
    }
    return {.detail = fmt::format("expected an object{}, got {}",
                                  take_ != nullptr ? " or an array of objects" : "", Name(kind))};
  }

  const JsonObjectReader::Take* take_ = nullptr;
  std::optional<BodyError> fault_;
  size_t depth_ = 0;  // of open brackets
  size_t items_ = 0;  // objects of the array that are done
  bool root_array_ = false;
  bool separate_ = false;   // a comma goes before the next value or name
  bool in_number_ = false;  // part of a number has been written
  std::string json_, text_;
  std::vector<Place> places_;
  std::vector<JsonMember> members_;
};

boost::json::parse_options Options() {
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMax;
  return options;
}

}  // namespace

struct JsonObjectReader::Parser {
  boost::json::basic_parser<Handler> json{Options()};
};

JsonObjectReader::JsonObjectReader() : parser_(std::make_unique<Parser>()) {}
JsonObjectReader::JsonObjectReader(JsonObjectReader&&) noexcept = default;
JsonObjectReader& JsonObjectReader::operator=(JsonObjectReader&&) noexcept = default;
JsonObjectReader::~JsonObjectReader() = default;

BodyResult<JsonObject> JsonObjectReader::ReadOne(std::string_view json, std::string_view what) {
  parser_->json.handler().Reset(nullptr);
  if (auto read = Read(json, what); !read) return std::unexpected(std::move(read.error()));
  return parser_->json.handler().Object();
}

BodyResult<void> JsonObjectReader::ReadEach(std::string_view json, std::string_view what,
                                            const Take& take) {
  parser_->json.handler().Reset(&take);
  return Read(json, what);
}

BodyResult<void> JsonObjectReader::Read(std::string_view json, std::string_view what) {
  auto& parser = parser_->json;
  parser.reset();
  error_code ec;
  const size_t used = parser.write_some(false, json.data(), json.size(), ec);
  if (auto& fault = parser.handler().fault()) {
    if (fault->field.empty()) fault->detail = fmt::format("{}: {}", what, fault->detail);
    return std::unexpected(std::move(*fault));
  }
  if (!ec && used < json.size()) ec = boost::json::make_error_code(boost::json::error::extra_data);
  if (!ec) return {};
  return std::unexpected(
      BodyError{.detail = fmt::format("{} is not valid JSON in UTF-8: {} at byte {}", what,
                                      ec.message(), used)});
}

const JsonMember* JsonObject::Find(std::string_view name) const {
  for (const JsonMember& member : members) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

size_t JsonObject::Count(std::string_view name) const {
  return static_cast<size_t>(
      std::count_if(members.begin(), members.end(),
                    [name](const JsonMember& member) { return member.name == name; }));
}

std::string_view Name(JsonKind kind) {
  constexpr std::string_view kNames[] = {"null",     "true or false", "a number",
                                         "a string", "an array",      "an object"};
  return kNames[static_cast<size_t>(kind)];
}

std::optional<double> NumberOf(std::string_view json) {
  double value = 0;
  const auto [end, code] = std::from_chars(json.data(), json.data() + json.size(), value);
  if (code != std::errc() || end != json.data() + json.size()) return std::nullopt;
  // It reads "inf" and "nan" as well.
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace livetape::api
