#pragma once

// Random UUIDs. Any thread, each with a Random of its own.

#include <string>

#include "base/random.h"

namespace livetape::base {

// Version 4 (RFC 9562): "0b3c1f4e-8d21-4c6a-9f00-2f5d3c1b7a90".
std::string RandomUuid(Random& random);

}  // namespace livetape::base
