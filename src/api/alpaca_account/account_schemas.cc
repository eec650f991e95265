#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kAlpacaAccount = R"json({
"Account": {
  "properties": {
    "id": "Uuid",
    "account_number": {"type": "string", "description": "The account's name"},
    "status": {"const": "ACTIVE"},
    "crypto_status": {"const": "ACTIVE"},
    "currency": {"const": "USD"},
    "cash": "Decimal",
    "equity": "Decimal",
    "portfolio_value": "Decimal",
    "last_equity": {"type": "Decimal", "description": "At the start of the day"},
    "buying_power": "Decimal",
    "regt_buying_power": "Decimal",
    "effective_buying_power": "Decimal",
    "non_marginable_buying_power": "Decimal",
    "daytrading_buying_power": "Decimal",
    "options_buying_power": "Decimal",
    "long_market_value": "Decimal",
    "short_market_value": "Decimal",
    "position_market_value": "Decimal",
    "initial_margin": "Decimal",
    "maintenance_margin": "Decimal",
    "last_maintenance_margin": "Decimal",
    "sma": "Decimal",
    "accrued_fees": "Decimal",
    "pending_transfer_in": "Decimal",
    "pending_transfer_out": "Decimal",
    "intraday_adjustments": "Decimal",
    "pending_reg_taf_fees": "Decimal",
    "multiplier": "Multiplier",
    "trading_blocked": "boolean",
    "transfers_blocked": "boolean",
    "account_blocked": "boolean",
    "trade_suspended_by_user": "boolean",
    "shorting_enabled": "boolean",
    "pattern_day_trader": "boolean",
    "daytrade_count": "integer",
    "options_approved_level": "integer",
    "options_trading_level": "integer",
    "state": {"type": "AccountState", "description": "The switch of PUT /api/v1/accounts"},
    "balance_asof": {"type": "string", "format": "date"},
    "created_at": "Time"
  }
},
"Multiplier": {"type": "string", "enum": ["1", "2", "4"]},
"AccountConfiguration": {
  "properties": {
    "dtbp_check": {"const": "entry"},
    "fractional_trading": "boolean",
    "max_margin_multiplier": "Multiplier",
    "no_shorting": "boolean",
    "pdt_check": {"const": "entry"},
    "suspend_trade": "boolean",
    "trade_confirm_email": {"const": "all"},
    "ptp_no_exception_entry": "boolean"
  }
},
"AccountConfigurationChange": {
  "description": "Members that are not named here are taken and ignored",
  "properties": {
    "max_margin_multiplier?": {"enum": ["1", "2", "4", 1, 2, 4, null]},
    "no_shorting?": "boolean|null",
    "suspend_trade?": "boolean|null"
  }
},
"Position": {
  "properties": {
    "asset_id": "Uuid",
    "symbol": "string",
    "exchange": "string",
    "asset_class": "AssetClass",
    "asset_marginable": "boolean",
    "qty": {"type": "Decimal", "description": "Below 0: short"},
    "qty_available": {"type": "Decimal", "description": "Without what closing orders hold"},
    "side": {"type": "string", "enum": ["long", "short"]},
    "avg_entry_price": "Decimal",
    "market_value": "Decimal",
    "cost_basis": "Decimal",
    "unrealized_pl": "Decimal",
    "unrealized_plpc": {"type": "Decimal", "description": "A fraction"},
    "unrealized_intraday_pl": "Decimal",
    "unrealized_intraday_plpc": "Decimal",
    "current_price": "Decimal",
    "lastday_price": "Decimal",
    "change_today": {"type": "Decimal", "description": "A fraction"}
  }
},
"Positions": {"type": "Position[]"},
"ClosedPosition": {
  "properties": {
    "symbol": "string",
    "status": {"type": "integer", "description": "200: body is the closing order"},
    "body": {"anyOf": ["Order", "AlpacaError"]}
  }
},
"ClosedPositions": {"type": "ClosedPosition[]"},
"HistoryTimeframe": {"type": "string", "enum": ["1Min", "5Min", "15Min", "1H", "1D"]},
"PnlReset": {"type": "string", "enum": ["per_day", "no_reset"], "default": "no_reset"},
"PortfolioHistory": {
  "description": "Columns of one length; null: nothing was known then",
  "properties": {
    "timestamp": {"type": "integer[]", "description": "Seconds since 1970"},
    "equity": {"type": "array", "items": "number|null"},
    "profit_loss": {"type": "array", "items": "number|null"},
    "profit_loss_pct": {
      "description": "Fractions", "type": "array", "items": "number|null"
    },
    "base_value": "number",
    "base_value_asof?": {"type": "string", "format": "date"},
    "timeframe": "HistoryTimeframe",
    "cashflow": {
      "description": "Empty: nothing is paid in or out",
      "type": "object", "maxProperties": 0
    }
  }
},
"ActivityLimit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 100},
"Activity": {
  "description": "One fill",
  "properties": {
    "id": {"type": "string", "description": "yyyymmddHHMMSSmmm::uuid"},
    "activity_type": {"const": "FILL"},
    "transaction_time": "Time",
    "type": {"type": "string", "enum": ["fill", "partial_fill"]},
    "price": "Decimal",
    "qty": "Decimal",
    "side": "Side",
    "symbol": "string",
    "leaves_qty": "Decimal",
    "order_id": "Uuid",
    "cum_qty": "Decimal",
    "order_status": {"type": "string", "enum": ["filled", "partially_filled"]}
  }
},
"Activities": {"type": "Activity[]"},
"OrderEventKind": {
  "type": "string",
  "enum": ["new", "accepted", "held", "fill", "partial_fill", "canceled", "expired", "replaced",
           "rejected", "restated"]
},
"OrderEvent": {
  "description": "A record of paper/<account>/orders, or of /fills; null where it is no fill",
  "properties": {
    "account_id": "Uuid",
    "at": "Time",
    "event": "OrderEventKind",
    "execution_id": "Uuid|null",
    "order": "Order",
    "timestamp": "Time",
    "price": "Decimal|null",
    "qty": "Decimal|null",
    "position_qty": {"type": "Decimal|null", "description": "After it"},
    "cash": {"type": "Decimal|null", "description": "After it"},
    "realized_pnl": {"type": "Decimal|null", "description": "Of the account, after it"},
    "fee": "Decimal|null",
    "trade_pnl": {"type": "Decimal|null", "description": "Realized by this fill"},
    "explain": "FillExplanation|null",
    "account": "string",
    "reason": {"type": "string|null", "description": "Why it was refused or restated"}
  }
},
"TradeEvent": {"allOf": ["OrderEvent", {"properties": {"event_id": "string"}}]},
"TradeEventStream": {
  "description": "Unnamed events, each with one TradeEvent",
  "type": "string", "contentMediaType": "text/event-stream",
  "x-events": {"message": "TradeEvent"}
}
})json";

}  // namespace livetape::api::schemas
