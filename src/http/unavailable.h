#pragma once

// The answer to what may work a moment later. A function.

#include <string_view>

#include "http/message.h"

namespace livetape::http {

// A Problem of status 503 with Retry-After: 1 second. `detail` says what is in the way.
Response Unavailable(std::string_view detail);

}  // namespace livetape::http
