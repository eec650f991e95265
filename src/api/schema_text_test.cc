#include "api/schema_text.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string_view>

namespace livetape::api {
namespace {

namespace json = boost::json;

json::value Parsed(std::string_view text) { return json::parse(text); }

TEST(SchemaText, TypesStandForSchemas) {
  EXPECT_EQ(SchemaOfType("number"), Parsed(R"({"type":"number"})"));
  EXPECT_EQ(SchemaOfType("number|null"), Parsed(R"({"type":["number","null"]})"));
  EXPECT_EQ(SchemaOfType("Order"), Parsed(R"({"$ref":"#/components/schemas/Order"})"));
  EXPECT_EQ(SchemaOfType("string[]"), Parsed(R"({"type":"array","items":{"type":"string"}})"));
  EXPECT_EQ(SchemaOfType("Order[]|null"),
            Parsed(R"({"type":["array","null"],"items":{"$ref":"#/components/schemas/Order"}})"));
  EXPECT_EQ(SchemaOfType("Order|null"),
            Parsed(R"({"anyOf":[{"$ref":"#/components/schemas/Order"},{"type":"null"}]})"));
}

TEST(SchemaText, PropertiesAreRequiredUnlessTheyEndWithAQuestionMark) {
  EXPECT_EQ(ExpandSchemas(R"({"A":{"description":"x","properties":{"b":"number","c?":"A|null"}}})"),
            Parsed(R"({"A":{"description":"x","type":"object","properties":{"b":{"type":"number"},)"
                   R"("c":{"anyOf":[{"$ref":"#/components/schemas/A"},{"type":"null"}]}},)"
                   R"("required":["b"]}})"));
}

TEST(SchemaText, ReachesInnerSchemas) {
  EXPECT_EQ(ExpandSchemas(R"({"A":{"allOf":["B",{"properties":{"c":{"items":"D",)"
                          R"("type":"array"}}}],"type":"object"},"E":{"type":"F","minimum":1}})"),
            Parsed(R"({"A":{"allOf":[{"$ref":"#/components/schemas/B"},{"type":"object",)"
                   R"("properties":{"c":{"type":"array","items":)"
                   R"({"$ref":"#/components/schemas/D"}}},"required":["c"]}],"type":"object"},)"
                   R"("E":{"$ref":"#/components/schemas/F","minimum":1}})"));
}

}  // namespace
}  // namespace livetape::api
