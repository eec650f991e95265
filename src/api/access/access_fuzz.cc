// Fuzz target: what a request may bring as its token. The first line is the field Authorization, the
// second the query, the rest the cookies. Nobody gets in who has not been given the secret, and what
// is refused is refused with a status of its own.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/access/access.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

struct House {
  House() {
    auto key = auth::VerificationKey::Secret("a secret of thirty-two bytes or so");
    LT_ASSERT(key.has_value());
    auth::KeySet keys;
    keys.keys.push_back({"", *std::move(key)});
    verifier.emplace(std::move(keys));
    config.mode = config::AuthMode::kJwt;
  }

  const base::ManualClock clock{base::WallTime(std::chrono::days(20'000))};
  config::AuthConfig config;
  std::optional<auth::TokenVerifier> verifier;
  auth::RevokedSessions revoked;
};

std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

}  // namespace
}  // namespace livetape::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace livetape;
  static const api::House house;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  http::Request request;
  if (const auto field = api::TakeLine(text); !field.empty()) {
    request.headers.Add("Authorization", std::string(field));
  }
  request.query = http::Query::Parse(api::TakeLine(text));
  if (!text.empty()) request.headers.Add("Cookie", std::string(text));

  const api::Access access(house.config, *house.verifier, house.revoked, house.clock);
  const auto caller = access.Admit(request, auth::Permission::kSubscribe);
  LT_ASSERT(!caller.has_value(), "subject '{}'", caller->subject());
  LT_ASSERT(caller.error().status == 401, "{}", caller.error().status);
  LT_ASSERT(caller.error().headers.Find("WWW-Authenticate").has_value());
  return 0;
}
