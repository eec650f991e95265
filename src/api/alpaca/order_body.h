#pragma once

// The bodies of POST /v2/orders and PATCH /v2/orders/{id} as what they ask the floor for
// (alpaca.md). Pure functions; any thread. Whether it makes sense is the floor's to judge; here it
// only has to have the right form.
//
// Decimals come as strings or as JSON numbers; null counts as absent; unknown members are ignored.

#include <string>
#include <string_view>

#include "api/body/body_error.h"
#include "floor/order_request.h"
#include "http/message.h"

namespace livetape::api {

struct OrderBody {
  std::string symbol;           // as it was spelled
  floor::OrderRequest request;  // its instrument is not known here
};

// A body that is no JSON object is 400; a member of it that is wrong 422 and named.
BodyResult<OrderBody> ParseOrderBody(std::string_view json);
BodyResult<floor::OrderChange> ParseOrderChange(std::string_view json);

// A client's name of an order: at most 128 bytes, no control characters; empty: none.
BodyResult<model::ClientOrderId> ParseClientOrderId(std::string_view text);

// {"code","message","field"}
http::Response BadBody(const BodyError& error);

}  // namespace livetape::api
