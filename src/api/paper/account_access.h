#pragma once

// AccountAccess: which paper account a request is for, and whether it may (docs/access.md).
// Any thread.

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "auth/claims.h"
#include "http/message.h"

namespace livetape::api {

struct AccountWish {
  std::string name;
  bool create = false;                   // it may be made by asking for it
  std::optional<auth::Claims> claims{};  // of the caller's token; nothing: it was a key, or none
};

class AccountAccess {
 public:
  virtual ~AccountAccess() = default;
  // Of the Alpaca family, by APCA-API-KEY-ID and APCA-API-SECRET-KEY or HTTP Basic, else by
  // ?account= (with auth: one of the token's), else the default account. A key may open its account,
  // ?account= names one that is there. The answer to one that may not is Alpaca's: {"code","message"}.
  virtual std::expected<AccountWish, http::Response> OfAlpaca(
      const http::Request& request) const = 0;
  // The same for a key and secret that come over a WebSocket; the message if they are not right.
  virtual std::expected<AccountWish, std::string> OfKey(std::string_view key_id,
                                                        std::string_view secret) const = 0;
  // Of native endpoints, by ?account= (the default account without) and the caller's token. The
  // answer to one that may not is application/problem+json; 404 for an unknown account.
  virtual std::expected<AccountWish, http::Response> OfNative(
      const http::Request& request) const = 0;
};

}  // namespace livetape::api
