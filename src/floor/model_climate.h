#pragma once

// ModelClimate: what kind of days a round of random trading has, and the accounts that live through
// them. For tests. Pure functions, no threads.

#include <cstdint>

#include "floor/account_settings.h"
#include "floor/model_wishes.h"

namespace livetape::floor {

// What a round is made of.
struct ModelClimate {
  bool exchange = false;  // stocks have sessions
  bool books = false;
  bool bars = false;     // the way inside a bar is the floor's: no trailing stops
  bool late = false;     // restored from an old snapshot: only what events tell
  bool hostile = false;  // numbers at their ends, accounts rich enough to use them
  bool restores() const { return !exchange && !books && !bars; }
  static ModelClimate Of(uint64_t seed) {
    ModelClimate climate;
    climate.exchange = seed % 3 == 0;
    climate.books = seed % 4 == 1;
    climate.bars = seed % 4 == 2;
    climate.late = seed % 8 == 3;
    climate.hostile = seed % 5 == 2;
    return climate;
  }
  ModelWishes::Taste taste() const {
    return {.told_only = bars || late, .trails = !bars, .hostile = hostile ? 15U : 2U};
  }
};

inline base::Amount ModelDollars(int64_t dollars) {
  return base::Amount::FromUnits(base::Int128{dollars} * 1'000'000'000 * 1'000'000'000);
}
// Of the account of that number.
inline AccountSettings ModelSettings(uint32_t number, bool rich) {
  AccountSettings settings;
  settings.cash = ModelDollars(100'000);
  settings.fees.rate = base::Decimal::FromUnits(1'300'000);  // 0.0013
  settings.slippage_bps = base::Decimal::FromUnits(7'000'000'000);
  if (number == 1) {
    settings.multiplier = 1;
    settings.slippage_bps = {};
    settings.fees.minimum = base::Decimal::FromUnits(1'000'000'000);
  } else if (number == 2) {
    settings.multiplier = 4;
    settings.crypto_short = true;
    settings.fees.per_share = base::Decimal::FromUnits(5'000'001);
  } else if (number == 3) {  // soon ruined
    settings.cash = ModelDollars(3'000);
    settings.multiplier = 4;
  }
  if (rich && number < 3) settings.cash = ModelDollars(1'000'000'000'000'000);
  return settings;
}

}  // namespace livetape::floor
