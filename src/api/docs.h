#pragma once

// What several endpoints say of themselves in /openapi.json.

#include <string>
#include <utility>

#include "http/router.h"

namespace livetape::api::docs {

inline const http::ParameterDoc kLastEventId{"Last-Event-ID", "header",
                                             "Where to go on: the id of the last event received."};
inline const http::ParameterDoc kInterval{
    "interval", "query", "How often to send: 0 (every update), 50ms to 10s; rounded up.",
    "Interval"};
inline const http::ParameterDoc kIdempotencyKey{
    "Idempotency-Key", "header", "The same key and body again get the first answer, for 24 hours."};

// Events as a schema of a stream has them.
inline http::ResponseDoc Events(std::string schema) {
  return {200, "text/event-stream", "Server-Sent Events without end.", std::move(schema)};
}
inline const http::ResponseDoc kUnauthorized{401, "application/problem+json",
                                             "No token where one is needed, or a bad one."};
inline const http::ResponseDoc kForbidden{403, "application/problem+json",
                                          "The token does not reach so far."};
inline const http::ResponseDoc kNoSymbol{404, "application/json", "Symbol not found.",
                                         "SymbolNotFound"};
inline const http::ResponseDoc kBadQuery{422, "application/problem+json",
                                         "A parameter is wrong; `field` names it."};
inline const http::ResponseDoc kBadBody{422, "application/problem+json",
                                        "A field is wrong; `field` names it."};
inline const http::ResponseDoc kInFlight{409, "application/problem+json",
                                         "A request with this Idempotency-Key is under way."};
inline const http::ResponseDoc kTooLarge{413, "application/problem+json", "The body is too long."};
inline const http::ResponseDoc kTooManyStreams{429, "application/problem+json",
                                               "Too many streams from here."};
inline const http::ResponseDoc kTryAgain{503, "application/problem+json",
                                         "Cannot be written now; try again."};

}  // namespace livetape::api::docs
