#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kJobs = R"json({
"JobStatus": {
  "type": "string", "enum": ["queued", "running", "completed", "failed", "cancelled"]
},
"JobStatusFilter": {
  "type": "string", "default": "all",
  "enum": ["all", "queued", "running", "completed", "failed", "cancelled"]
},
"JobFacts": {
  "description": "What is known of any job",
  "properties": {
    "status": "JobStatus",
    "progress": {"type": "number", "minimum": 0, "maximum": 100},
    "records": {"type": "integer", "minimum": 0, "description": "Bars, rounds or rows done"},
    "message": "string",
    "created_at": "Time",
    "started_at": "Time|null",
    "ended_at": "Time|null"
  }
},
"PageFacts": {
  "properties": {
    "total": {"type": "integer", "minimum": 0},
    "limit": "integer",
    "offset": "integer"
  }
},
"ParameterValue": {"oneOf": ["number", "boolean", "string"]},
"ParameterValues": {"type": "object", "additionalProperties": "ParameterValue"},
"ParameterLists": {
  "description": "Values, or lists of them: all combinations make a sweep",
  "type": "object",
  "additionalProperties": {
    "anyOf": ["ParameterValue", {"type": "ParameterValue[]", "minItems": 1}]
  }
},
"SymbolList": {
  "oneOf": ["string", {"type": "string[]", "minItems": 1}]
},
"RangeEnd": {"description": "RFC 3339, or a day such as 2024-01-04", "type": "string"},
"CloseAtEnd": {
  "description": "Where open positions are closed: at the last bar's close, its open, or not",
  "type": "string", "enum": ["open", "close", "none"]
},
"BacktestRequest": {
  "properties": {
    "strategy": {"type": "string", "description": "GET /api/v1/strategies names them"},
    "params?": "ParameterLists|null",
    "symbols": "SymbolList",
    "from?": "RangeEnd|null",
    "to?": "RangeEnd|null",
    "timeframe?": {"type": "Timeframe|null", "description": "1d if missing"},
    "cash?": {"type": "DecimalInput|null", "description": "100000 if missing"},
    "fee?": {"type": "DecimalInput|null", "description": "A fraction of a trade's value"},
    "slippage_bps?": "DecimalInput|null",
    "fee_per_share?": "DecimalInput|null",
    "fee_min?": "DecimalInput|null",
    "close_at_end?": {"type": "CloseAtEnd|null", "description": "close if missing"},
    "fractional?": {"type": "boolean|null", "description": "Parts of a share may be bought"},
    "rank_by?": {"type": "string|null", "description": "A name of results; sharpe_ratio if missing"}
  },
  "additionalProperties": false
},
"BacktestOrder": {
  "description": "The request as it was understood",
  "properties": {
    "strategy": "string",
    "params": "ParameterLists",
    "symbols": "string[]",
    "from?": "Time",
    "to?": "Time",
    "timeframe": "Timeframe",
    "cash": "number",
    "fee": "number",
    "slippage_bps": "number",
    "fee_per_share": "number",
    "fee_min": "number",
    "close_at_end": "CloseAtEnd",
    "fractional": "boolean",
    "rank_by": "string"
  }
},
"BacktestResults": {
  "description": "Null: there is none, such as a ratio to nothing; docs/backtests.md has formulas",
  "properties": {
    "final_equity": "number",
    "total_return": "number|null",
    "annual_return": "number|null",
    "volatility": "number|null",
    "sharpe_ratio": "number|null",
    "sortino_ratio": "number|null",
    "calmar_ratio": "number|null",
    "max_drawdown": {"type": "number|null", "description": "A fraction, negative"},
    "trades": {"type": "number", "minimum": 0},
    "win_rate": "number|null",
    "profit_factor": "number|null",
    "sqn": "number|null",
    "exposure": "number|null",
    "fees": "number",
    "buy_and_hold_return": "number|null"
  }
},
"BacktestStanding": {"properties": {"backtest_id": "string", "status": "JobStatus"}},
"BacktestSummary": {
  "allOf": ["JobFacts", {
    "properties": {
      "backtest_id": "string",
      "request": "BacktestOrder",
      "results": {"type": "BacktestResults|null", "description": "Of a sweep, the best ones"}
    }
  }]
},
"Backtests": {
  "allOf": ["PageFacts", {"properties": {"backtests": "BacktestSummary[]"}}]
},
"MonthReturn": {
  "properties": {
    "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
    "return": "number"
  }
},
"SweepRow": {
  "properties": {"params": "ParameterValues", "results": "BacktestResults", "ruined": "boolean"}
},
"SweepSummary": {
  "properties": {
    "combinations": {"type": "integer", "minimum": 0},
    "skipped": {"type": "integer", "minimum": 0, "description": "That make no sense"},
    "rank_by": "string",
    "best": "SweepRow|null"
  }
},
"Backtest": {
  "description": "From monthly_returns on: when it is completed; a sweep has sweep instead",
  "allOf": ["BacktestSummary", {
    "properties": {
      "monthly_returns?": "MonthReturn[]",
      "ruined?": {"type": "boolean", "description": "The equity was used up"},
      "fills?": {"type": "integer", "minimum": 0},
      "refused_orders?": {
        "description": "How many, by reason",
        "type": "object", "additionalProperties": "integer"
      },
      "sweep?": "SweepSummary",
      "from?": "Time",
      "to?": "Time",
      "bars?": {"type": "integer", "minimum": 0},
      "days_per_year?": "integer",
      "data_hash?": {"type": "string", "description": "Of the bars: the same, the same result"},
      "version?": "string"
    }
  }]
},
"BacktestTrade": {
  "description": "A round trip, from flat to flat",
  "properties": {
    "symbol": "string",
    "side": {"type": "string", "enum": ["long", "short"]},
    "opened": "Time",
    "closed": "Time",
    "quantity": "number",
    "entry_price": "number",
    "exit_price": "number",
    "profit": "number",
    "fees": "number",
    "return": "number|null"
  }
},
"BacktestTrades": {
  "allOf": ["PageFacts", {"properties": {"backtest_id": "string", "trades": "BacktestTrade[]"}}]
},
"BacktestFill": {
  "properties": {
    "time": "Time",
    "symbol": "string",
    "side": "Side",
    "type": "OrderType",
    "liquidity": {"type": "string", "enum": ["maker", "taker"]},
    "quantity": "number",
    "price": "number",
    "source_price": "number",
    "fee": "number",
    "realized_pnl": "number",
    "position_qty": "number",
    "cash": "number"
  }
},
"BacktestFills": {
  "allOf": ["PageFacts", {"properties": {"backtest_id": "string", "fills": "BacktestFill[]"}}]
},
"SweepTable": {
  "allOf": ["PageFacts", {"properties": {"backtest_id": "string", "sweep": "SweepRow[]"}}]
},
"CurvePointLimit": {"type": "integer", "minimum": 4, "maximum": 100000, "default": 1000},
"CurvePoint": {
  "properties": {
    "time": "Time",
    "equity": "number",
    "drawdown": {"type": "number", "maximum": 0, "description": "A fraction, negative"}
  }
},
"BacktestCurve": {
  "properties": {
    "backtest_id": "string",
    "equity": "CurvePoint[]",
    "points": {"type": "integer", "minimum": 0, "description": "Of the whole curve"}
  }
},
"StrategyParameter": {
  "properties": {
    "name": "string",
    "type": {"type": "string", "enum": ["integer", "number", "boolean", "string"]},
    "minimum?": "number",
    "maximum?": "number",
    "default": "ParameterValue",
    "description": "string"
  }
},
"Strategy": {
  "properties": {
    "name": "string",
    "description": "string",
    "portfolio": {"type": "boolean", "description": "Trades all symbols as one"},
    "parameters": "StrategyParameter[]"
  }
},
"Strategies": {
  "properties": {
    "strategies": "Strategy[]",
    "rank_by": {"type": "string[]", "description": "The names of results"}
  }
},
"TrainingRequest": {
  "properties": {
    "model?": {"enum": ["direction", null]},
    "symbols": "SymbolList",
    "from?": "RangeEnd|null",
    "to?": "RangeEnd|null",
    "timeframe?": {"type": "Timeframe|null", "description": "1d if missing"},
    "rounds?": {
      "type": "integer|null", "minimum": 1, "maximum": 1000, "description": "100 if missing"
    },
    "params?": "ParameterValues|null"
  },
  "additionalProperties": false
},
"TrainingOrder": {
  "description": "The request as it was understood",
  "properties": {
    "model": "string",
    "symbols": "string[]",
    "from?": "Time",
    "to?": "Time",
    "timeframe": "Timeframe",
    "rounds": "integer",
    "params": "ParameterValues"
  }
},
"TrainingRound": {
  "properties": {
    "round": {"type": "integer", "minimum": 0},
    "loss": "number|null",
    "accuracy": "number|null",
    "val_loss": "number|null",
    "val_accuracy": "number|null"
  }
},
"TrainingStanding": {"properties": {"task_id": "string", "status": "JobStatus"}},
"TrainingSummary": {
  "allOf": ["JobFacts", {
    "properties": {
      "task_id": "string",
      "request": "TrainingOrder",
      "metrics": {"type": "TrainingRound|null", "description": "Of the best round"}
    }
  }]
},
"Trainings": {"allOf": ["PageFacts", {"properties": {"trainings": "TrainingSummary[]"}}]},
"Training": {
  "description": "From rounds_run on: when it is completed",
  "allOf": ["TrainingSummary", {
    "properties": {
      "rounds_run?": {"type": "integer", "minimum": 0},
      "importance?": {
        "description": "Share of the gain, by feature",
        "type": "object", "additionalProperties": "number"
      },
      "symbols?": "string[]",
      "timeframe?": "Timeframe",
      "from?": "Time",
      "to?": "Time",
      "split?": {"type": "Time", "description": "Where the validation begins"},
      "bars?": {"type": "integer", "minimum": 0},
      "training_samples?": {"type": "integer", "minimum": 0},
      "validation_samples?": {"type": "integer", "minimum": 0},
      "validation_up?": {"type": "number|null", "description": "Share of rising samples"},
      "seed?": "integer",
      "data_hash?": "string",
      "version?": "string"
    }
  }]
},
"TrainingRounds": {
  "properties": {
    "task_id": "string",
    "rounds": "TrainingRound[]",
    "total": {"type": "integer", "minimum": 0}
  }
},
"ImportFormat": {"type": "string", "enum": ["auto", "csv", "lean"], "default": "auto"},
"ImportOrder": {
  "description": "The request as it was understood",
  "properties": {
    "symbol": {"type": "string", "description": "Empty: a column says so"},
    "timeframe": "Timeframe",
    "format": {"type": "string", "enum": ["auto", "csv", "lean"]},
    "asset_class": "AssetClass",
    "day": "string",
    "file_name": "string",
    "bytes": {"type": "integer", "minimum": 0},
    "upload": "string"
  }
},
"RowFault": {
  "type": "string",
  "enum": ["missing_columns", "bad_symbol", "bad_time", "bad_number", "bad_price",
           "high_below_low", "outside_range", "bad_volume", "duplicate", "line_too_long",
           "too_many_symbols"]
},
"BadRow": {
  "properties": {
    "line": {"type": "integer", "minimum": 1},
    "reason": "RowFault",
    "detail": "string"
  }
},
"ImportReport": {
  "properties": {
    "status": {"type": "string", "enum": ["completed", "failed", "cancelled"]},
    "rows": {"type": "integer", "minimum": 0},
    "imported": {"type": "integer", "minimum": 0},
    "unsorted": {"type": "integer", "minimum": 0},
    "bad": {"type": "integer", "minimum": 0},
    "bad_by_reason": {
      "type": "object", "propertyNames": "RowFault", "additionalProperties": "integer"
    },
    "bad_rows": {"type": "BadRow[]", "description": "The first ones"},
    "symbols": {"type": "integer", "minimum": 0},
    "first": "Time|null",
    "last": "Time|null",
    "bytes": {"type": "integer", "minimum": 0},
    "error": {"type": "string|null", "description": "Why it failed"}
  }
},
"ImportStanding": {"properties": {"import_id": "string", "status": "JobStatus"}},
"Import": {
  "allOf": ["JobFacts", {
    "properties": {
      "import_id": "string",
      "request": "ImportOrder",
      "report": {"type": "ImportReport|null", "description": "When it is over"}
    }
  }]
},
"Imports": {"allOf": ["PageFacts", {"properties": {"imports": "Import[]"}}]},
"ImportFile": {
  "description": "CSV, with or without gzip, of any length",
  "type": "string"
},
"ImportForm": {
  "description": "A form with one file",
  "type": "object", "additionalProperties": {"type": "string"}
}
})json";

}  // namespace livetape::api::schemas
