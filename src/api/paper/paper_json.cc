#include "api/paper/paper_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/market/quote_json.h"
#include "api/paper/order_record.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "floor/money.h"

namespace livetape::api {
namespace {

constexpr int kAverageDigits = 15;

base::Amount Magnitude(base::Amount a) {
  return a.units() < 0 ? base::Amount::FromUnits(-a.units()) : a;
}

void AppendMoney(std::string& out, std::string_view field, base::Amount amount) {
  out += field;
  amount.AppendTo(out);
}

// As the floor values it: at its cost while there is no price.
base::Amount ValueOf(const floor::Position& position, const model::Quote* quote) {
  return quote != nullptr ? quote->price * position.quantity : position.cost;
}

struct Held {
  model::InstrumentId instrument;
  const floor::Position* position;
  const model::Quote* quote;  // null: none yet
  base::Amount value;         // of the market, without sign
};

// Largest value first, at most kPositionsShown.
std::vector<Held> Largest(const floor::TradingFloor& floor, const floor::Account& account) {
  std::vector<Held> all;
  all.reserve(account.positions().size());
  for (const auto& [instrument, position] : account.positions()) {
    const model::Quote* const quote = floor.quotes().Find(instrument);
    all.push_back({instrument, &position, quote, Magnitude(ValueOf(position, quote))});
  }
  std::sort(all.begin(), all.end(), [](const Held& a, const Held& b) {
    return a.value != b.value ? a.value > b.value : a.instrument < b.instrument;
  });
  if (all.size() > kPositionsShown) all.resize(kPositionsShown);
  return all;
}

void AppendPositions(std::string& out, const std::vector<Held>& held,
                     const InstrumentOf& instrument_of) {
  out += '[';
  for (const Held& one : held) {
    if (&one != held.data()) out += ',';
    AppendPositionJson(out, instrument_of(one.instrument), *one.position, one.quote);
  }
  out += ']';
}

std::string UpdateBegin(std::string_view type, std::string_view account) {
  return fmt::format(R"({{"update_type":"{}","account":"{}","data":{{)", type, account);
}

}  // namespace

std::string PaperTopic(std::string_view account, std::string_view what) {
  return fmt::format("paper/{}/{}", account, what);
}

base::Price MarkOf(const floor::TradingFloor& floor, model::InstrumentId instrument,
                   const floor::Position& position) {
  if (const model::Quote* const quote = floor.quotes().Find(instrument)) return quote->price;
  return base::Price::FromUnits(
      static_cast<int64_t>(position.cost.units() / position.quantity.units()));
}

void AppendPositionJson(std::string& out, const model::Instrument& instrument,
                        const floor::Position& position, const model::Quote* quote) {
  const base::Amount value = ValueOf(position, quote);
  const base::Amount quantity = Magnitude(base::Amount::From(position.quantity));
  const std::string average =
      base::DivideToText(Magnitude(position.cost), quantity, kAverageDigits);
  out += "{\"symbol\":";
  base::AppendJsonString(out, instrument.symbol);
  out += ",\"quantity\":";
  position.quantity.AppendTo(out);
  out += ",\"avg_price\":";
  out += average;
  out += ",\"price\":";
  out += quote != nullptr ? quote->price.ToString() : average;
  AppendMoney(out, ",\"market_value\":", value);
  AppendMoney(out, ",\"unrealized_pnl\":", floor::Minus(value, position.cost));
  out += '}';
}

void AppendEquityFields(std::string& out, const floor::TradingFloor& floor, model::AccountId id,
                        std::string_view name, const InstrumentOf& instrument_of,
                        base::WallTime now) {
  const floor::Account& account = floor.account(id);
  const std::vector<Held> held = Largest(floor, account);
  // At the prices that the positions below are shown at, which may be newer than the last sample.
  const floor::Valuation value = account.Value(floor.quotes());
  out += "\"account\":";
  base::AppendJsonString(out, name);
  AppendMoney(out, ",\"equity\":", value.equity);
  AppendMoney(out, ",\"balance\":", account.cash());
  out += ",\"trades_executed\":";
  out += std::to_string(account.fills());
  out += ",\"current_position\":";
  if (held.empty()) {
    out += "null";
  } else {
    const Held& largest = held.front();
    AppendPositionJson(out, instrument_of(largest.instrument), *largest.position, largest.quote);
  }
  out += ",\"positions\":";
  AppendPositions(out, held, instrument_of);
  out += ",\"positions_total\":";
  out += std::to_string(account.positions().size());
  AppendMoney(out, ",\"realized_pnl\":", account.realized());
  AppendMoney(out, ",\"unrealized_pnl\":", value.unrealized);
  out += fmt::format(",\"max_drawdown\":{:.10g}", account.max_drawdown());
  AppendMoney(out, ",\"day_pnl\":", floor::Minus(value.equity, account.day_start()));
  out += ",\"timestamp\":\"";
  base::AppendRfc3339(out, now);
  out += '"';
}

std::string DashboardMetrics(const floor::TradingFloor& floor, model::AccountId id,
                             std::string_view name, base::WallTime now) {
  const floor::Account& account = floor.account(id);
  const floor::Valuation value = account.Value(floor.quotes());
  std::string out = UpdateBegin("metrics", name);
  AppendMoney(out, "\"equity\":", account.equity());
  AppendMoney(out, ",\"balance\":", account.cash());
  AppendMoney(out, ",\"buying_power\":", account.BuyingPower(value));
  AppendMoney(out, ",\"realized_pnl\":", account.realized());
  AppendMoney(out, ",\"unrealized_pnl\":", value.unrealized);
  AppendMoney(out, ",\"day_pnl\":", account.day_pnl());
  AppendMoney(out, ",\"peak\":", account.peak());
  AppendMoney(out, ",\"gross_exposure\":", value.gross);
  out += fmt::format(",\"drawdown\":{:.10g},\"max_drawdown\":{:.10g},\"trades_executed\":{}",
                     account.drawdown(), account.max_drawdown(), account.fills());
  out += fmt::format(",\"state\":\"{}\",\"timestamp\":\"", floor::Name(account.state()));
  base::AppendRfc3339(out, now);
  return out + "\"}}";
}

std::string DashboardPositions(const floor::TradingFloor& floor, model::AccountId id,
                               std::string_view name, const InstrumentOf& instrument_of) {
  const floor::Account& account = floor.account(id);
  std::string out = UpdateBegin("positions", name);
  out += "\"positions\":";
  AppendPositions(out, Largest(floor, account), instrument_of);
  return out + fmt::format(",\"total\":{}}}}}", account.positions().size());
}

std::string DashboardOrders(const floor::TradingFloor& floor, model::AccountId id,
                            std::string_view name, const InstrumentOf& instrument_of,
                            const TradingIds& ids) {
  const auto orders = floor.OpenOrders(id);
  std::string out = UpdateBegin("orders", name);
  out += "\"orders\":[";
  const size_t shown = std::min(orders.size(), kOrdersShown);
  for (size_t i = 0; i < shown; ++i) {
    const model::Order& order = *orders[orders.size() - 1 - i];
    if (i > 0) out += ',';
    AppendOrderJson(out, order, instrument_of(order.instrument), ids);
  }
  return out + fmt::format("],\"total\":{}}}}}", orders.size());
}

std::string DashboardMarket(const floor::TradingFloor& floor, std::string_view name,
                            const std::vector<model::InstrumentId>& instruments,
                            const InstrumentOf& instrument_of) {
  std::string out = UpdateBegin("market", name);
  out += "\"quotes\":[";
  size_t shown = 0;
  for (const model::InstrumentId id : instruments) {
    const model::Quote* const quote = floor.quotes().Find(id);
    if (quote == nullptr || shown == kQuotesShown) continue;
    if (shown++ > 0) out += ',';
    out += "{\"symbol\":";
    base::AppendJsonString(out, instrument_of(id).symbol);
    out += ',';
    AppendQuoteFields(out, *quote);
    out += '}';
  }
  return out + "]}}";
}

}  // namespace livetape::api
