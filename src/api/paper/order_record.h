#pragma once

// The records of paper trading: an OrderEvent as a record on paper/<account>/orders or /fills, and
// back. The data is what Alpaca's trade updates carry, with the account after it besides. Any thread.

#include <array>
#include <string>
#include <string_view>

#include "api/paper/trading_ids.h"
#include "base/result.h"
#include "floor/order_event.h"
#include "model/instrument.h"
#include "tape/record.h"

namespace livetape::api {

// {"account_id","at","event","execution_id","order":{...},"timestamp","price","qty","position_qty",
// "account","cash","realized_pnl","fee","trade_pnl","explain","reason"}; numbers as strings, as
// Alpaca has them, but for those of `explain`, which is native. What belongs to a fill is null in
// any other event, `reason` where there is none. `cash` and `realized_pnl` are the account's after
// it, `trade_pnl` this fill's.
tape::NewRecord OrderEventRecord(const floor::OrderEvent& event, std::string_view account,
                                 const model::Instrument& instrument, const TradingIds& ids);

// What such a record said. `order_json` is the order's own text in it.
struct ReadOrderEvent {
  floor::OrderEvent event;  // its order's account and instrument are not known here
  std::string account;
  model::Instrument instrument;
  std::string order_json;
};
// An error: the record is not of this form; it names the field.
base::Result<ReadOrderEvent> ParseOrderEvent(const tape::Record& record, const TradingIds& ids);

// The texts of leg_role; a parent has none.
inline constexpr std::array<std::string_view, 3> kLegRoleNames = {"", "take_profit", "stop_loss"};

// What AppendOrderJson wrote; its account and its instrument's id are not known here.
struct ReadOrder {
  model::Order order;
  model::Instrument instrument;
};
base::Result<ReadOrder> ParseOrderJson(std::string_view json, const TradingIds& ids);

// Alpaca's Order object, without legs ("legs":null). What it has no name for stands at the end:
// parent_id, leg_role, take_profit_id, stop_loss_id, triggered, reserve_price, filled_value, and for
// an order of a notional, whose qty is null, sized_qty: what the floor has made of it.
void AppendOrderJson(std::string& out, const model::Order& order,
                     const model::Instrument& instrument, const TradingIds& ids);

// How a fill came about (docs/trading.md, "What fills, and at what price"): {"model","source_price","levels","slippage",
// "fee_rate","liquidity"}.
void AppendExplainJson(std::string& out, const floor::Fill& fill);

}  // namespace livetape::api
