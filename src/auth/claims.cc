#include "auth/claims.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cmath>

#include "auth/grants.h"
#include "base/topic_segment.h"

namespace livetape::auth {
namespace {

namespace json = boost::json;
using Reason = std::string;

constexpr std::array kPermissions = {Permission::kSubscribe, Permission::kPublish,
                                     Permission::kTrade, Permission::kAdmin};
// A topic segment's limit (API section 2).
constexpr size_t kSegmentBytesMax = 128;

bool HasControl(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view TextOf(const json::value& value) {
  return {value.get_string().data(), value.get_string().size()};
}

// A NumericDate: seconds since 1970, with a fraction if it likes. Times outside of what a WallTime
// holds become the nearest that it does, so that "never" stays far away.
std::optional<base::WallTime> ReadTime(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  constexpr std::chrono::nanoseconds kLast =
      base::WallTime::max().time_since_epoch() - std::chrono::days(1);
  const double seconds = value.to_number<double>();
  if (!std::isfinite(seconds)) return std::nullopt;
  const auto limit = static_cast<double>(std::chrono::floor<std::chrono::seconds>(kLast).count());
  if (seconds >= limit) return base::WallTime(kLast);
  if (seconds <= 0) return base::WallTime{};
  if (value.is_int64()) return base::WallTime(std::chrono::seconds(value.get_int64()));
  return base::WallTime(std::chrono::nanoseconds(static_cast<int64_t>(seconds * 1e9)));
}

std::expected<void, Reason> ReadTimes(const json::object& payload, base::WallTime now,
                                      Claims& claims) {
  const json::value* expires = payload.if_contains("exp");
  if (expires == nullptr) return std::unexpected("no exp");
  const auto exp = ReadTime(*expires);
  if (!exp) return std::unexpected("exp is not a number");
  if (now >= *exp + kClockSkew) return std::unexpected("token expired");
  claims.expires = *exp;

  for (const std::string_view name : {"nbf", "iat"}) {
    const json::value* given = payload.if_contains({name.data(), name.size()});
    if (given == nullptr) continue;
    const auto begins = ReadTime(*given);
    if (!begins) return std::unexpected(std::string(name) + " is not a number");
    if (now + kClockSkew < *begins) {
      return std::unexpected(name == "nbf" ? "token not yet valid" : "token issued in the future");
    }
  }
  return {};
}

std::expected<void, Reason> ReadSubject(const json::object& payload, Claims& claims) {
  const json::value* subject = payload.if_contains("sub");
  if (subject == nullptr) return std::unexpected("no sub");
  if (!subject->is_string()) return std::unexpected("sub is not a string");
  const std::string_view text = TextOf(*subject);
  if (text.empty()) return std::unexpected("sub is empty");
  if (HasControl(text)) return std::unexpected("sub has a control character");
  // It must fit into the topics that are its own.
  if (text.size() > kSubjectBytesMax || base::EncodeTopicSegment(text).size() > kSegmentBytesMax) {
    return std::unexpected("sub too long");
  }
  claims.subject = text;
  return {};
}

std::expected<void, Reason> ReadSession(const json::object& payload, Claims& claims) {
  const json::value* session = payload.if_contains("sid");
  if (session == nullptr) return {};
  if (!session->is_string()) return std::unexpected("sid is not a string");
  const std::string_view text = TextOf(*session);
  if (text.size() > kSessionBytesMax) return std::unexpected("sid too long");
  if (HasControl(text)) return std::unexpected("sid has a control character");
  claims.session = text;
  return {};
}

void GrantWord(std::string_view word, Claims& claims) {
  if (const auto permission = ParsePermission(word)) {
    claims.permissions |= static_cast<uint8_t>(*permission);
  }
}

// Words that mean nothing here are other services': passed over.
std::expected<void, Reason> ReadScope(const json::object& payload, Claims& claims) {
  const json::value* scope = payload.if_contains("scope");
  if (scope == nullptr) return {};
  if (scope->is_array()) {
    for (const json::value& word : scope->get_array()) {
      if (!word.is_string()) return std::unexpected("scope is not a list of strings");
      GrantWord(TextOf(word), claims);
    }
    return {};
  }
  if (!scope->is_string()) return std::unexpected("scope is not a string");
  std::string_view rest = TextOf(*scope);
  while (!rest.empty()) {
    const size_t space = std::min(rest.find(' '), rest.size());
    GrantWord(rest.substr(0, space), claims);
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return {};
}

std::expected<void, Reason> ReadTopics(const json::object& payload, Claims& claims) {
  const json::value* topics = payload.if_contains("topics");
  if (topics == nullptr) return {};
  if (!topics->is_array()) return std::unexpected("topics is not a list of strings");
  if (topics->get_array().size() > kGrantsMax) return std::unexpected("too many topics");
  claims.topics.emplace();
  for (const json::value& topic : topics->get_array()) {
    if (!topic.is_string()) return std::unexpected("topics is not a list of strings");
    if (topic.get_string().size() > kGrantBytesMax) return std::unexpected("a topic is too long");
    claims.topics->emplace_back(TextOf(topic));
  }
  return {};
}

}  // namespace

std::string_view Name(Permission permission) {
  switch (permission) {
    case Permission::kSubscribe:
      return "subscribe";
    case Permission::kPublish:
      return "publish";
    case Permission::kTrade:
      return "trade";
    case Permission::kAdmin:
      return "admin";
  }
  return "";
}

std::optional<Permission> ParsePermission(std::string_view word) {
  for (const Permission permission : kPermissions) {
    if (word == Name(permission)) return permission;
  }
  return std::nullopt;
}

std::expected<Claims, std::string> ReadClaims(const json::object& payload, base::WallTime now) {
  Claims claims;
  if (auto read = ReadTimes(payload, now, claims); !read) return std::unexpected(read.error());
  for (const auto& read : {ReadSubject(payload, claims), ReadSession(payload, claims),
                           ReadScope(payload, claims), ReadTopics(payload, claims)}) {
    if (!read) return std::unexpected(read.error());
  }
  return claims;
}

}  // namespace livetape::auth
