#pragma once

// AccountDirectory: the accounts as requests know them: names, keys, owners, and which of them a
// request is for (docs/access.md). Written by the main thread before the start and by the
// tape's thread after it, once an account's record is durable; read by any thread.

#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/access/access.h"
#include "api/paper/account_access.h"
#include "api/paper/account_change.h"
#include "base/clock.h"

namespace livetape::api {

inline constexpr size_t kAccountsMax = 1000;
// 1 to 64 of A-Za-z0-9._-
bool IsAccountName(std::string_view name);

class AccountDirectory final : public AccountAccess {
 public:
  // `default_account` is its name. The references outlive it.
  AccountDirectory(const Access& access, bool auth, std::string default_account);

  // The writers.
  void Apply(const AccountChange& change);
  // Its orders or settings have been active at `time`.
  void Touch(std::string_view name, base::WallTime time);
  // Of an account that has been opened: what it began with, and the time of its newest activity.
  void Restore(std::string_view name, base::Amount start, base::WallTime active);

  struct Entry {
    AccountProfile profile;
    floor::AccountState state = floor::AccountState::kActive;
    base::WallTime opened, active;           // floor time
    std::optional<base::WallTime> reset_at;  // the last one
    base::Amount start;                      // cash at the opening or the last reset
  };
  // Any thread.
  std::optional<Entry> Find(std::string_view name) const;
  // Newest activity first.
  std::vector<Entry> All() const;
  size_t size() const;
  const std::string& default_account() const { return default_; }
  // May this caller read and trade it? Everybody may where there is no auth.
  bool MayUse(const Caller& caller, std::string_view name) const;
  // For topics of paper/<name>/: the same for a token, whether or not tokens are needed; a name that
  // is no account's is that user's.
  bool MayRead(const auth::Claims& claims, std::string_view name) const;

  std::expected<AccountWish, http::Response> OfAlpaca(const http::Request& request) const override;
  std::expected<AccountWish, std::string> OfKey(std::string_view key_id,
                                                std::string_view secret) const override;
  std::expected<AccountWish, http::Response> OfNative(const http::Request& request) const override;

 private:
  void ForgetKey(const AccountProfile& profile);
  std::expected<AccountWish, http::Response> OfToken(const http::Request& request) const;
  static bool Owns(const auth::Claims& claims, const Entry& entry);
  // Does the topics claim, if there is one, grant all topics of that account?
  static bool Grants(const Caller& caller, std::string_view name);
  static bool Owns(const Caller& caller, const Entry& entry) {
    return caller.claims && Owns(*caller.claims, entry);
  }

  const Access& access_;
  const bool auth_;
  const std::string default_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;         // by name
  std::unordered_map<std::string, std::string> name_of_key_;  // by key id
};

}  // namespace livetape::api
