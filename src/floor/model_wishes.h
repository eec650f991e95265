#pragma once

// ModelWishes: the orders and changes that random clients ask for: mostly sensible ones around a
// price, now and then nonsense at the ends of the numbers. For tests; one thread uses it.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "base/random.h"
#include "floor/order_request.h"
#include "model/order.h"

namespace livetape::floor {

inline constexpr int64_t kCent = 10'000'000;

class ModelWishes {
 public:
  struct Taste {
    bool told_only = false;  // nothing that no event tells: marks of trailing stops, reached stops
    bool trails = true;
    uint64_t hostile = 2;  // percent
  };
  ModelWishes(base::Random& random, const Taste& taste) : random_(random), taste_(taste) {}

  // `cents` is about the instrument's price, `has` what the account has of it.
  OrderRequest Order(model::InstrumentId instrument, int64_t cents, base::Quantity has) {
    OrderRequest r;
    r.instrument = instrument;
    r.side = Chance(50) ? model::Side::kBuy : model::Side::kSell;
    r.tif = Tif();
    Size(r);
    Type(r, cents);
    if (Chance(25)) Class(r, cents);
    if (Chance(15) && !has.zero()) Leave(r, has);
    r.client_id = Name(10);
    r.extended_hours = Chance(3);
    if (Chance(taste_.hostile)) Spoil(r);
    return r;
  }
  OrderChange Change(const model::Order& order, int64_t cents) {
    OrderChange change;
    if (Chance(50)) change.quantity = Whole(60);
    if (!order.limit.zero() && Chance(60)) change.limit = Near(cents, 250);
    if (!order.stop.zero() && Chance(60)) change.stop = Near(cents, 350);
    if (order.type == model::OrderType::kTrailingStop && Chance(90)) {
      change.stop = std::nullopt;
      change.trail = base::Decimal::FromUnits(Below(300) * kCent);
    }
    if (Chance(20)) change.tif = Tif();
    change.client_id = Name(20);
    if (Chance(taste_.hostile)) Spoil(order, change);
    return change;
  }

 private:
  bool Chance(uint64_t percent) { return random_.Below(100) < percent; }
  // From 1 to `most`.
  int64_t Below(uint64_t most) { return 1 + static_cast<int64_t>(random_.Below(most)); }
  base::Quantity Whole(uint64_t most) {
    return base::Quantity::FromUnits(Below(most) * 1'000'000'000);
  }
  base::Price Near(int64_t cents, int64_t distance) {
    const auto away =
        static_cast<int64_t>(random_.Below(static_cast<uint64_t>(2 * distance))) - distance;
    return base::Price::FromUnits(std::max<int64_t>(cents + away, 1) * kCent);
  }
  model::ClientOrderId Name(uint64_t percent) {
    if (!Chance(percent)) return {};
    return *model::ClientOrderId::From("n" + std::to_string(random_.Below(100)));
  }

  model::TimeInForce Tif() {
    using model::TimeInForce;
    constexpr std::array kOften = {TimeInForce::kDay, TimeInForce::kGtc};
    return Chance(70) ? kOften[random_.Below(2)] : static_cast<TimeInForce>(random_.Below(6));
  }
  void Size(OrderRequest& r) {
    const int64_t whole = Below(Chance(10) ? 2'000 : 40);
    if (Chance(12)) {
      r.notional = base::Amount::From(base::Decimal::FromUnits(whole * 77'777'777'777));
    } else if (Chance(15)) {
      r.quantity = base::Quantity::FromUnits(whole * 123'456'789);
    } else {
      r.quantity = base::Quantity::FromUnits(whole * 1'000'000'000);
    }
  }
  // All of what the account has, exactly.
  static void Leave(OrderRequest& r, base::Quantity has) {
    r.side = has.positive() ? model::Side::kSell : model::Side::kBuy;
    r.notional = std::nullopt;
    r.quantity = base::Quantity::FromUnits(has.positive() ? has.units() : -has.units());
  }
  void Type(OrderRequest& r, int64_t cents) {
    using model::OrderType;
    r.type = static_cast<OrderType>(random_.Below(taste_.told_only ? 3 : taste_.trails ? 5 : 4));
    if (r.type == OrderType::kLimit || r.type == OrderType::kStopLimit) r.limit = Near(cents, 250);
    if (r.type == OrderType::kStop || r.type == OrderType::kStopLimit) r.stop = Near(cents, 350);
    if (r.type != OrderType::kTrailingStop) return;
    if (Chance(50)) {
      r.trail_price = base::Price::FromUnits(Below(300) * kCent);
    } else {
      r.trail_percent = base::Decimal::FromUnits(Below(500) * kCent);
    }
  }
  void Class(OrderRequest& r, int64_t cents) {
    r.order_class = static_cast<model::OrderClass>(Below(3));
    const bool oco = r.order_class == model::OrderClass::kOco;
    const bool exit_sells = oco == (r.side == model::Side::kSell);
    const int64_t base = r.limit.value_or(base::Price::FromUnits(cents * kCent)).units();
    const auto away = [&](bool up) {
      const int64_t distance = Below(300) * kCent;
      return base::Price::FromUnits(base + (up ? distance : -distance));
    };
    if (r.order_class != model::OrderClass::kOto || Chance(50)) {
      r.take_profit_limit = away(exit_sells);
    }
    if (r.order_class != model::OrderClass::kOto || !r.take_profit_limit) {
      r.stop_loss_stop = away(!exit_sells);
      if (Chance(30) && !taste_.told_only) r.stop_loss_limit = away(Chance(50));
    }
    if (oco && Chance(90)) {
      r.type = model::OrderType::kLimit;
      r.limit = r.take_profit_limit;
      r.stop = std::nullopt;
      r.trail_price = std::nullopt;
      r.trail_percent = std::nullopt;
    }
    if (Chance(80) && r.tif != model::TimeInForce::kGtc) r.tif = model::TimeInForce::kDay;
  }

  // --- nonsense: the limits of trading, one beyond them, and the ends of the numbers

  int64_t Extreme() {
    constexpr std::array<int64_t, 16> kEnds = {0,
                                               1,
                                               -1,
                                               999'999'999,
                                               100'000'000'000,          // 100: a whole percentage
                                               999'999'990'000'000'000,  // 999,999,990
                                               1'000'000'000'000'000'000,  // the greatest price
                                               1'000'000'000'000'000'001,
                                               8'999'999'999'000'000'000,
                                               9'000'000'000'000'000'000,  // the greatest quantity
                                               9'000'000'000'000'000'001,
                                               std::numeric_limits<int64_t>::max(),
                                               std::numeric_limits<int64_t>::max() - 1,
                                               std::numeric_limits<int64_t>::min(),
                                               std::numeric_limits<int64_t>::min() + 1,
                                               -1'000'000'000};
    return kEnds[random_.Below(kEnds.size())];
  }
  base::Amount ExtremeMoney() {
    constexpr base::Int128 kOne = base::Int128{1'000'000'000} * 1'000'000'000;
    constexpr base::Int128 kGreatest = kOne * 1'000'000'000'000'000;  // notional
    constexpr base::Int128 kEnd = kOne * 100'000'000'000 * 1'000'000'000;
    constexpr std::array kEnds = {base::Int128{0}, base::Int128{-1}, kOne - 1, kOne,
                                  kGreatest,       kGreatest + 1,    kEnd,     -kEnd};
    return base::Amount::FromUnits(kEnds[random_.Below(kEnds.size())]);
  }
  void Spoil(OrderRequest& r) {
    switch (random_.Below(8)) {
      case 0:
      case 1:
        r.quantity = base::Quantity::FromUnits(Extreme());
        if (Chance(70)) r.notional = std::nullopt;
        break;
      case 2:
        r.notional = ExtremeMoney();
        if (Chance(70)) r.quantity = std::nullopt;
        break;
      case 3:
        r.limit = base::Price::FromUnits(Extreme());
        break;
      case 4:
        r.stop = base::Price::FromUnits(Extreme());
        break;
      case 5:
        r.trail_price = base::Price::FromUnits(Extreme());
        break;
      case 6:
        r.trail_percent = base::Decimal::FromUnits(Extreme());
        break;
      default:
        (Chance(50) ? r.take_profit_limit : r.stop_loss_stop) = base::Price::FromUnits(Extreme());
    }
  }
  void Spoil(const model::Order& order, OrderChange& change) {
    const int64_t extreme = Extreme();
    if (order.type == model::OrderType::kTrailingStop && Chance(60)) {
      change.trail = base::Decimal::FromUnits(extreme);
    } else if (Chance(50)) {
      change.quantity = base::Quantity::FromUnits(extreme);
    } else {
      (Chance(50) ? change.limit : change.stop) = base::Price::FromUnits(extreme);
    }
  }

  base::Random& random_;
  const Taste taste_;
};

}  // namespace livetape::floor
