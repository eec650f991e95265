#pragma once

// Schemas as they are written beside the endpoints (schemas.h), to JSON Schema. Pure functions; any
// thread. The texts are the program's own: what is wrong with one is our bug.

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>

namespace livetape::api {

// The schema that a type stands for: "number", "Order", "Order[]|null".
boost::json::object SchemaOfType(std::string_view type);

// The schemas of one text, written out.
boost::json::object ExpandSchemas(std::string_view text);

}  // namespace livetape::api
