// Fuzz target: messages of trade_updates clients.
//
// Whatever comes, it is one of three things, and what is said back about it is JSON.

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/trade_updates/trade_message.h"
#include "base/assert.h"

namespace livetape::api {
namespace {

void CheckJson(std::string_view text) {
  boost::json::error_code error;
  const auto parsed = boost::json::parse({text.data(), text.size()}, error);
  LT_ASSERT(!error && parsed.is_object(), "{}", text);
  LT_ASSERT(parsed.get_object().at("stream").is_string(), "{}", text);
  LT_ASSERT(parsed.get_object().at("data").is_object(), "{}", text);
}

}  // namespace
}  // namespace livetape::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace livetape::api;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const TradeMessage message = ParseTradeMessage(text);
  if (const auto* const misunderstood = std::get_if<Misunderstood>(&message)) {
    LT_ASSERT(!misunderstood->why.empty() && misunderstood->why.size() < 200);
    CheckJson(ErrorText(misunderstood->why));
  }
  if (const auto* const keys = std::get_if<Authenticate>(&message)) {
    LT_ASSERT(keys->key_id.size() + keys->secret.size() <= size);
  }
  if (const auto* const listen = std::get_if<Listen>(&message)) {
    CheckJson(ListeningText(listen->trade_updates));
  }
  return 0;
}
