#include "api/market/market_topics.h"

#include <cstring>

#include "base/assert.h"
#include "base/topic_segment.h"
#include "http/message.h"
#include "hub/topic_pattern.h"

namespace livetape::api {
namespace {

constexpr std::string_view kMarket = "market/";

}  // namespace

std::string MarketTopic(std::string_view symbol) {
  return std::string(kMarket) + base::EncodeTopicSegment(symbol);
}

std::shared_ptr<const hub::StateKey> QuoteKey(std::string_view symbol) {
  return std::make_shared<hub::StateKey>(MarketTopic(symbol), std::string(kQuoteType));
}

std::string SymbolOf(std::string_view topic) {
  LT_ASSERT(topic.starts_with(kMarket), "topic {}", topic);
  return http::PercentDecode(topic.substr(kMarket.size()));
}

std::shared_ptr<const hub::StateKey> ClockKey() {
  return std::make_shared<hub::StateKey>(std::string(kClockTopic), "clock");
}

base::SharedBytes EncodeTime(base::WallTime time) {
  const int64_t ns = time.time_since_epoch().count();
  return base::SharedBytes::Copy({reinterpret_cast<const char*>(&ns), sizeof ns});
}

base::WallTime DecodeTime(std::string_view bytes) {
  int64_t ns = 0;
  LT_ASSERT(bytes.size() == sizeof ns, "{} bytes", bytes.size());
  std::memcpy(&ns, bytes.data(), sizeof ns);
  return base::WallTime(std::chrono::nanoseconds(ns));
}

}  // namespace livetape::api
