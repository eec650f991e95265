#pragma once

// The text form of Server-Sent Events (WHATWG HTML, section 9.2), with LF line ends.

#include <string>
#include <string_view>

namespace livetape::hub {

// One event: `id:` and `event:` where not empty (they hold no line break), then `data` split at
// LF, CR and CRLF, each line as "data: <line>", then the blank line. A payload cannot inject a
// field.
void AppendEvent(std::string& out, std::string_view id, std::string_view event,
                 std::string_view data);

// ": <text>" and a blank line; `text` holds no line break.
void AppendComment(std::string& out, std::string_view text);

// "retry: <ms>" and a blank line.
void AppendRetry(std::string& out, long long retry_ms);

}  // namespace livetape::hub
