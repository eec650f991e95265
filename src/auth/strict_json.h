#pragma once

// Strict JSON for tokens and key sets: one object, shallow, and no member twice.
//
// Which of two members of one name counts differs between readers (RFC 8259, section 4), so a text
// that holds one may say one thing to who signed it and another to us: it is refused (RFC 7519,
// section 4). Pure functions, any thread.

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

namespace livetape::auth {

// Nesting that a token or a key set may have; both need three.
inline constexpr size_t kJsonDepthMax = 8;

// The object that `text` is; nothing if it is anything else, is not UTF-8, nests deeper than
// kJsonDepthMax, or names a member of any of its objects twice. The caller limits the size.
std::optional<boost::json::object> ParseStrictObject(std::string_view text);

}  // namespace livetape::auth
