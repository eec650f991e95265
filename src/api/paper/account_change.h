#pragma once

// AccountChange: what happens to an account besides orders, as an internal record of the tape, and
// back: opened, reset, state, settings
// or broken limits changed. Any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "floor/account_settings.h"
#include "floor/risk/risk_figures.h"
#include "tape/record.h"

namespace livetape::api {

// Who an account is for the outside. Limits of risk are not part of it: they are the server's.
struct AccountProfile {
  std::string name;         // [A-Za-z0-9._-]{1,64}
  std::string key_id;       // of the Alpaca family; empty: its name serves
  std::string secret_hash;  // SHA-256 of the secret in hexadecimal; empty: no secret is right
  std::string owner;        // a token's subject; empty: nobody's
  floor::AccountSettings settings;
  // What the configuration last gave as the multiplier, which a client may have changed since; 0: the
  // account has never stood in a configuration.
  int configured_multiplier = 0;
};

// As JSON, for the store's column; limits of risk are left out.
std::string ProfileJson(const AccountProfile& profile);
base::Result<AccountProfile> ParseProfile(std::string_view json);

struct AccountChange {
  enum class Kind : uint8_t { kOpen, kReset, kState, kSettings, kRisk };
  Kind kind = Kind::kOpen;
  base::WallTime time;     // floor time
  AccountProfile profile;  // kOpen and kSettings: all of it; else the name
  floor::AccountState state = floor::AccountState::kActive;  // kState
  floor::RiskState risk{};                                   // kRisk
};

tape::NewRecord AccountChangeRecord(const AccountChange& change);
base::Result<AccountChange> ParseAccountChange(const tape::Record& record);

}  // namespace livetape::api
