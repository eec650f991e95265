#pragma once

// JsonObjectReader: the objects of a JSON text, one level deep, checked and minified in one pass.
// Each thread uses its own.
//
// The whole text is checked, also what nobody asks for, and values are given as minified JSON text
// with the digits that were sent. So what is accepted can be stored and sent on as it is: it is
// JSON in UTF-8 on one line. (A tree of values would round numbers; a reader on demand does not
// check what it skips.)

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/body/body_error.h"

namespace livetape::api {

// Deeper nesting is refused.
inline constexpr size_t kJsonDepthMax = 64;
// An object of more members is refused; inside of a member's value any number is good.
inline constexpr size_t kJsonMembersMax = 1000;

enum class JsonKind : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

// "a number", "an object", "null"
std::string_view Name(JsonKind kind);

struct JsonMember {
  std::string_view name;  // its escapes resolved
  JsonKind kind = JsonKind::kNull;
  std::string_view json;  // the value, minified
  std::string_view text;  // of a string: its characters, escapes resolved
};

// Valid until the reader reads on.
struct JsonObject {
  std::string_view json;  // the whole, minified
  std::span<const JsonMember> members;

  // The first of that name, or null.
  const JsonMember* Find(std::string_view name) const;
  // How often a member of that name is there.
  size_t Count(std::string_view name) const;
};

class JsonObjectReader {
 public:
  JsonObjectReader();
  JsonObjectReader(JsonObjectReader&&) noexcept;
  JsonObjectReader& operator=(JsonObjectReader&&) noexcept;
  ~JsonObjectReader();

  // The one object that `json` is. `what` names the text in errors: "the body", "line 4".
  BodyResult<JsonObject> ReadOne(std::string_view json, std::string_view what = "the body");

  // Calls `take` with each object of `json`, which is one object or an array of objects; an index
  // is given in an array. What `take` returns ends the reading and is the error.
  using Take = std::function<std::optional<BodyError>(std::optional<size_t>, const JsonObject&)>;
  BodyResult<void> ReadEach(std::string_view json, std::string_view what, const Take& take);

 private:
  struct Parser;
  BodyResult<void> Read(std::string_view json, std::string_view what);

  std::unique_ptr<Parser> parser_;
};

// The value of a JSON number; nothing for any other text, and if it is beyond a double.
std::optional<double> NumberOf(std::string_view json);

}  // namespace livetape::api
