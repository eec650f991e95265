#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kPaper = R"json({
"PaperPosition": {
  "properties": {
    "symbol": "string",
    "quantity": {"type": "number", "description": "Below 0: short"},
    "avg_price": "number",
    "price": {"type": "number", "description": "The last one, or the average while there is none"},
    "market_value": "number",
    "unrealized_pnl": "number"
  }
},
"Equity": {
  "description": "State of a topic paper/<account>/equity, type equity",
  "properties": {
    "account": "string",
    "equity": "number",
    "balance": {"type": "number", "description": "Cash"},
    "trades_executed": {"type": "integer", "minimum": 0, "description": "Fills"},
    "current_position": {"type": "PaperPosition|null", "description": "The largest by value"},
    "positions": {"type": "PaperPosition[]", "description": "The largest 200 by value"},
    "positions_total": {"type": "integer", "minimum": 0},
    "realized_pnl": "number",
    "unrealized_pnl": "number",
    "max_drawdown": {"type": "number", "maximum": 0, "description": "A fraction, negative"},
    "day_pnl": "number",
    "timestamp": "Time"
  }
},
"EquityStream": {
  "description": "Unnamed events, each with one Equity, at once and when it has changed",
  "type": "string", "contentMediaType": "text/event-stream",
  "x-events": {
    "message": "Equity",
    "gap": "Gap", "slow": "Slow", "drain": "Drain", "auth": "AuthEnd"
  }
},
"AccountState": {"type": "string", "enum": ["ACTIVE", "REDUCING", "HALTED"]},
"PaperStatus": {
  "allOf": ["Equity", {
    "properties": {
      "running": {"type": "boolean", "description": "Not halted"},
      "state": "AccountState",
      "strategy": {"type": "string", "description": "What trades the account, or none"},
      "open_orders": {"type": "integer", "minimum": 0},
      "started_at": {"type": "Time", "description": "Opened, or reset last"}
    }
  }]
},
"FillExplanation": {
  "description": "Why a fill has its price",
  "properties": {
    "model": {"type": "string", "enum": ["quote", "book", "bar"]},
    "source_price": "number",
    "levels": {"type": "integer", "minimum": 0, "description": "Which of the book: 1 is the best"},
    "slippage": "number",
    "fee_rate": "number",
    "liquidity": {"type": "string", "enum": ["maker", "taker"]}
  }
},
"PaperTrade": {
  "description": "One fill",
  "properties": {
    "id": {"type": "string", "format": "uuid"},
    "order_id": {"type": "string", "format": "uuid"},
    "symbol": "string",
    "side": "Side",
    "quantity": "number",
    "price": "number",
    "fee": "number",
    "realized_pnl": "number",
    "timestamp": "Time",
    "explain": "FillExplanation"
  }
},
"PaperTrades": {
  "properties": {
    "trades": "PaperTrade[]",
    "total": {"type": "integer", "minimum": 0},
    "limit": "integer",
    "offset": "integer"
  }
},
"EquityPoint": {
  "properties": {
    "timestamp": "Time",
    "equity": "number",
    "balance": "number",
    "drawdown": {"type": "number", "maximum": 0, "description": "A fraction, negative"}
  }
},
"EquityHistory": {
  "properties": {"equity_history": "EquityPoint[]", "interval": "Timeframe"}
},
"PaperAccount": {
  "properties": {
    "name": "string",
    "key_id": "string",
    "owner": {"type": "string|null", "description": "The subject of tokens that may use it"},
    "state": "AccountState",
    "cash": {"type": "number", "description": "At the start"},
    "fee": {"type": "number", "description": "A fraction of a trade's value"},
    "fee_per_share": "number",
    "fee_min": "number",
    "slippage_bps": "number",
    "multiplier": {"type": "integer", "enum": [1, 2, 4]},
    "created_at": "Time",
    "last_activity": "Time"
  }
},
"PaperAccounts": {"properties": {"accounts": "PaperAccount[]"}},
"NewPaperAccount": {
  "description": "What is not given is as the default account's",
  "properties": {
    "name": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    "owner?": {"type": "string|null", "description": "The subject of tokens that may use it"},
    "cash?": "DecimalInput|null",
    "fee?": "DecimalInput|null",
    "fee_per_share?": "DecimalInput|null",
    "fee_min?": "DecimalInput|null",
    "slippage_bps?": "DecimalInput|null",
    "multiplier?": {"enum": [1, 2, 4, "1", "2", "4", null]}
  },
  "additionalProperties": false
},
"PaperAccountKeys": {
  "description": "The secret is shown this once",
  "properties": {"name": "string", "key_id": "string", "secret": "string"}
},
"AccountStateChange": {
  "properties": {"state": "AccountState"},
  "additionalProperties": false
},
"AccountStanding": {
  "properties": {
    "name": "string",
    "state": "AccountState",
    "canceled_orders": {"type": "integer", "minimum": 0}
  }
},
"DashboardMetrics": {
  "properties": {
    "equity": "number",
    "balance": "number",
    "buying_power": "number",
    "realized_pnl": "number",
    "unrealized_pnl": "number",
    "day_pnl": "number",
    "peak": "number",
    "gross_exposure": "number",
    "drawdown": {"type": "number", "maximum": 0},
    "max_drawdown": {"type": "number", "maximum": 0},
    "trades_executed": {"type": "integer", "minimum": 0},
    "state": "AccountState",
    "timestamp": "Time"
  }
},
"DashboardPositions": {
  "properties": {
    "positions": {"type": "PaperPosition[]", "description": "The largest 200 by value"},
    "total": {"type": "integer", "minimum": 0}
  }
},
"DashboardOrders": {
  "properties": {
    "orders": {"type": "Order[]", "description": "The newest 40 open ones"},
    "total": {"type": "integer", "minimum": 0}
  }
},
"DashboardMarket": {
  "description": "Of what the account holds; the default account: of other symbols too",
  "properties": {"quotes": "SymbolQuote[]"}
}
})json";

}  // namespace livetape::api::schemas
