#pragma once

// Quotes as the text that clients read. Pure functions, on the hot path: once per change.

#include <string>
#include <string_view>

#include "base/shared_bytes.h"
#include "model/quote.h"

namespace livetape::api {

// A quote as a value of state, and back.
base::SharedBytes EncodeQuote(const model::Quote& quote);
model::Quote DecodeQuote(std::string_view bytes);

// Percent from the reference price, at most 4 decimals, half-even: "1.27", "-0.0031".
void AppendChange(std::string& out, const model::Quote& quote);

// {"asset":"AAPL","price":187.34,"change":1.27,"timestamp":"..."}: the event of /stream.
void AppendPriceJson(std::string& out, std::string_view symbol, const model::Quote& quote);

// "price":...,"bid":...,"ask":...,"bid_size":...,"ask_size":...,"change":...,"volume":...,"time":...
void AppendQuoteFields(std::string& out, const model::Quote& quote);

}  // namespace livetape::api
