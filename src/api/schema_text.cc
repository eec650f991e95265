#include "api/schema_text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string>
#include <utility>

#include "base/assert.h"

namespace livetape::api {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 7> kTypes = {"string", "number", "integer", "boolean",
                                                    "object", "array",  "null"};
constexpr std::array<std::string_view, 3> kListsOfSchemas = {"oneOf", "anyOf", "allOf"};
constexpr std::array<std::string_view, 3> kSchemas = {"items", "additionalProperties",
                                                      "propertyNames"};

template <size_t N>
bool IsIn(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool RemoveEnd(std::string_view& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text.remove_suffix(end.size());
  return true;
}

json::object OrNull(json::object schema) {
  json::value* const type = schema.if_contains("type");
  if (type == nullptr) return {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
  *type = json::array{*type, "null"};
  return schema;
}

json::value Expand(const json::value& schema);

void ExpandProperties(const json::object& written, json::object& schema) {
  json::object properties;
  json::array required;
  for (const auto& [key, value] : written) {
    std::string_view name = key;
    if (!RemoveEnd(name, "?")) required.emplace_back(name);
    properties[name] = Expand(value);
  }
  if (!schema.contains("type")) schema["type"] = "object";
  schema["properties"] = std::move(properties);
  if (!required.empty()) schema["required"] = std::move(required);
}

json::object ExpandEach(const json::object& written) {
  json::object schemas;
  for (const auto& [name, schema] : written) schemas[name] = Expand(schema);
  return schemas;
}

json::object ExpandObject(const json::object& written) {
  json::object schema;
  // The type comes first: it may bring more than one member.
  if (const json::value* const type = written.if_contains("type"); type && type->is_string()) {
    schema = SchemaOfType(type->get_string());
  }
  for (const auto& [key, value] : written) {
    if (key == "type") {
      if (!value.is_string()) schema["type"] = value;
    } else if (key == "properties") {
      ExpandProperties(value.get_object(), schema);
    } else if (IsIn(kListsOfSchemas, key)) {
      json::array list;
      for (const json::value& one : value.get_array()) list.push_back(Expand(one));
      schema[key] = std::move(list);
    } else if (key == "x-events") {
      schema[key] = ExpandEach(value.get_object());
    } else if (IsIn(kSchemas, key)) {
      schema[key] = Expand(value);
    } else {
      schema[key] = value;
    }
  }
  return schema;
}

json::value Expand(const json::value& schema) {
  if (schema.is_string()) return SchemaOfType(schema.get_string());
  return schema.is_object() ? json::value(ExpandObject(schema.get_object())) : schema;
}

}  // namespace

json::object SchemaOfType(std::string_view type) {
  if (RemoveEnd(type, "|null")) return OrNull(SchemaOfType(type));
  if (RemoveEnd(type, "[]")) return {{"type", "array"}, {"items", SchemaOfType(type)}};
  if (IsIn(kTypes, type)) return {{"type", type}};
  return {{"$ref", "#/components/schemas/" + std::string(type)}};
}

json::object ExpandSchemas(std::string_view text) {
  boost::system::error_code error;
  const json::value written = json::parse(text, error);
  LT_ASSERT(!error && written.is_object(), "a text of schemas: {}: {}", error.message(),
            text.substr(0, 80));
  return ExpandEach(written.get_object());
}

}  // namespace livetape::api
