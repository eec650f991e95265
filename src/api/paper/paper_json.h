#pragma once

// The native forms of paper trading: equity, positions and what the dashboard is sent (API sections
// 3 and 4), as JSON with numbers. Pure functions over the floor; its thread.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/paper/trading_ids.h"
#include "base/clock.h"
#include "floor/trading_floor.h"
#include "model/instrument.h"

namespace livetape::api {

inline constexpr std::string_view kEquityType = "equity";
inline constexpr std::string_view kPositionType = "position";

// paper/<account>/<what>; account names need no escapes.
std::string PaperTopic(std::string_view account, std::string_view what);

// An event holds at most so many positions or orders; `positions_total` and `total` tell how many
// there are.
inline constexpr size_t kPositionsShown = 200;
inline constexpr size_t kOrdersShown = 40;
inline constexpr size_t kQuotesShown = 200;

using InstrumentOf = std::function<const model::Instrument&(model::InstrumentId)>;

// {"symbol","quantity","avg_price","price","market_value","unrealized_pnl"}; without a quote it is
// worth its cost.
void AppendPositionJson(std::string& out, const model::Instrument& instrument,
                        const floor::Position& position, const model::Quote* quote);
// The mark of a position: the last price, its average without one.
base::Price MarkOf(const floor::TradingFloor& floor, model::InstrumentId instrument,
                   const floor::Position& position);

// The fields of GET /api/events/equity, without the braces.
void AppendEquityFields(std::string& out, const floor::TradingFloor& floor,
                        model::AccountId account, std::string_view name,
                        const InstrumentOf& instrument_of, base::WallTime now);

// The data objects of dashboard_update, by its update_type.
std::string DashboardMetrics(const floor::TradingFloor& floor, model::AccountId account,
                             std::string_view name, base::WallTime now);
std::string DashboardPositions(const floor::TradingFloor& floor, model::AccountId account,
                               std::string_view name, const InstrumentOf& instrument_of);
// The newest open orders, in Alpaca's form.
std::string DashboardOrders(const floor::TradingFloor& floor, model::AccountId account,
                            std::string_view name, const InstrumentOf& instrument_of,
                            const TradingIds& ids);
// Of these instruments, those that have a price.
std::string DashboardMarket(const floor::TradingFloor& floor, std::string_view name,
                            const std::vector<model::InstrumentId>& instruments,
                            const InstrumentOf& instrument_of);

}  // namespace livetape::api
