#pragma once

// Which content coding a client takes best (RFC 9110, section 12.5.3). Pure functions.

#include <string_view>

namespace livetape::api {

// How much the Accept-Encoding field wants `coding`, in thousandths: 0 (refused) to 1000. A coding
// that is not named has the weight of "*", or 0 without one; "identity" then has 1. A broken weight
// counts as 0.
int CodingWeight(std::string_view accept_encoding, std::string_view coding);

}  // namespace livetape::api
