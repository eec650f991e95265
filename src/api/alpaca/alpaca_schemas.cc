#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kAlpacaOrders = R"json({
"AlpacaError": {
  "properties": {
    "code": {"type": "integer", "description": "Such as 40310000: the status and a number"},
    "message": "string",
    "reason?": {"type": "string", "description": "Why an order was refused: docs/alpaca.md"},
    "field?": {"type": "string", "description": "The member or parameter at fault"},
    "symbol?": "string",
    "available?": "Decimal",
    "existing_qty?": "Decimal",
    "held_for_orders?": "Decimal",
    "buying_power?": "Decimal",
    "cost_basis?": "Decimal",
    "limit?": "Decimal",
    "needed?": "Decimal"
  }
},
"OrderType": {
  "type": "string", "enum": ["market", "limit", "stop", "stop_limit", "trailing_stop"]
},
"TimeInForce": {"type": "string", "enum": ["day", "gtc", "ioc", "fok", "opg", "cls"]},
"OrderClass": {"type": "string", "enum": ["simple", "bracket", "oco", "oto"]},
"OrderStatus": {
  "description": "Final: filled, canceled, expired, replaced, rejected",
  "type": "string",
  "enum": ["new", "partially_filled", "filled", "done_for_day", "canceled", "expired", "replaced",
           "pending_cancel", "pending_replace", "pending_review", "accepted", "pending_new",
           "accepted_for_bidding", "stopped", "rejected", "suspended", "calculated", "held"]
},
"PositionIntent": {
  "type": "string", "enum": ["buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close"]
},
"Uuid": {"type": "string", "format": "uuid"},
"Order": {
  "properties": {
    "id": "Uuid",
    "client_order_id": {"type": "string", "maxLength": 128},
    "created_at": "Time",
    "updated_at": "Time",
    "submitted_at": "Time",
    "filled_at": "Time|null",
    "expired_at": "Time|null",
    "expires_at": "null",
    "canceled_at": "Time|null",
    "failed_at": "Time|null",
    "replaced_at": "Time|null",
    "replaced_by": "Uuid|null",
    "replaces": "Uuid|null",
    "asset_id": "Uuid",
    "symbol": "string",
    "asset_class": "AssetClass",
    "notional": {"type": "Decimal|null", "description": "What was asked for: this or qty"},
    "qty": "Decimal|null",
    "filled_qty": "Decimal",
    "filled_avg_price": "Decimal|null",
    "order_class": "OrderClass",
    "order_type": "OrderType",
    "type": "OrderType",
    "side": "Side",
    "time_in_force": "TimeInForce",
    "limit_price": "Decimal|null",
    "stop_price": "Decimal|null",
    "status": "OrderStatus",
    "extended_hours": "boolean",
    "legs": {"type": "Order[]|null", "description": "Null where they are not nested"},
    "trail_percent": "Decimal|null",
    "trail_price": "Decimal|null",
    "hwm": {"type": "Decimal|null", "description": "The best price that a trail has seen"},
    "position_intent": "PositionIntent",
    "ratio_qty": "null",
    "parent_id": "Uuid|null",
    "leg_role": {"enum": ["take_profit", "stop_loss", null]},
    "take_profit_id": "Uuid|null",
    "stop_loss_id": "Uuid|null",
    "triggered": {"type": "boolean", "description": "A stop that was reached"},
    "reserve_price": {"type": "Decimal|null", "description": "That buying power is held at"},
    "filled_value": "Decimal",
    "sized_qty?": {"type": "Decimal|null", "description": "Of an order by notional"}
  }
},
"Orders": {"type": "Order[]"},
"OrderStatusFilter": {"type": "string", "enum": ["open", "closed", "all"], "default": "open"},
"OrderLimit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 50},
"Descending": {"type": "string", "enum": ["asc", "desc"], "default": "desc"},
"AssetClassFilter": {"type": "string", "enum": ["us_equity", "crypto", "all"]},
"TakeProfit": {"properties": {"limit_price": "DecimalInput"}},
"StopLoss": {"properties": {"stop_price": "DecimalInput", "limit_price?": "DecimalInput|null"}},
"OrderRequest": {
  "description": "Members that are not named here are taken and ignored",
  "properties": {
    "symbol": {"type": "string", "minLength": 1, "maxLength": 128},
    "side": "Side",
    "type": "OrderType",
    "time_in_force": "TimeInForce",
    "qty?": {"type": "DecimalInput|null", "description": "This or notional"},
    "notional?": "DecimalInput|null",
    "limit_price?": "DecimalInput|null",
    "stop_price?": "DecimalInput|null",
    "trail_price?": "DecimalInput|null",
    "trail_percent?": "DecimalInput|null",
    "extended_hours?": "boolean|null",
    "client_order_id?": {"type": "string|null", "maxLength": 128},
    "order_class?": {"enum": ["simple", "bracket", "oco", "oto", "", null]},
    "position_intent?": "PositionIntent|null",
    "take_profit?": "TakeProfit|null",
    "stop_loss?": "StopLoss|null"
  }
},
"OrderChange": {
  "properties": {
    "qty?": "DecimalInput|null",
    "time_in_force?": "TimeInForce|null",
    "limit_price?": "DecimalInput|null",
    "stop_price?": "DecimalInput|null",
    "trail?": "DecimalInput|null",
    "client_order_id?": {"type": "string|null", "maxLength": 128}
  }
},
"CanceledOrder": {
  "properties": {
    "id": "Uuid",
    "status": {"type": "integer", "description": "200: it is canceled"},
    "body": {"anyOf": ["Order", "AlpacaError", "null"]}
  }
},
"CanceledOrders": {"type": "CanceledOrder[]"}
})json";

}  // namespace livetape::api::schemas
