#include "api/schemas.h"

namespace livetape::api::schemas {

constinit const std::string_view kEvents = R"json({
"EventCategory": {
  "type": "string",
  "enum": ["data_sync", "provider", "ai", "import", "portfolio", "security"]
},
"EventType": {
  "properties": {
    "event": "string",
    "category": "EventCategory",
    "payload": {
      "description": "The type of each field that the payload has to have",
      "type": "object",
      "additionalProperties": {
        "type": "string", "enum": ["string", "number", "decimal", "boolean", "array", "any"]
      }
    }
  }
},
"EventRegistry": {
  "properties": {"categories": "EventCategory[]", "events": "EventType[]"}
},
"UserEvent": {
  "description": "To one user, to some, or to all",
  "oneOf": [
    {
      "properties": {"user_id": "string", "event": "EventName", "data": "EventPayload"},
      "additionalProperties": false
    },
    {
      "properties": {
        "user_ids": {"type": "string[]", "minItems": 1, "maxItems": 1000, "uniqueItems": true},
        "event": "EventName", "data": "EventPayload"
      },
      "additionalProperties": false
    },
    {
      "properties": {"broadcast": {"const": true}, "event": "EventName", "data": "EventPayload"},
      "additionalProperties": false
    }
  ]
},
"EventName": {
  "description": "GET /api/v1/events/registry lists them",
  "type": "string"
},
"EventPayload": {
  "description": "With the fields that the registry names; others pass through",
  "type": "object", "additionalProperties": true
},
"UserEventIds": {
  "description": "One for each user, in the order given; one for a broadcast",
  "properties": {"ids": "string[]"}
},
"EventsHeartbeat": {"properties": {"server_time": "Time", "head": "string"}},
"UserEventStream": {
  "description": "Events named by their types, each with its payload",
  "type": "string", "contentMediaType": "text/event-stream",
  "x-events": {
    "hello": "Hello", "heartbeat": "EventsHeartbeat", "message": "EventPayload",
    "gap": "Gap", "slow": "Slow", "drain": "Drain", "auth": "AuthEnd"
  }
}
})json";

}  // namespace livetape::api::schemas
