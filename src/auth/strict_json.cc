#include "auth/strict_json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <string>
#include <vector>

namespace livetape::auth {
namespace {

namespace json = boost::json;

// Listens to a parser and stops it at the second member of one name.
class MemberNames {
 public:
  // Boost.JSON reads these names; the caller's limit of size is tighter than they are.
  // NOLINTBEGIN(readability-identifier-naming)
  static constexpr size_t max_object_size = static_cast<size_t>(-1);
  static constexpr size_t max_array_size = static_cast<size_t>(-1);
  static constexpr size_t max_key_size = static_cast<size_t>(-1);
  static constexpr size_t max_string_size = static_cast<size_t>(-1);

  bool on_object_begin(json::error_code&) {
    open_objects_.emplace_back();
    return true;
  }
  bool on_object_end(size_t, json::error_code&) {
    open_objects_.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, size_t, json::error_code& error) {
    key_.append(part.data(), part.size());
    const bool first = open_objects_.back().insert(std::move(key_)).second;
    key_.clear();
    if (!first) error = json::error::syntax;
    return first;
  }
  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(size_t, json::error_code&) { return true; }
  bool on_string_part(json::string_view, size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) { return true; }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
  // NOLINTEND(readability-identifier-naming)

 private:
  std::vector<std::set<std::string>> open_objects_;
  std::string key_;
};

json::parse_options Options() {
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  return options;
}

bool EachMemberOnce(std::string_view text) {
  json::basic_parser<MemberNames> parser(Options());
  json::error_code error;
  const size_t read = parser.write_some(false, text.data(), text.size(), error);
  return !error && read == text.size();
}

}  // namespace

std::optional<json::object> ParseStrictObject(std::string_view text) {
  if (!EachMemberOnce(text)) return std::nullopt;
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, Options());
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

}  // namespace livetape::auth
