#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kMarket = R"json({
"Timeframe": {"type": "string", "enum": ["1s", "1m", "5m", "15m", "1h", "1d"]},
"TimeframeOrMinute": {"type": "Timeframe", "default": "1m"},
"TimeframeOrDay": {"type": "Timeframe", "default": "1d"},
"Interval": {
  "description": "0: every update; others are rounded up to 50ms, 100ms, 250ms, ... 10s",
  "type": "string", "pattern": "^(0|[0-9]+(ms|s))$"
},
"PriceFormat": {"type": "string", "enum": ["text", "json"], "default": "text"},
"Symbol": {"properties": {"symbol": "string", "asset_class": "AssetClass"}},
"Symbols": {"properties": {"symbols": "Symbol[]"}},
"Quote": {
  "description": "State of a topic market/<symbol>, type quote",
  "properties": {
    "price": {"type": "number", "description": "The last one"},
    "bid": {"type": "number", "description": "0: none"},
    "ask": {"type": "number", "description": "0: none"},
    "bid_size": "number",
    "ask_size": "number",
    "change": {"type": "number", "description": "Percent since the last price before the day"},
    "volume": {"type": "number", "description": "Of the day"},
    "time": "Time"
  }
},
"SymbolQuote": {"allOf": ["Quote", {"properties": {"symbol": "string"}}]},
"Quotes": {
  "description": "Those that have a price already",
  "properties": {"quotes": "SymbolQuote[]"}
},
"Bar": {
  "properties": {
    "time": {"type": "Time", "description": "Its start"},
    "open": "number",
    "high": "number",
    "low": "number",
    "close": "number",
    "volume": "number",
    "trades": {"type": "integer", "minimum": 0},
    "synthetic": {"type": "boolean", "description": "Made up as history before the first price"}
  }
},
"Bars": {"properties": {"symbol": "string", "timeframe": "Timeframe", "bars": "Bar[]"}},
"Price": {
  "description": "Data of an event of /stream, and of /sse/{symbol}?format=json",
  "properties": {
    "asset": "string",
    "price": "number",
    "change": {"type": "number", "description": "Percent since the last price before the day"},
    "timestamp": "Time"
  }
},
"PriceStream": {
  "description": "Unnamed events, each with one Price",
  "type": "string", "contentMediaType": "text/event-stream",
  "x-events": {
    "message": "Price",
    "gap": "Gap", "slow": "Slow", "drain": "Drain", "auth": "AuthEnd"
  }
},
"SymbolPriceStream": {
  "description": "Unnamed events: 'AAPL price is 187.34', or with format=json one Price",
  "type": "string", "contentMediaType": "text/event-stream",
  "x-events": {
    "message": {"oneOf": ["string", "Price"]},
    "gap": "Gap", "slow": "Slow", "drain": "Drain", "auth": "AuthEnd"
  }
},
"ClockStream": {
  "description": "Unnamed events: 'The current time is Fri Nov 20 15:04:05 2026'",
  "type": "string", "contentMediaType": "text/event-stream",
  "x-events": {
    "message": "string",
    "gap": "Gap", "slow": "Slow", "drain": "Drain", "auth": "AuthEnd"
  }
},
"SymbolNotFound": {"properties": {"error": {"const": "Symbol not found"}}}
})json";

}  // namespace livetape::api::schemas
