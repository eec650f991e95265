#pragma once

// AccountTest: an account with 100,000 that trades three instruments, in a test's words.

#include <gtest/gtest.h>

#include <string>

#include "floor/account.h"
#include "floor/money.h"

namespace livetape::floor {

class AccountTest : public testing::Test {
 protected:
  using Amount = base::Amount;
  using Decimal = base::Decimal;
  using Price = base::Price;
  using Quantity = base::Quantity;
  using InstrumentId = model::InstrumentId;
  using Side = model::Side;

  static Amount Money(std::string_view text) { return Amount::From(*Decimal::Parse(text)); }
  static Price P(std::string_view text) { return *Price::Parse(text); }
  static Quantity Q(std::string_view text) { return *Quantity::Parse(text); }

  AccountTest() {
    settings_.cash = Money("100000");
    Open();
    for (int i = 0; i < 3; ++i) board_.Add();
  }

  void Open() { account_ = Account(settings_, base::WallTime()); }
  // Buys a positive quantity, sells a negative one.
  Account::Effect Trade(std::string_view quantity, std::string_view price, uint32_t id = 0) {
    const bool sells = quantity.starts_with("-");
    const Side side = sells ? Side::kSell : Side::kBuy;
    const Quantity size = Q(quantity.substr(sells ? 1 : 0));
    EXPECT_TRUE(account_.CanTake(InstrumentId(id), side, size, P(price)));
    const Account::Effect effect = account_.Take(InstrumentId(id), side, size, P(price));
    EXPECT_TRUE(account_.Sound());
    return effect;
  }
  bool CanTrade(std::string_view quantity, std::string_view price, uint32_t id = 0) {
    const bool sells = quantity.starts_with("-");
    return account_.CanTake(InstrumentId(id), sells ? Side::kSell : Side::kBuy,
                            Q(quantity.substr(sells ? 1 : 0)), P(price));
  }
  void Mark(std::string_view price, uint32_t id = 0) {
    board_.Apply(base::WallTime(), model::TradeTick{InstrumentId(id), P(price), {}});
  }
  std::string Realized() { return account_.realized().ToString(); }
  // "quantity cost average", the average to 16 digits.
  std::string Holding(uint32_t id = 0) {
    const Position* position = account_.Find(InstrumentId(id));
    if (position == nullptr) return "flat";
    return position->quantity.ToString() + " " + position->cost.ToString() + " " +
           base::DivideToText(Magnitude(position->cost),
                              Amount::From(Magnitude(position->quantity)), 16);
  }
  const Position& Held(uint32_t id = 0) { return account_.positions().at(InstrumentId(id)); }
  std::string DayBasis() { return Held().day_basis.ToString(); }

  AccountSettings settings_;
  Account account_{AccountSettings{}, base::WallTime()};
  QuoteBoard board_;
};

}  // namespace livetape::floor
