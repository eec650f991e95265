#pragma once

// JSON by hand, for hot paths that write text straight into a buffer; everything else uses
// Boost.JSON. RFC 8259, section 7.

#include <string>
#include <string_view>

namespace livetape::base {

// Appends `text` as a JSON string with its quotes. Control characters, quote and backslash are
// escaped; each byte that is no part of well-formed UTF-8 becomes U+FFFD, so that what a client
// sent can be told back to it and the result is JSON whatever it was.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace livetape::base
