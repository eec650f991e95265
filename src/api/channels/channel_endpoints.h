#pragma once

// The channels over HTTP: their streams, typed publishing, and who is connected (API section 4).

#include <string>

#include "api/backend.h"
#include "base/random.h"
#include "http/router.h"

namespace livetape::api {

// The backend outlives the router.
void AddChannels(http::Router& router, const Backend& backend);

// `client_id` of a request for a stream, or a made-up UUID (RFC 9562, version 4); 422 for one that
// is longer than 128 bytes or has others than printable ones.
std::expected<std::string, http::Response> ClientId(const http::Request& request,
                                                    base::Random& random);

}  // namespace livetape::api
