#include "api/body/body_error.h"

#include <fmt/format.h>

namespace livetape::api {

std::unexpected<BodyError> BadField(std::string field, std::string_view what, unsigned status) {
  std::string detail = fmt::format("{} {}", field, what);
  return std::unexpected(
      BodyError{.status = status, .detail = std::move(detail), .field = std::move(field)});
}

std::string FieldPath(std::string_view path, std::string_view field) {
  return path.empty() ? std::string(field) : fmt::format("{}.{}", path, field);
}

}  // namespace livetape::api
