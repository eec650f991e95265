#pragma once

// Alpaca's account activities (alpaca.md): fills, since nothing else ever happens to a paper account.
// Pure functions; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "api/body/body_error.h"
#include "api/paper/trading_ids.h"
#include "http/message.h"
#include "store/reader.h"

namespace livetape::api {

struct ActivitiesWish {
  store::FillQuery query;  // without the account
  bool fills = true;       // false: only types that never happen here
};

// `type` is that of the path, empty without. A value that is wrong is 422 and named.
BodyResult<ActivitiesWish> ParseActivitiesQuery(const http::Query& query, std::string_view type,
                                                const TradingIds& ids);

std::string ActivitiesJson(const std::vector<store::FillRow>& fills, const TradingIds& ids);

}  // namespace livetape::api
