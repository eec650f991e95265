#include "api/alpaca/position_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "api/alpaca/fraction_text.h"
#include "api/alpaca_data/asset_json.h"
#include "base/json_text.h"

namespace livetape::api {
namespace {

base::Amount Difference(base::Amount a, base::Amount b) {
  return base::Amount::FromUnits(a.units() - b.units());
}

// What no reducing order holds, with the position's sign.
base::Quantity AvailableOf(const floor::Position& position) {
  const int64_t quantity = position.quantity.units();
  const int64_t held = position.held.units();
  return base::Quantity::FromUnits(quantity > 0 ? std::max<int64_t>(quantity - held, 0)
                                                : std::min<int64_t>(quantity + held, 0));
}

struct Prices {
  std::string current, last_day;
  base::Amount value;        // at the current one
  std::string change_today;  // fraction
};

Prices PricesOf(const floor::Position& position, const model::Quote* quote) {
  // Of a position of today, the market's price before today.
  base::Price last_day = position.last_day_price;
  if (last_day.zero() && quote != nullptr) last_day = quote->reference;
  if (quote == nullptr) {
    const std::string average = AveragePriceText(position.cost, position.quantity);
    return {.current = average,
            .last_day = last_day.zero() ? average : last_day.ToString(),
            .value = position.cost,
            .change_today = FractionText({}, {})};
  }
  const base::Price before = last_day.zero() ? quote->price : last_day;
  const base::Amount change =
      Difference(base::Amount::From(quote->price), base::Amount::From(before));
  return {.current = quote->price.ToString(),
          .last_day = before.ToString(),
          .value = quote->price * position.quantity,
          .change_today = FractionText(change, base::Amount::From(before))};
}

// profit / |basis|
std::string ReturnText(base::Amount profit, base::Amount basis) {
  return FractionText(profit, basis.units() < 0 ? base::Amount::FromUnits(-basis.units()) : basis);
}

}  // namespace

void AppendAlpacaPosition(std::string& out, const floor::Position& position,
                          const model::Instrument& instrument, const model::Quote* quote,
                          const TradingIds& ids) {
  const Prices prices = PricesOf(position, quote);
  const base::Amount profit = Difference(prices.value, position.cost);
  const base::Amount today = Difference(prices.value, position.day_basis);
  out += fmt::format(R"({{"asset_id":"{}","symbol":)", ids.Asset(instrument.symbol));
  base::AppendJsonString(out, instrument.symbol);
  const bool equity = instrument.asset_class == model::AssetClass::kUsEquity;
  const auto write = std::back_inserter(out);
  fmt::format_to(write, R"(,"exchange":"{}","asset_class":"{}","asset_marginable":{})",
                 AssetExchange(instrument.asset_class), Name(instrument.asset_class), equity);
  fmt::format_to(write, R"(,"qty":"{}","qty_available":"{}","side":"{}","avg_entry_price":"{}")",
                 position.quantity.ToString(), AvailableOf(position).ToString(),
                 position.quantity.positive() ? "long" : "short",
                 AveragePriceText(position.cost, position.quantity));
  fmt::format_to(write, R"(,"market_value":"{}","cost_basis":"{}")", prices.value.ToString(),
                 position.cost.ToString());
  fmt::format_to(write, R"(,"unrealized_pl":"{}","unrealized_plpc":"{}")", profit.ToString(),
                 ReturnText(profit, position.cost));
  fmt::format_to(write, R"(,"unrealized_intraday_pl":"{}","unrealized_intraday_plpc":"{}")",
                 today.ToString(), ReturnText(today, position.day_basis));
  fmt::format_to(write, R"(,"current_price":"{}","lastday_price":"{}","change_today":"{}"}})",
                 prices.current, prices.last_day, prices.change_today);
}

}  // namespace livetape::api
