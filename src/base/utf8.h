#pragma once

// UTF-8 (Unicode, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF. Pure functions.

#include <cstddef>
#include <string_view>

namespace livetape::base {

// Bytes of the well-formed character at the start of `text`, which is not empty; 0 if there is none.
size_t Utf8CharacterBytes(std::string_view text);

// All of `text` is well-formed.
bool IsUtf8(std::string_view text);

}  // namespace livetape::base
