#pragma once

// Access: who a request comes from and whether it may (API section 8). Any thread.
//
// A token is taken from `Authorization: Bearer`, else ?token=, else the cookie; one that is
// presented is always verified, wherever it stands. Tokens appear in no log, metric or answer.

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/claims.h"
#include "auth/revocations.h"
#include "auth/token_verifier.h"
#include "base/clock.h"
#include "config/config.h"
#include "http/message.h"
#include "hub/topic_pattern.h"

namespace livetape::api {

struct Caller {
  std::optional<auth::Claims> claims;  // nothing: no token, and none was needed

  // Who owns what it makes: the token's subject; empty without.
  std::string_view subject() const { return claims ? claims->subject : std::string_view(); }
};

class Access {
 public:
  // The references outlive it.
  Access(const config::AuthConfig& config, const auth::TokenVerifier& verifier,
         const auth::RevokedSessions& revoked, const base::Clock& clock)
      : config_(config), verifier_(verifier), revoked_(revoked), clock_(clock) {}

  // Before the start: who may use a paper account; until then nobody with a token may.
  void SetOwners(std::function<bool(const auth::Claims&, std::string_view account)> owns) {
    owns_ = std::move(owns);
  }

  enum class Token {
    kWhereConfigured,  // needed when auth.mode says so
    kAlways,
  };
  // The caller, or 401 (no token where one is needed, or a bad one) or 403 (its scope lacks
  // `permission`).
  std::expected<Caller, http::Response> Admit(const http::Request& request,
                                              auth::Permission permission,
                                              Token token = Token::kWhereConfigured) const;

  // The answer to a token whose session has ended.
  static http::Response Revoked();

  // Nothing, or the 403 naming the first pattern that the caller may not read.
  std::optional<http::Response> Refuse(const Caller& caller,
                                       const std::vector<hub::TopicPattern>& patterns) const;
  // Nothing, or the 403 naming the topic that the caller may not write.
  std::optional<http::Response> RefuseTopic(const Caller& caller, std::string_view topic) const;

 private:
  std::optional<std::string> TokenOf(const http::Request& request) const;
  bool Allowed(const Caller& caller, std::string_view pattern) const;

  const config::AuthConfig& config_;
  const auth::TokenVerifier& verifier_;
  const auth::RevokedSessions& revoked_;
  const base::Clock& clock_;
  std::function<bool(const auth::Claims&, std::string_view account)> owns_;
};

}  // namespace livetape::api
