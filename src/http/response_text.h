#pragma once

// The bytes of an answer: status line, header fields, body (RFC 9112, sections 4 to 7). Pure
// functions.
//
// The status line says HTTP/1.1 to HTTP/1.0 clients too: it names what the server can do, not how
// the message is framed (RFC 9110, section 6.2). They get no chunks, and `Connection` in full.

#include <string>
#include <string_view>

#include "http/message.h"

namespace livetape::http {

struct Framing {
  int minor_version = 1;       // the client's
  bool close = false;          // the connection ends after this answer
  bool head_only = false;      // HEAD: everything but the body
  std::string_view date = {};  // the field Date (http/date_field.h)
};

// `fields` come behind the response's own. CR, LF and NUL in a value become spaces, so that no
// value can start another field.
std::string ResponseText(const Response& response, const Headers& fields, Framing framing);

// The head of a stream, the same for GET and HEAD. Without chunks the end of the connection is the
// end of the stream.
std::string StreamHead(std::string_view content_type, const Headers& fields, Framing framing);

}  // namespace livetape::http
