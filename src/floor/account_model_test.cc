// Accounts against simple models, and at the ends of all ranges.

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <map>
#include <vector>

#include "base/random.h"
#include "floor/account.h"
#include "floor/money.h"

namespace livetape::floor {
namespace {

using base::Amount;
using base::Decimal;
using base::Int128;
using base::Price;
using base::Quantity;
using model::InstrumentId;
using model::Side;

constexpr Int128 kCent = Int128{10'000'000'000'000'000};

AccountSettings Settings(std::string_view cash, std::string_view rate) {
  AccountSettings settings;
  settings.cash = Amount::From(*Decimal::Parse(cash));
  settings.fees.rate = *Decimal::Parse(rate);
  return settings;
}

struct Deal {
  InstrumentId instrument;
  Side side = Side::kBuy;
  Quantity quantity;
  Price price;
};

// Quantities of whole thousandths up to 20, prices of whole cents around 50: every product and fee
// below is exact.
Deal RandomDeal(base::Random& random, uint32_t instruments) {
  return {
      .instrument = InstrumentId(static_cast<uint32_t>(random.Below(instruments))),
      .side = random.Below(2) == 0 ? Side::kBuy : Side::kSell,
      .quantity = Quantity::FromUnits(static_cast<int64_t>(1 + random.Below(20'000)) * 1'000'000),
      .price = Price::FromUnits(static_cast<int64_t>(4'000 + random.Below(2'000)) * 10'000'000)};
}

// One position by the text of the rule, with the whole product cost x c, which fits here.
struct ModelPosition {
  Int128 quantity = 0, cost = 0, realized = 0, flow = 0;

  void Take(const Deal& deal, Int128 fee) {
    const Int128 signed_quantity =
        deal.side == Side::kBuy ? deal.quantity.units() : -deal.quantity.units();
    const Int128 price = deal.price.units();
    flow += -signed_quantity * price - fee;
    realized -= fee;
    Int128 rest = signed_quantity;
    if (quantity != 0 && (quantity > 0) != (signed_quantity > 0)) {
      const Int128 closed =
          Magnitude(signed_quantity) < Magnitude(quantity) ? signed_quantity : -quantity;
      const Int128 moved = Share(Magnitude(closed)) * (quantity > 0 ? 1 : -1);
      realized += -closed * price - moved;
      cost -= moved;
      quantity += closed;
      rest -= closed;
    }
    quantity += rest;
    cost += rest * price;
  }

  Int128 Share(Int128 closed) const {
    const Int128 whole = Magnitude(quantity);
    const Int128 product = Magnitude(cost) * closed;
    const Int128 down = product / whole, rest = product % whole;
    // In a tie the rule looks at what the rest of the cost alone would give.
    const Int128 alone = down - Magnitude(cost) / whole * closed;
    const bool up = 2 * rest > whole || (2 * rest == whole && alone % 2 != 0);
    return down + (up ? 1 : 0);
  }
};

TEST(AccountModel, ManyFillsOnManyInstrumentsAgree) {
  const uint64_t seed = 0x5eed0003;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  constexpr uint32_t kInstruments = 4;
  Account account(Settings("1000000", "0.0025"), {});
  QuoteBoard board;
  for (uint32_t i = 0; i < kInstruments; ++i) board.Add();
  std::array<ModelPosition, kInstruments> model;
  int flats = 0;
  for (int i = 0; i < 50'000; ++i) {
    Deal deal = RandomDeal(random, kInstruments);
    const uint32_t id = deal.instrument.value();
    // Sometimes what makes it flat.
    if (random.Below(8) == 0 && model[id].quantity != 0) {
      deal.side = model[id].quantity > 0 ? Side::kSell : Side::kBuy;
      deal.quantity = Quantity::FromUnits(static_cast<int64_t>(Magnitude(model[id].quantity)));
    }
    const Int128 fee = (deal.price * deal.quantity).units() / 400;
    const Amount before = account.realized();
    ASSERT_TRUE(account.CanTake(deal.instrument, deal.side, deal.quantity, deal.price));
    const Account::Effect effect =
        account.Take(deal.instrument, deal.side, deal.quantity, deal.price);
    model[id].Take(deal, fee);
    board.Apply({}, model::TradeTick{deal.instrument, deal.price, {}});

    ASSERT_EQ(effect.fee.units(), fee);
    ASSERT_EQ(effect.realized.units(), account.realized().units() - before.units());
    ASSERT_EQ(effect.position.units(), model[id].quantity);
    Int128 realized = 0, flow = 0, worth = 0, unrealized = 0;
    for (uint32_t k = 0; k < kInstruments; ++k) {
      const ModelPosition& m = model[k];
      const Position* position = account.Find(InstrumentId(k));
      ASSERT_EQ(position == nullptr ? Int128{0} : Int128{position->quantity.units()}, m.quantity);
      ASSERT_EQ(position == nullptr ? Int128{0} : position->cost.units(), m.cost);
      realized += m.realized;
      flow += m.flow;
      const model::Quote* quote = board.Find(InstrumentId(k));
      const Int128 mark = quote == nullptr ? 0 : quote->price.units();
      worth += m.quantity * mark;
      unrealized += m.quantity * mark - m.cost;
      if (m.quantity == 0) {
        ++flats;
        ASSERT_EQ(m.realized, m.flow) << "flat: what was realized is the sum of cash flows";
      }
    }
    ASSERT_EQ(account.realized().units(), realized);
    ASSERT_EQ(account.cash().units(), account.start().units() + flow);
    const Valuation value = account.Value(board);
    ASSERT_EQ(value.equity.units(), account.cash().units() + worth);
    ASSERT_EQ(value.unrealized.units(), unrealized);
    ASSERT_EQ(value.equity.units(), account.start().units() + realized + unrealized);
  }
  EXPECT_GT(flats, 1'000);
  EXPECT_TRUE(account.Sound());
}

TEST(AccountModel, DoubleQuantitiesDoubleEverything) {
  const uint64_t seed = 0x5eed0004;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  Account once(Settings("1000000", "0.0025"), {});
  Account twice(Settings("2000000", "0.0025"), {});
  constexpr int kFills = 20'000;
  for (int i = 0; i < kFills; ++i) {
    const Deal deal = RandomDeal(random, 3);
    const Quantity both = Quantity::FromUnits(2 * deal.quantity.units());
    const auto a = once.Take(deal.instrument, deal.side, deal.quantity, deal.price);
    const auto b = twice.Take(deal.instrument, deal.side, both, deal.price);
    ASSERT_EQ(2 * a.fee.units(), b.fee.units());
    ASSERT_EQ(2 * a.position.units(), b.position.units());
    ASSERT_EQ(2 * once.cash().units(), twice.cash().units());
    // Each reduction may round the last place of its cost.
    const Int128 apart = twice.realized().units() - 2 * once.realized().units();
    ASSERT_LE(Magnitude(apart), i + 1);
  }
  EXPECT_GT(Magnitude(once.realized().units()), kCent);
}

// Numbers at and around the ends of their ranges.
int64_t Extreme(base::Random& random, int64_t most) {
  switch (random.Below(6)) {
    case 0:
      return most;
    case 1:
      return most - static_cast<int64_t>(random.Below(3));
    case 2:
      return static_cast<int64_t>(1 + random.Below(3));
    case 3:
      return most / 2 + static_cast<int64_t>(random.Below(3));
    default:  // any magnitude
      return static_cast<int64_t>(
          1 + (random.Next() % static_cast<uint64_t>(most) >> random.Below(60)));
  }
}

TEST(AccountModel, NoFillBreaksTheIdentityAtAnyLimit) {
  const uint64_t seed = 0x5eed0005;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  int taken = 0, refused = 0;
  for (int round = 0; round < 60; ++round) {
    AccountSettings settings;
    settings.cash = random.Below(2) == 0 ? kNotionalMax : Amount::FromUnits(random.Below(2));
    settings.multiplier = 4;
    if (random.Below(2) == 0) {
      settings.fees.rate = Decimal::FromUnits(Extreme(random, base::kDecimalScale));
    }
    if (random.Below(4) == 0) settings.fees.per_share = Decimal::FromUnits(Extreme(random, kMost));
    if (random.Below(4) == 0) settings.fees.minimum = Decimal::FromUnits(Extreme(random, kMost));
    Account account(settings, {});
    QuoteBoard board;
    constexpr uint32_t kInstruments = 40;
    for (uint32_t i = 0; i < kInstruments; ++i) board.Add();
    for (int i = 0; i < 500; ++i) {
      const InstrumentId id(static_cast<uint32_t>(random.Below(kInstruments)));
      const Side side = random.Below(2) == 0 ? Side::kBuy : Side::kSell;
      const Quantity quantity = Quantity::FromUnits(Extreme(random, kQuantityMax.units()));
      const Price price = Price::FromUnits(Extreme(random, kPriceMax.units()));
      board.Apply({}, model::TradeTick{id, Price::FromUnits(Extreme(random, kMost)), {}});
      if (account.CanTake(id, side, quantity, price)) {
        account.Take(id, side, quantity, price);
        account.Hold(id, quantity);
        ++taken;
      } else {
        ++refused;
      }
      if (i % 50 == 0) account.RollDay(board);
      const Valuation value = account.Value(board);
      ASSERT_EQ(account.Sample(board), value.equity);
      ASSERT_GE(account.BuyingPower(value).units(), 0);
      ASSERT_GE(account.NonMarginableBuyingPower(value).units(), 0);
      ASSERT_LE(account.day_drawdown(), 0);
      ASSERT_TRUE(account.Sound()) << "round " << round << ", fill " << i;
    }
  }
  EXPECT_GT(taken, 2'000);
  EXPECT_GT(refused, 2'000);
}

}  // namespace
}  // namespace livetape::floor
