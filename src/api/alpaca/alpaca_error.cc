#include "api/alpaca/alpaca_error.h"

#include "base/json_text.h"

namespace livetape::api {

http::Response AlpacaError(unsigned status, int code, std::string_view message) {
  return AlpacaError(status, code, message, "");
}

http::Response AlpacaError(unsigned status, int code, std::string_view message,
                           std::string_view extras) {
  http::Response response;
  response.status = status;
  response.body = "{\"code\":" + std::to_string(code) + ",\"message\":";
  base::AppendJsonString(response.body, message);
  if (!extras.empty()) {
    response.body += ',';
    response.body += extras;
  }
  response.body += '}';
  return response;
}

http::Response AlpacaForm(unsigned status, std::string_view detail) {
  return AlpacaError(status, static_cast<int>(status) * 100'000 + 10'000, detail);
}

}  // namespace livetape::api
