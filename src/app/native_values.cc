#include "app/native_values.h"

#include <fmt/format.h>

#include "api/market/market_topics.h"
#include "api/market/quote_json.h"
#include "base/time_text.h"

namespace livetape::app {
namespace {

void AppendOwnState(const hub::StateKey& key, std::string_view value, std::string& json,
                    base::WallTime& time) {
  if (key.type == api::kQuoteType) {
    const model::Quote quote = api::DecodeQuote(value);
    time = quote.time;
    json += '{';
    api::AppendQuoteFields(json, quote);
    json += '}';
  } else if (key.topic == api::kClockTopic) {
    time = api::DecodeTime(value);
    json += "{\"time\":\"";
    base::AppendRfc3339(json, time);
    json += "\"}";
  }
}

}  // namespace

api::NativeRendering::Server NativeServer(const tape::Tape& tape, const FloorAgent& floor) {
  api::NativeRendering::Server server;
  server.head_id = [&tape] { return fmt::format("{}-{}", tape.epoch(), tape.head()); };
  server.feed_age_ms = [&floor]() -> std::optional<int64_t> {
    const auto age = floor.FeedAge();
    if (!age) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(*age).count();
  };
  server.own_state = AppendOwnState;
  return server;
}

}  // namespace livetape::app
