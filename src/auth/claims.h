#pragma once

// Claims: what a verified token says about its bearer (RFC 7519, section 4; API section 8).
//
// A value; pure functions, any thread.

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace livetape::auth {

enum class Permission : uint8_t { kSubscribe = 1, kPublish = 2, kTrade = 4, kAdmin = 8 };

// The word of a scope; nothing for one that means nothing here.
std::optional<Permission> ParsePermission(std::string_view word);
std::string_view Name(Permission permission);

// How far the clock of who made a token may differ from ours.
inline constexpr std::chrono::seconds kClockSkew{60};
inline constexpr size_t kSubjectBytesMax = 128;
inline constexpr size_t kSessionBytesMax = 128;
inline constexpr size_t kGrantsMax = 100;
inline constexpr size_t kGrantBytesMax = 256;

struct Claims {
  std::string subject;
  std::string session;  // `sid`; empty if the token names none
  // `exp` itself; streams end at expires + kClockSkew. At least a day before the last time that a
  // WallTime can hold, so that a little may be added.
  base::WallTime expires;
  uint8_t permissions = 0;                         // Permission values, or-ed
  std::optional<std::vector<std::string>> topics;  // patterns; nothing: no `topics` claim

  bool Has(Permission permission) const {
    return (permissions & static_cast<uint8_t>(permission)) != 0;
  }

  friend bool operator==(const Claims&, const Claims&) = default;
};

// The claims of a token's payload at `now`, or why they do not hold: short, ASCII, safe to tell.
std::expected<Claims, std::string> ReadClaims(const boost::json::object& payload,
                                              base::WallTime now);

}  // namespace livetape::auth
