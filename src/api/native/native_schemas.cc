#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kNative = R"json({
"Hello": {
  "properties": {
    "server_time": "Time",
    "head": {"type": "string", "description": "The id of the newest record"},
    "resume": {"type": "string", "enum": ["live", "continuous", "gap"]}
  }
},
"Heartbeat": {
  "properties": {
    "server_time": "Time",
    "head": "string",
    "feed_age_ms": {"type": "integer|null", "description": "Since the last update of any market"}
  }
},
"Gap": {
  "description": "What could not be replayed",
  "properties": {
    "reason": {"type": "string", "enum": ["expired", "unknown_epoch", "malformed", "future"]},
    "requested": "string",
    "resumed_at": "string",
    "missed": "null"
  }
},
"Slow": {"properties": {"skipped": {"type": "integer", "minimum": 1}}},
"Drain": {"properties": {"after_ms": {"type": "integer", "minimum": 0}}},
"AuthEnd": {"properties": {"reason": {"type": "string", "enum": ["expired", "revoked"]}}},
"NativeEvent": {
  "description": "Of the server's own topics: a ServerEvent; others carry what was published",
  "properties": {
    "topic": "string",
    "type": "string",
    "time": "Time",
    "key?": {"type": "string", "description": "Of state that has several keys; not in a batch"},
    "data": {"description": "Null: the state's key was deleted"}
  }
},
"ServerEvent": {
  "description": "The events of the server's own topics, by type",
  "oneOf": [
    {
      "properties": {
        "topic": "string", "type": {"const": "quote"}, "time": "Time", "data": "Quote"
      }
    },
    {
      "properties": {
        "topic": "string", "type": {"const": "equity"}, "time": "Time", "data": "Equity"
      }
    },
    {
      "properties": {
        "topic": "string", "type": {"const": "position"}, "time": "Time",
        "key": {"type": "string", "description": "The symbol, also of a position that was closed"},
        "data": {"type": "PaperPosition|null", "description": "Null: it was closed"}
      }
    },
    {
      "properties": {
        "topic": "string", "type": "OrderEventKind", "time": "Time", "data": "OrderEvent"
      }
    },
    {
      "properties": {
        "topic": "string", "type": {"const": "training_progress"}, "time": "Time",
        "data": "TrainingProgress"
      }
    },
    {
      "properties": {
        "topic": "string", "type": {"const": "backtest_progress"}, "time": "Time",
        "data": "BacktestProgress"
      }
    },
    {
      "properties": {
        "topic": "string", "type": {"const": "import_progress"}, "time": "Time",
        "data": "ImportProgress"
      }
    },
    {
      "properties": {
        "topic": "string", "type": {"const": "risk_alert"}, "time": "Time", "data": "RiskAlert"
      }
    },
    {
      "properties": {
        "topic": "string", "type": {"const": "dashboard_update"}, "time": "Time",
        "data": "DashboardUpdate"
      }
    }
  ]
},
"Batch": {
  "description": "With format=batch: the updates of state of one window",
  "properties": {
    "t": {"type": "integer", "description": "Milliseconds since 1970"},
    "u": {
      "type": "array",
      "items": {
        "description": "A topic and the newest data of one of its keys",
        "type": "array", "prefixItems": [{"type": "string"}, {}], "minItems": 2, "maxItems": 2
      }
    }
  }
},
"NativeStream": {
  "description": "Events named by their types; with named=false all of them are unnamed",
  "type": "string", "contentMediaType": "text/event-stream",
  "x-events": {
    "hello": "Hello",
    "heartbeat": "Heartbeat",
    "gap": "Gap",
    "slow": "Slow",
    "drain": "Drain",
    "auth": "AuthEnd",
    "batch": "Batch",
    "message": "NativeEvent"
  }
},
"StreamForm": {"type": "string", "enum": ["events", "batch"], "default": "events"},
"TrueByDefault": {"type": "boolean", "default": true},
"PublishItem": {
  "properties": {
    "topic": {"type": "string", "description": "market/<symbol> takes a MarketTick"},
    "type?": {
      "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$", "description": "message if missing"
    },
    "data": {"description": "Any value; null deletes a key of state"},
    "class?": {"type": "string", "enum": ["record", "state"], "description": "record if missing"},
    "key?": {"type": "string", "description": "Of state"}
  },
  "additionalProperties": false
},
"Publication": {
  "oneOf": ["PublishItem", {"type": "PublishItem[]", "minItems": 1, "maxItems": 10000}]
},
"PublicationLines": {
  "description": "One PublishItem a line",
  "type": "string"
},
"MarketTick": {
  "description": "A trade (price), a quote (bid, ask), or both",
  "properties": {
    "price?": "DecimalInput",
    "size?": "DecimalInput",
    "bid?": "DecimalInput",
    "ask?": "DecimalInput",
    "bid_size?": "DecimalInput",
    "ask_size?": "DecimalInput",
    "volume?": {"type": "DecimalInput", "description": "Replaces the day's"},
    "time?": "string",
    "asset_class?": "AssetClass"
  },
  "additionalProperties": false
},
"PublishedIds": {
  "properties": {
    "ids": {
      "description": "In the order of the items; null: state, or market data",
      "type": "array", "items": "string|null"
    }
  }
}
})json";

}  // namespace livetape::api::schemas
