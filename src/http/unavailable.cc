#include "http/unavailable.h"

namespace livetape::http {

Response Unavailable(std::string_view detail) {
  Response response = Problem(503, detail);
  response.headers.Add("Retry-After", "1");
  return response;
}

}  // namespace livetape::http
