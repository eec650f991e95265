#pragma once

// A symbol as a part of a path of the Alpaca family. Clients put it there as it is, so that BTC/USD has
// two segments and a route of its own: .../{symbol} and .../{base}/{quote}. Any thread.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "http/message.h"
#include "http/router.h"

namespace livetape::api {

// Of a request to either route, which have no other parameters.
inline std::string SymbolInPath(const http::Request& request) {
  return fmt::format("{}", fmt::join(request.args, "/"));
}

namespace docs {

inline const http::ParameterDoc kBaseOfCoin{"base", "path", "Such as BTC.", "string", true};
inline const http::ParameterDoc kQuoteOfCoin{"quote", "path", "Such as USD.", "string", true};

}  // namespace docs
}  // namespace livetape::api
