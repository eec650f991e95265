#pragma once

// BodyError: what is wrong with the body of a request, as a problem answer tells it (API section 7).

#include <expected>
#include <string>
#include <string_view>

namespace livetape::api {

struct [[nodiscard]] BodyError {
  unsigned status = 422;   // of HTTP
  std::string detail;      // what is wrong and what would be right
  std::string field = {};  // the member at fault, "items[3].topic"; empty: the body as a whole
};

template <typename T>
using BodyResult = std::expected<T, BodyError>;

// The failed BodyResult of any value type; `field` is told at the start of the detail as well.
std::unexpected<BodyError> BadField(std::string field, std::string_view what,
                                    unsigned status = 422);

// "items[3]" + "topic" = "items[3].topic"; an empty path adds nothing.
std::string FieldPath(std::string_view path, std::string_view field);

}  // namespace livetape::api
