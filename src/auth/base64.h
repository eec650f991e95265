#pragma once

// Base64 in both alphabets of RFC 4648, strict: one text for each byte string, and one only.
//
// A lenient decoder lets many texts stand for one token, so that a token could be changed without
// its signature noticing. Refused: other bytes, white space, unused bits that are not zero.

#include <optional>
#include <string>
#include <string_view>

namespace livetape::auth {

// The alphabet with '-' and '_', without padding (RFC 7515, section 2).
std::optional<std::string> DecodeBase64Url(std::string_view text);
std::string EncodeBase64Url(std::string_view bytes);

// The alphabet with '+' and '/', padding as RFC 4648 wants it.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace livetape::auth
