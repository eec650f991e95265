#include "api/access/access.h"

#include <fmt/format.h>

#include "auth/grants.h"

namespace livetape::api {
namespace {

constexpr std::string_view kScheme = "Bearer";

http::Response Unauthorized(std::string_view detail, std::string_view challenge) {
  http::Response response = http::Problem(401, detail);
  response.headers.Add("WWW-Authenticate", std::string(challenge));
  return response;
}

http::Response NoToken() {
  return Unauthorized(
      "this needs a token: send Authorization: Bearer TOKEN, or ?token=TOKEN for an EventSource",
      kScheme);
}

http::Response BadToken(std::string_view reason) {
  return Unauthorized(
      fmt::format("the token is refused: {}", reason),
      fmt::format("{} error=\"invalid_token\", error_description=\"{}\"", kScheme, reason));
}

http::Response NoPermission(auth::Permission permission) {
  http::Response response = http::Problem(
      403, fmt::format("the token's scope lacks {}, which this needs", auth::Name(permission)));
  response.headers.Add("WWW-Authenticate",
                       fmt::format("{} error=\"insufficient_scope\", scope=\"{}\"", kScheme,
                                   auth::Name(permission)));
  return response;
}

// The credentials of `Authorization: Bearer ...`, or nothing for another scheme (RFC 6750).
std::optional<std::string_view> BearerOf(std::string_view field) {
  if (field.size() <= kScheme.size() || field[kScheme.size()] != ' ') return std::nullopt;
  for (size_t i = 0; i < kScheme.size(); ++i) {
    if ((field[i] | 0x20) != (kScheme[i] | 0x20)) return std::nullopt;
  }
  field.remove_prefix(kScheme.size());
  const size_t first = field.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view() : field.substr(first);
}

// The value of the cookie `name` in a Cookie field (RFC 6265, section 4.2).
std::optional<std::string_view> CookieOf(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    const size_t end = field.find(';');
    std::string_view pair = field.substr(0, end);
    field = end == std::string_view::npos ? std::string_view() : field.substr(end + 1);
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return pair.substr(equals + 1);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Access::TokenOf(const http::Request& request) const {
  if (const auto field = request.headers.Find("Authorization")) {
    if (const auto token = BearerOf(*field)) return std::string(*token);
  }
  if (const auto token = request.query.Find("token"); token && !token->empty()) {
    return std::string(*token);
  }
  // A page of another origin makes the browser send it too: then it proves nothing.
  const auto cookies = request.headers.Find("Cookie");
  if (!cookies || request.foreign_origin) return std::nullopt;
  const auto token = CookieOf(*cookies, config_.cookie);
  if (!token || token->empty()) return std::nullopt;
  return std::string(*token);
}

std::expected<Caller, http::Response> Access::Admit(const http::Request& request,
                                                    auth::Permission permission, Token need) const {
  const auto token = TokenOf(request);
  if (!token) {
    if (need == Token::kAlways || config_.mode != config::AuthMode::kNone) {
      return std::unexpected(NoToken());
    }
    return Caller{};
  }
  auto claims = verifier_.Verify(*token, clock_.Wall());
  if (!claims) return std::unexpected(BadToken(claims.error()));
  if (revoked_.Contains(claims->session)) return std::unexpected(Revoked());
  // Where nobody needs a token, one that is presented takes nothing away.
  const bool scoped = need == Token::kAlways || config_.mode != config::AuthMode::kNone;
  if (scoped && !claims->Has(permission)) return std::unexpected(NoPermission(permission));
  return Caller{*std::move(claims)};
}

bool Access::Allowed(const Caller& caller, std::string_view pattern) const {
  if (!caller.claims) return auth::Allowed(nullptr, pattern);
  const auth::Claims& claims = *caller.claims;
  return auth::Allowed(&claims, pattern,
                       [&](std::string_view account) { return owns_ && owns_(claims, account); });
}

http::Response Access::Revoked() { return BadToken("session revoked"); }

std::optional<http::Response> Access::Refuse(const Caller& caller,
                                             const std::vector<hub::TopicPattern>& patterns) const {
  for (const hub::TopicPattern& pattern : patterns) {
    if (Allowed(caller, pattern.text())) continue;
    return http::Problem(403,
                         fmt::format("the topic pattern {} reaches beyond what this caller may "
                                     "read; name only topics that it may, such as market/*",
                                     pattern.text()),
                         "topics");
  }
  return std::nullopt;
}

std::optional<http::Response> Access::RefuseTopic(const Caller& caller,
                                                  std::string_view topic) const {
  if (Allowed(caller, topic)) return std::nullopt;
  return http::Problem(
      403, fmt::format("the token does not grant the topic {}; see its topics claim", topic),
      "topic");
}

}  // namespace livetape::api
