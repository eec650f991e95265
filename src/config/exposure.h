#pragma once

// Who can reach the server: the rule that without authentication it serves this machine only
// (API section 8). Pure functions.

#include <string_view>

#include "base/result.h"
#include "config/config.h"

namespace livetape::config {

// localhost, 127.0.0.0/8 or ::1.
bool IsLoopback(std::string_view host);

// Refuses another address while auth.mode is none, unless `insecure` (the flag --insecure) says
// that this is meant.
base::Result<void> CheckExposure(const Config& config, bool insecure);

}  // namespace livetape::config
