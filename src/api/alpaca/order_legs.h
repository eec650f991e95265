#pragma once

// Orders with their legs inside of them, as `nested` lists have them. Pure functions.

#include <span>
#include <string>
#include <string_view>

namespace livetape::api {

// Appends `order`, a text of AppendOrderJson, with `legs` in the place of its "legs":null; as it is
// when there are none.
void AppendNested(std::string& out, std::string_view order, std::span<const std::string> legs);

}  // namespace livetape::api
