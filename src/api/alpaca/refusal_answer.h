#pragma once

// RefusalAnswer: why the floor refused, as Alpaca's answers say it (alpaca.md). Pure functions; any
// thread.

#include <string_view>

#include "floor/refusal.h"
#include "http/message.h"

namespace livetape::api {

// 422 for what makes no sense, 403 for what may not be now, 404 for what is not there.
unsigned StatusOf(floor::RefusalReason reason);
int CodeOf(floor::RefusalReason reason);

// What the refusal was about, as the client knows it.
struct RefusedThing {
  std::string_view symbol;  // of the instrument, if there is one
  std::string_view order;   // the id that was asked for, if it was by an id
};

// {"code","message",...,"reason"}: `reason` is the machine code; a refused quantity tells
// existing_qty, held_for_orders, available and symbol, refused money what there is and what was
// needed.
http::Response RefusalAnswer(const floor::Refusal& refusal, const RefusedThing& thing);

// 404 order not found for {id}; 422 asset "X" not found.
http::Response OrderNotFound(std::string_view id);
http::Response AssetNotFound(std::string_view symbol);

}  // namespace livetape::api
