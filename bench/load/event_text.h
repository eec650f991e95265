#pragma once

// The one event that all servers of the bench send: that of livetape's market stream, with an
// asset's name as long as the wanted size needs. Pure functions.

#include <string>

#include "base/clock.h"

namespace livetape::bench {

// {"asset":"AAA...","price":187.34,"change":1.27,"timestamp":"2026-11-20T15:04:05.123456Z"} of
// such a size that the event "data: OBJECT\n\n" has `event_bytes`; at least 91.
std::string EventObject(size_t event_bytes, base::WallTime sent);

// "data: OBJECT\n\n"
std::string EventText(size_t event_bytes, base::WallTime sent);

}  // namespace livetape::bench
