#pragma once

// What several endpoints of the Alpaca family say of themselves in /openapi.json.

#include "http/router.h"

namespace livetape::api::docs {

inline const http::ResponseDoc kAlpacaBadBody{400, "application/json",
                                              "The body is not a JSON object.", "AlpacaError"};
inline const http::ResponseDoc kAlpacaUnauthorized{
    401, "application/json", "The key, the secret or the token is wrong.", "AlpacaError"};
inline const http::ResponseDoc kAlpacaForbidden{
    403, "application/json", "The account may not, or has not enough; `reason` is a code.",
    "AlpacaError"};
inline const http::ResponseDoc kAlpacaNoOrder{404, "application/json", "There is no such order.",
                                              "AlpacaError"};
inline const http::ResponseDoc kAlpacaBadParameter{
    422, "application/json", "Something is wrong; `field` names it, or `reason` is a code.",
    "AlpacaError"};
inline const http::ResponseDoc kAlpacaTryAgain{503, "application/json", "Too busy; try again.",
                                               "AlpacaError"};

}  // namespace livetape::api::docs
