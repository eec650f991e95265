#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kAlpacaData = R"json({
"Clock": {
  "properties": {
    "timestamp": {"type": "string", "format": "date-time", "description": "In New York"},
    "is_open": "boolean",
    "next_open": {"type": "string", "format": "date-time"},
    "next_close": {"type": "string", "format": "date-time"}
  }
},
"CalendarDay": {
  "properties": {
    "date": {"type": "string", "format": "date"},
    "open": {"type": "string", "description": "In New York, 09:30"},
    "close": "string",
    "session_open": {"type": "string", "description": "0400"},
    "session_close": "string",
    "settlement_date": {"type": "string", "format": "date"}
  }
},
"Calendar": {"type": "CalendarDay[]"},
"Asset": {
  "properties": {
    "id": "Uuid",
    "class": "AssetClass",
    "exchange": "string",
    "symbol": "string",
    "name": "string",
    "status": {"const": "active"},
    "tradable": "boolean",
    "marginable": "boolean",
    "shortable": "boolean",
    "easy_to_borrow": "boolean",
    "fractionable": "boolean",
    "attributes": "string[]",
    "maintenance_margin_requirement": "number",
    "margin_requirement_long": "Decimal",
    "margin_requirement_short": "Decimal",
    "min_order_size": "Decimal|null",
    "min_trade_increment": "Decimal|null",
    "price_increment": "Decimal|null"
  }
},
"Assets": {"type": "Asset[]"},
"AlpacaBar": {
  "properties": {
    "t": {"type": "Time", "description": "Its start"},
    "o": "number",
    "h": "number",
    "l": "number",
    "c": "number",
    "v": "number",
    "n": {"type": "integer", "description": "Trades"},
    "vw": {"type": "number", "description": "(high + low + close) / 3"}
  }
},
"AlpacaQuote": {
  "description": "The last four: of stocks",
  "properties": {
    "t": "Time",
    "bp": "number",
    "bs": "number",
    "ap": "number",
    "as": "number",
    "bx?": "string",
    "ax?": "string",
    "c?": "string[]",
    "z?": "string"
  }
},
"AlpacaTrade": {
  "description": "x, c and z: of stocks; tks: of crypto",
  "properties": {
    "t": "Time",
    "p": "number",
    "s": "number",
    "i": "integer",
    "x?": "string",
    "c?": "string[]",
    "z?": "string",
    "tks?": "string"
  }
},
"Snapshot": {
  "properties": {
    "latestTrade": "AlpacaTrade|null",
    "latestQuote": "AlpacaQuote|null",
    "minuteBar": "AlpacaBar|null",
    "dailyBar": "AlpacaBar|null",
    "prevDailyBar": "AlpacaBar|null"
  }
},
"SymbolSnapshot": {"allOf": ["Snapshot", {"properties": {"symbol": "string"}}]},
"SnapshotsBySymbol": {"type": "object", "additionalProperties": "Snapshot"},
"CryptoSnapshots": {"properties": {"snapshots": "SnapshotsBySymbol"}},
"SymbolBar": {"properties": {"symbol": "string", "bar": "AlpacaBar"}},
"BarBySymbol": {
  "properties": {"bars": {"type": "object", "additionalProperties": "AlpacaBar"}}
},
"SymbolLatestQuote": {"properties": {"symbol": "string", "quote": "AlpacaQuote"}},
"QuoteBySymbol": {
  "properties": {"quotes": {"type": "object", "additionalProperties": "AlpacaQuote"}}
},
"SymbolTrade": {"properties": {"symbol": "string", "trade": "AlpacaTrade"}},
"TradeBySymbol": {
  "properties": {"trades": {"type": "object", "additionalProperties": "AlpacaTrade"}}
},
"SymbolBars": {
  "properties": {"bars": "AlpacaBar[]", "symbol": "string", "next_page_token": "string|null"}
},
"BarsBySymbol": {
  "properties": {
    "bars": {"type": "object", "additionalProperties": "AlpacaBar[]"},
    "next_page_token": "string|null"
  }
},
"BarPageLimit": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000},
"Ascending": {"type": "string", "enum": ["asc", "desc"], "default": "asc"}
})json";

}  // namespace livetape::api::schemas
