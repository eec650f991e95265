#include "api/paper/account_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "api/alpaca/alpaca_error.h"
#include "auth/api_key.h"
#include "auth/base64.h"
#include "auth/grants.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

constexpr std::string_view kNotAuthorizedText = "request is not authorized";
constexpr std::string_view kForbiddenText = "forbidden.";
constexpr std::string_view kChallenge = "WWW-Authenticate";  // RFC 9110, section 11.6.1

// An answer of the native family in Alpaca's form.
http::Response InAlpacaForm(const http::Response& refusal) {
  const bool unknown = refusal.status == 401;
  http::Response answer = AlpacaError(refusal.status, unknown ? kCodeUnauthorized : kCodeForbidden,
                                      unknown ? kNotAuthorizedText : kForbiddenText);
  if (const auto challenge = refusal.headers.Find(kChallenge)) {
    answer.headers.Add(std::string(kChallenge), std::string(*challenge));
  }
  return answer;
}

struct Credentials {
  std::string key_id, secret;
};

// APCA headers, else HTTP Basic (RFC 7617).
std::optional<Credentials> CredentialsOf(const http::Request& request) {
  if (const auto key = request.headers.Find("APCA-API-KEY-ID")) {
    const auto secret = request.headers.Find("APCA-API-SECRET-KEY");
    return Credentials{std::string(*key), std::string(secret.value_or(""))};
  }
  constexpr std::string_view kBasic = "basic ";
  const auto field = request.headers.Find("Authorization");
  if (!field || field->size() < kBasic.size()) return std::nullopt;
  for (size_t i = 0; i < kBasic.size(); ++i) {
    if (((*field)[i] | 0x20) != (kBasic[i] | 0x20)) return std::nullopt;
  }
  const auto pair = auth::DecodeBase64(field->substr(kBasic.size()));
  if (!pair) return Credentials{};
  const size_t colon = pair->find(':');
  if (colon == std::string::npos) return Credentials{*pair, ""};
  return Credentials{pair->substr(0, colon), pair->substr(colon + 1)};
}

}  // namespace

bool IsAccountName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

AccountDirectory::AccountDirectory(const Access& access, bool auth, std::string default_account)
    : access_(access), auth_(auth), default_(std::move(default_account)) {}

void AccountDirectory::Apply(const AccountChange& change) {
  const std::scoped_lock lock(mutex_);
  const AccountProfile& profile = change.profile;
  Entry& entry = entries_[profile.name];
  entry.active = std::max(entry.active, change.time);
  switch (change.kind) {
    case AccountChange::Kind::kOpen:
      entry.opened = change.time;
      entry.start = profile.settings.cash;
      [[fallthrough]];
    case AccountChange::Kind::kSettings:
      ForgetKey(entry.profile);
      entry.profile = profile;
      if (!profile.key_id.empty()) name_of_key_[profile.key_id] = profile.name;
      break;
    case AccountChange::Kind::kState:
      entry.state = change.state;
      break;
    case AccountChange::Kind::kRisk:
      break;
    case AccountChange::Kind::kReset:
      entry.reset_at = change.time;
      entry.start = entry.profile.settings.cash;
      break;
  }
}

// One that has been given to another account is that one's. Two may have the same for a while: a start
// restores accounts as they were at different times.
void AccountDirectory::ForgetKey(const AccountProfile& profile) {
  const auto at = name_of_key_.find(profile.key_id);
  if (at == name_of_key_.end() || at->second != profile.name) return;
  const auto other = std::ranges::find_if(entries_, [&profile](const auto& named) {
    return named.first != profile.name && named.second.profile.key_id == profile.key_id;
  });
  if (other == entries_.end()) {
    name_of_key_.erase(at);
  } else {
    at->second = other->first;
  }
}

void AccountDirectory::Touch(std::string_view name, base::WallTime time) {
  const std::scoped_lock lock(mutex_);
  const auto at = entries_.find(name);
  if (at != entries_.end()) at->second.active = std::max(at->second.active, time);
}

void AccountDirectory::Restore(std::string_view name, base::Amount start, base::WallTime active) {
  const std::scoped_lock lock(mutex_);
  const auto at = entries_.find(name);
  LT_ASSERT(at != entries_.end(), "account {}", name);
  at->second.start = start;
  at->second.active = std::max(at->second.active, active);
}

std::optional<AccountDirectory::Entry> AccountDirectory::Find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto at = entries_.find(name);
  if (at == entries_.end()) return std::nullopt;
  return at->second;
}

std::vector<AccountDirectory::Entry> AccountDirectory::All() const {
  std::vector<Entry> all;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [name, entry] : entries_) all.push_back(entry);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Entry& a, const Entry& b) { return a.active > b.active; });
  return all;
}

size_t AccountDirectory::size() const {
  const std::shared_lock lock(mutex_);
  return entries_.size();
}

bool AccountDirectory::Owns(const auth::Claims& claims, const Entry& entry) {
  return claims.Has(auth::Permission::kAdmin) ||
         (!entry.profile.owner.empty() && entry.profile.owner == claims.subject);
}

bool AccountDirectory::Grants(const Caller& caller, std::string_view name) {
  if (!caller.claims || !caller.claims->topics) return true;
  const std::string topics = fmt::format("paper/{}/*", name);
  return std::ranges::any_of(*caller.claims->topics, [&topics](const std::string& granted) {
    return auth::Covers(granted, topics);
  });
}

bool AccountDirectory::MayRead(const auth::Claims& claims, std::string_view name) const {
  const auto entry = Find(name);
  return entry ? !auth_ || Owns(claims, *entry) : claims.subject == name;
}

bool AccountDirectory::MayUse(const Caller& caller, std::string_view name) const {
  if (!Grants(caller, name)) return false;
  if (!auth_) return true;
  const auto entry = Find(name);
  return entry && Owns(caller, *entry);
}

std::expected<AccountWish, std::string> AccountDirectory::OfKey(std::string_view key_id,
                                                                std::string_view secret) const {
  std::optional<Entry> entry;
  {
    const std::shared_lock lock(mutex_);
    const auto named = name_of_key_.find(std::string(key_id));
    const auto at = entries_.find(named == name_of_key_.end() ? key_id : named->second);
    if (at != entries_.end()) entry = at->second;
  }
  if (auth_) {
    const bool right = entry && entry->profile.key_id == key_id &&
                       auth::SecretMatches(entry->profile.secret_hash, secret);
    if (!right) return std::unexpected(std::string(kNotAuthorizedText));
    return AccountWish{entry->profile.name, false};
  }
  if (entry) return AccountWish{entry->profile.name, false};
  if (!IsAccountName(key_id)) {
    return std::unexpected("the key must be an account's name: 1 to 64 of A-Za-z0-9._-");
  }
  return AccountWish{std::string(key_id), true};
}

// By a token: the account that ?account= names, else the first that its subject owns.
std::expected<AccountWish, http::Response> AccountDirectory::OfToken(
    const http::Request& request) const {
  const auto caller = access_.Admit(request, auth::Permission::kTrade);
  if (!caller) return std::unexpected(InAlpacaForm(caller.error()));
  const auto asked = request.query.Find("account");
  const std::shared_lock lock(mutex_);
  for (const auto& [name, entry] : entries_) {
    if (!Grants(*caller, name)) continue;
    if (asked ? name == *asked && Owns(*caller, entry)
              : entry.profile.owner == caller->subject() && !entry.profile.owner.empty()) {
      return AccountWish{name, false, caller->claims};
    }
  }
  if (!asked && caller->claims && caller->claims->Has(auth::Permission::kAdmin) &&
      Grants(*caller, default_)) {
    return AccountWish{default_, false, caller->claims};
  }
  return std::unexpected(AlpacaError(403, kCodeForbidden, kForbiddenText));
}

std::expected<AccountWish, http::Response> AccountDirectory::OfAlpaca(
    const http::Request& request) const {
  if (const auto credentials = CredentialsOf(request)) {
    auto wish = OfKey(credentials->key_id, credentials->secret);
    if (wish) return *std::move(wish);
    http::Response refused = AlpacaError(401, kCodeUnauthorized, wish.error());
    refused.headers.Add(std::string(kChallenge), "Bearer");
    return std::unexpected(std::move(refused));
  }
  if (auth_) return OfToken(request);
  // A token that is presented is verified all the same.
  const auto caller = access_.Admit(request, auth::Permission::kTrade);
  if (!caller) return std::unexpected(InAlpacaForm(caller.error()));
  AccountWish wish{default_, false, caller->claims};
  if (const auto asked = request.query.Find("account")) {
    // A page of another site can make a browser ask for any address, but not send a key with it: so
    // an address alone opens no account.
    if (!Find(*asked)) {
      return std::unexpected(AlpacaError(
          404, kCodeNotFound,
          fmt::format("account not found for {}", IsAccountName(*asked) ? *asked : "that name")));
    }
    wish.name = *asked;
  }
  if (!Grants(*caller, wish.name)) {
    return std::unexpected(AlpacaError(403, kCodeForbidden, kForbiddenText));
  }
  return wish;
}

std::expected<AccountWish, http::Response> AccountDirectory::OfNative(
    const http::Request& request) const {
  const auto caller = access_.Admit(request, auth::Permission::kSubscribe);
  if (!caller) return std::unexpected(caller.error());
  const std::string_view asked = request.query.Find("account").value_or("");
  const std::string name(asked.empty() ? default_ : asked);
  const auto entry = Find(name);
  // Who may not use it is not told whether it exists.
  if (!entry || (auth_ && !Owns(*caller, *entry))) {
    return std::unexpected(http::Problem(
        404,
        fmt::format("there is no account {} that you may use; GET /api/v1/accounts lists yours",
                    IsAccountName(name) ? name : "of that name"),
        "account"));
  }
  if (!Grants(*caller, name)) {
    return std::unexpected(http::Problem(
        403, fmt::format("the token does not grant paper/{}/*; see its topics claim", name),
        "account"));
  }
  return AccountWish{name, false, caller->claims};
}

}  // namespace livetape::api
