#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kValues = R"json({
"Time": {
  "description": "RFC 3339 in UTC with microseconds; with nanoseconds where they are known",
  "type": "string", "format": "date-time"
},
"Decimal": {
  "description": "A decimal number as a string, exact",
  "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"
},
"DecimalInput": {
  "description": "A decimal number: a string, or a JSON number, which is read as it is written",
  "oneOf": [
    "number",
    {"type": "string", "pattern": "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$"}
  ]
},
"AssetClass": {"type": "string", "enum": ["us_equity", "crypto"]},
"Side": {"type": "string", "enum": ["buy", "sell"]},
"Offset": {"type": "integer", "minimum": 0, "default": 0},
"PageLimit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50},
"ListLimit": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000},
"Problem": {
  "description": "What is wrong, and what is right (RFC 9457)",
  "properties": {
    "type": {"const": "about:blank"},
    "title": {"type": "string", "description": "The status in words"},
    "status": {"type": "integer", "minimum": 400, "maximum": 599},
    "detail": "string",
    "field?": {"type": "string", "description": "The member or parameter at fault"}
  }
},
"Standing": {
  "description": "An answer of /healthz and /readyz",
  "properties": {"status": {"type": "string", "enum": ["ok", "ready"]}}
}
})json";

}  // namespace livetape::api::schemas
