#pragma once

// Members that the requests of several kinds of jobs have, as values. Pure functions; each error names
// the field and says what would be right.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/body/body_error.h"
#include "api/body/json_objects.h"
#include "base/clock.h"
#include "jobs/backtest/strategy_catalog.h"
#include "model/bar.h"

namespace livetape::api {

// Puts a value that was read where it belongs.
template <typename T, typename Into>
BodyResult<void> Put(BodyResult<T> value, Into& into) {
  if (!value) return std::unexpected(std::move(value.error()));
  into = *std::move(value);
  return {};
}

using ParameterLists = std::map<std::string, std::vector<jobs::ParameterValue>, std::less<>>;

// An object of parameters, each a value or a list of values.
BodyResult<ParameterLists> ParamsOf(const JsonMember& member);
// A list of symbols, or one.
BodyResult<std::vector<std::string>> SymbolsOf(const JsonMember& member);
// A date or a time; a date as the `end` means all of its day.
BodyResult<base::WallTime> RangeEndOf(const JsonMember& member, bool end);
BodyResult<model::Timeframe> TimeframeOf(const JsonMember& member);

}  // namespace livetape::api
