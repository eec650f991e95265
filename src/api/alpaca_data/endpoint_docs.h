#pragma once

// What the endpoints of this family say of themselves in /openapi.json.

#include "http/router.h"

namespace livetape::api::alpaca_docs {

inline const http::ResponseDoc kUnauthorized{401, "application/json",
                                             "The keys or the token are not right.", "AlpacaError"};
inline const http::ResponseDoc kPricesNotGranted{
    403, "application/json",
    "The token may not use an account, or its topics claim does not grant market/<SYMBOL>.",
    "AlpacaError"};
inline const http::ResponseDoc kBadQuery{422, "application/json",
                                         "A parameter is wrong; `field` names it.", "AlpacaError"};
inline const http::ResponseDoc kNotFound{
    404, "application/json", "No such symbol, or nothing is known of it yet.", "AlpacaError"};
inline const http::ParameterDoc kSymbol{
    "symbol", "path", "In any spelling, such as AAPL, BTC or BTC%2FUSD.", "string", true};
inline const http::ParameterDoc kSymbols{
    "symbols", "query",
    "A comma list of any spelling, at most 1000; unknown ones are left out. Answers are under the "
    "names that were asked for.",
    "string", true};

}  // namespace livetape::api::alpaca_docs
