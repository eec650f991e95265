#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kChannels = R"json({
"ChannelName": {"type": "string", "enum": ["training", "backtest", "alerts", "dashboard"]},
"TaskStatus": {
  "description": "The last three are final",
  "type": "string", "enum": ["queued", "started", "running", "completed", "failed", "cancelled"]
},
"Progress": {"type": "number", "minimum": 0, "maximum": 100},
"TrainingProgress": {
  "description": "Event training_progress; other members pass through",
  "properties": {
    "task_id": "string",
    "progress": "Progress",
    "status": "TaskStatus",
    "message?": "string|null",
    "metrics?": "TrainingMetrics|null",
    "rate?": {"type": "number", "description": "Of the server's own jobs"},
    "rate_unit?": "string",
    "time_left_s?": "number"
  },
  "additionalProperties": true
},
"TrainingMetrics": {
  "properties": {
    "round?": {"type": "integer", "description": "The newest, at the end the best one"},
    "loss?": "number|null",
    "accuracy?": "number|null",
    "val_loss?": "number|null",
    "val_accuracy?": "number|null",
    "rounds?": {"type": "TrainingRound[]", "description": "Those since the last event, thinned"}
  },
  "additionalProperties": true
},
"BacktestProgress": {
  "description": "Event backtest_progress; other members pass through",
  "properties": {
    "backtest_id": "string",
    "progress": "Progress",
    "status": "TaskStatus",
    "message?": "string|null",
    "current_date?": "string|null",
    "results?": "ProgressResults|null",
    "combinations?": {
      "description": "Of a sweep",
      "properties": {"done": "integer", "total": "integer"}
    },
    "rate?": {"type": "number", "description": "Of the server's own jobs"},
    "rate_unit?": "string",
    "time_left_s?": "number"
  },
  "additionalProperties": true
},
"ProgressResults": {
  "description": "Those that are known yet",
  "properties": {
    "final_equity?": "number",
    "total_return?": "number|null",
    "annual_return?": "number|null",
    "volatility?": "number|null",
    "sharpe_ratio?": "number|null",
    "sortino_ratio?": "number|null",
    "calmar_ratio?": "number|null",
    "max_drawdown?": "number|null",
    "trades?": "number",
    "win_rate?": "number|null",
    "profit_factor?": "number|null",
    "sqn?": "number|null",
    "exposure?": "number|null",
    "fees?": "number",
    "buy_and_hold_return?": "number|null",
    "equity?": {
      "description": "The curve since the last event, at most 200 points",
      "type": "array", "items": {"properties": {"time": "Time", "equity": "number"}}
    }
  },
  "additionalProperties": true
},
"ImportProgress": {
  "description": "Event import_progress of a topic jobs/import/<id>",
  "properties": {
    "import_id": "string",
    "progress": "Progress",
    "status": "TaskStatus",
    "message": "string",
    "report?": "ImportReport",
    "rate?": "number",
    "rate_unit?": "string",
    "time_left_s?": "number"
  }
},
"RiskAlert": {
  "description": "Event risk_alert; other members pass through",
  "properties": {
    "alert_type": "string",
    "severity": "Severity",
    "message": "string",
    "metric_name?": "string|null",
    "metric_value?": "number|null",
    "threshold?": "number|null",
    "entity_type?": "string|null",
    "entity_id?": "string|null"
  },
  "additionalProperties": true
},
"DashboardUpdateType": {
  "type": "string", "enum": ["metrics", "positions", "orders", "market"]
},
"DashboardUpdate": {
  "description": "The server's own are ServerDashboardUpdates; others may publish any data",
  "properties": {
    "update_type": "DashboardUpdateType",
    "data": {"not": {"type": "null"}},
    "account?": {"type": "string|null", "description": "paper if missing"}
  },
  "additionalProperties": true
},
"ServerDashboardUpdate": {
  "oneOf": [
    {
      "properties": {
        "update_type": {"const": "metrics"}, "account": "string", "data": "DashboardMetrics"
      }
    },
    {
      "properties": {
        "update_type": {"const": "positions"}, "account": "string", "data": "DashboardPositions"
      }
    },
    {
      "properties": {
        "update_type": {"const": "orders"}, "account": "string", "data": "DashboardOrders"
      }
    },
    {
      "properties": {
        "update_type": {"const": "market"}, "account": "string", "data": "DashboardMarket"
      }
    }
  ]
},
"ChannelPublication": {
  "description": "The data of one event of the channel that the path names",
  "anyOf": ["TrainingProgress", "BacktestProgress", "RiskAlert", "DashboardUpdate"]
},
"Connected": {
  "properties": {"client_id": "string", "channel": "ChannelName", "message": "string"}
},
"ConnectedEvent": {
  "properties": {"event": {"const": "connected"}, "data": "Connected", "timestamp": "Time"}
},
"PingEvent": {
  "properties": {"event": {"const": "ping"}, "data": {"properties": {"timestamp": "Time"}}}
},
"TrainingProgressEvent": {
  "properties": {
    "event": {"const": "training_progress"}, "data": "TrainingProgress", "timestamp": "Time"
  }
},
"BacktestProgressEvent": {
  "properties": {
    "event": {"const": "backtest_progress"}, "data": "BacktestProgress", "timestamp": "Time"
  }
},
"RiskAlertEvent": {
  "properties": {"event": {"const": "risk_alert"}, "data": "RiskAlert", "timestamp": "Time"}
},
"DashboardUpdateEvent": {
  "properties": {
    "event": {"const": "dashboard_update"}, "data": "DashboardUpdate", "timestamp": "Time"
  }
},
"GapEvent": {
  "properties": {"event": {"const": "gap"}, "data": "Gap", "timestamp": "Time"}
},
"SlowEvent": {
  "properties": {"event": {"const": "slow"}, "data": "Slow", "timestamp": "Time"}
},
"DrainEvent": {
  "properties": {"event": {"const": "drain"}, "data": "Drain", "timestamp": "Time"}
},
"AuthEndEvent": {
  "properties": {"event": {"const": "auth"}, "data": "AuthEnd", "timestamp": "Time"}
},
"ChannelStream": {
  "description": "Named events, each with an envelope of event, data and timestamp",
  "type": "string", "contentMediaType": "text/event-stream",
  "x-events": {
    "connected": "ConnectedEvent",
    "ping": "PingEvent",
    "training_progress": "TrainingProgressEvent",
    "backtest_progress": "BacktestProgressEvent",
    "risk_alert": "RiskAlertEvent",
    "dashboard_update": "DashboardUpdateEvent",
    "gap": "GapEvent",
    "slow": "SlowEvent",
    "drain": "DrainEvent",
    "auth": "AuthEndEvent"
  }
},
"ChannelStanding": {
  "properties": {
    "connection_count": {"type": "integer", "minimum": 0},
    "clients": {"type": "string[]", "description": "The client_id of each connection"}
  }
},
"ChannelStatus": {
  "properties": {
    "status": {"const": "active"},
    "total_connections": {"type": "integer", "minimum": 0},
    "channels": {
      "properties": {
        "training": "ChannelStanding",
        "backtest": "ChannelStanding",
        "alerts": "ChannelStanding",
        "dashboard": "ChannelStanding"
      }
    }
  }
},
"PublishedId": {
  "properties": {"id": {"type": "string|null", "description": "Null: it is state"}}
}
})json";

}  // namespace livetape::api::schemas
