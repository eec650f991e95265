#pragma once

// The data of a published item of market/<symbol> as a tick (API section 6). Pure functions.

#include <string_view>

#include "api/body/json_objects.h"
#include "model/published_tick.h"

namespace livetape::api {

inline constexpr size_t kSymbolBytesMax = 32;

// `topic` is a well-formed one that begins with "market/"; `data` is JSON text. Errors name the
// fields behind `path`: "items[3]" gives "items[3].data.bid".
BodyResult<model::PublishedTick> ParseMarketTick(JsonObjectReader& reader, std::string_view topic,
                                                 std::string_view data, std::string_view path);

}  // namespace livetape::api
