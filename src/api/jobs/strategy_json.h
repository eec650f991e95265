#pragma once

// The strategies as GET /api/v1/strategies lists them. A pure function.

#include <string>

namespace livetape::api {

// {"strategies":[{"name","description","portfolio","parameters":[{"name","type","minimum","maximum",
// "default","description"}]}],"rank_by":[...]}
std::string StrategiesJson();

}  // namespace livetape::api
