#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kRisk = R"json({
"Severity": {"type": "string", "enum": ["low", "medium", "high", "critical"]},
"RiskAction": {"type": "string", "enum": ["alert", "reduce", "halt"]},
"VarMethod": {"type": "string", "enum": ["historical", "parametric", "monte_carlo"]},
"TailRisk": {
  "description": "Fractions of equity by method; null: not to be known, see reason",
  "properties": {
    "historical": "number|null",
    "parametric": "number|null",
    "monte_carlo": "number|null"
  }
},
"Exposure": {
  "properties": {
    "long": "number",
    "short": "number",
    "gross": "number",
    "net": "number",
    "gross_fraction": {"type": "number|null", "description": "Null: there is no equity"},
    "net_fraction": "number|null"
  }
},
"Concentration": {
  "description": "The largest position",
  "properties": {"symbol": "string|null", "value": "number", "fraction": "number|null"}
},
"LimitStanding": {
  "properties": {
    "metric": {
      "type": "string",
      "enum": ["var", "drawdown", "day_drawdown", "gross", "net", "concentration"]
    },
    "value": "number|null",
    "limit": {"type": "number", "description": "0: none"},
    "used": {"type": "number|null", "description": "value / limit"},
    "broken": "boolean",
    "severity": "Severity",
    "action": "RiskAction"
  }
},
"LimitStandings": {
  "properties": {
    "var_limit": "LimitStanding",
    "drawdown_limit": "LimitStanding",
    "day_drawdown_limit": "LimitStanding",
    "gross_limit": "LimitStanding",
    "net_limit": "LimitStanding",
    "concentration_limit": "LimitStanding"
  }
},
"Risk": {
  "properties": {
    "account": "string",
    "equity": "number",
    "confidence": "number",
    "method": {"type": "VarMethod", "description": "That the limit is for"},
    "var": "TailRisk",
    "cvar": "TailRisk",
    "reason": {"type": "string|null", "description": "Why there is no value at risk"},
    "covered": {"type": "number|null", "description": "Share of the exposure with history"},
    "days": {"type": "integer", "minimum": 0, "description": "Of history"},
    "drawdown": {"type": "number|null", "description": "A fraction, positive"},
    "max_drawdown": "number|null",
    "day_drawdown": "number|null",
    "peak": "number",
    "day_start": "number",
    "exposure": "Exposure",
    "concentration": "Concentration",
    "exceedances": {
      "type": "integer", "minimum": 0, "description": "Days that lost more than was at risk"
    },
    "var_at_roll": "number|null",
    "limits": "LimitStandings",
    "timestamp": "Time"
  }
},
"RiskLimits": {
  "description": "Of all accounts; a limit of 0 is none",
  "properties": {
    "max_order_value": "number",
    "max_order_qty": "number",
    "price_collar": "number",
    "max_orders_per_s": "integer",
    "var_limit": "number",
    "var_limit_severity": "Severity",
    "var_limit_action": "RiskAction",
    "drawdown_limit": "number",
    "drawdown_limit_severity": "Severity",
    "drawdown_limit_action": "RiskAction",
    "day_drawdown_limit": "number",
    "day_drawdown_limit_severity": "Severity",
    "day_drawdown_limit_action": "RiskAction",
    "gross_limit": "number",
    "gross_limit_severity": "Severity",
    "gross_limit_action": "RiskAction",
    "net_limit": "number",
    "net_limit_severity": "Severity",
    "net_limit_action": "RiskAction",
    "concentration_limit": "number",
    "concentration_limit_severity": "Severity",
    "concentration_limit_action": "RiskAction",
    "hysteresis": "number",
    "var_confidence": "number",
    "var_method": "VarMethod"
  }
},
"RiskLimitsChange": {
  "description": "Those to change; null: as configured",
  "properties": {
    "max_order_value?": "DecimalInput|null",
    "max_order_qty?": "DecimalInput|null",
    "price_collar?": "DecimalInput|null",
    "max_orders_per_s?": {
      "oneOf": [
        {"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+$"}, "null"
      ]
    },
    "var_limit?": "DecimalInput|null",
    "var_limit_severity?": "Severity|null",
    "var_limit_action?": "RiskAction|null",
    "drawdown_limit?": "DecimalInput|null",
    "drawdown_limit_severity?": "Severity|null",
    "drawdown_limit_action?": "RiskAction|null",
    "day_drawdown_limit?": "DecimalInput|null",
    "day_drawdown_limit_severity?": "Severity|null",
    "day_drawdown_limit_action?": "RiskAction|null",
    "gross_limit?": "DecimalInput|null",
    "gross_limit_severity?": "Severity|null",
    "gross_limit_action?": "RiskAction|null",
    "net_limit?": "DecimalInput|null",
    "net_limit_severity?": "Severity|null",
    "net_limit_action?": "RiskAction|null",
    "concentration_limit?": "DecimalInput|null",
    "concentration_limit_severity?": "Severity|null",
    "concentration_limit_action?": "RiskAction|null",
    "hysteresis?": "DecimalInput|null",
    "var_confidence?": "DecimalInput|null",
    "var_method?": "VarMethod|null"
  },
  "additionalProperties": false
},
"Alert": {
  "properties": {
    "id": "string",
    "timestamp": "Time",
    "acknowledged": "boolean",
    "acknowledged_by": {"type": "string|null", "description": "The token's subject, if any"},
    "acknowledged_at": "Time|null",
    "data": "RiskAlert"
  }
},
"Alerts": {"allOf": ["PageFacts", {"properties": {"alerts": "Alert[]"}}]}
})json";

}  // namespace livetape::api::schemas
