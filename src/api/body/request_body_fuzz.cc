// Fuzz target: JSON bodies of requests that have no target of their own. The first byte chooses which
// one reads the rest. What is refused names a reason; what is taken is JSON on one line, has topics
// that are well-formed, and says the same when it is read again.

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/body/json_objects.h"
#include "api/channels/channel_event.h"
#include "api/events/event_body.h"
#include "api/jobs/backtest_body.h"
#include "api/jobs/training_body.h"
#include "api/risk/risk_settings.h"
#include "base/assert.h"
#include "hub/topic_pattern.h"

namespace livetape::api {
namespace {

void CheckJson(std::string_view text) {
  LT_ASSERT(text.find_first_of("\r\n") == std::string_view::npos, "{}", text);
  boost::json::parse_options options;
  options.max_depth = 2 * kJsonDepthMax;
  boost::json::error_code error;
  (void)boost::json::parse(text, error, {}, options);
  LT_ASSERT(!error, "{}: {}", error.message(), text);
}

template <typename T>
bool Taken(const BodyResult<T>& result) {
  if (!result) LT_ASSERT(!result.error().detail.empty());
  return result.has_value();
}

void CheckChannelEvent(const Channel& channel, std::string_view body) {
  const auto event = ParseChannelEvent(channel, body);
  if (!Taken(event)) return;
  LT_ASSERT(hub::CheckTopic(event->topic).has_value(), "{}", event->topic);
  LT_ASSERT(event->topic.starts_with(channel.topic), "{}", event->topic);
  LT_ASSERT(event->data.size() <= kChannelDataBytesMax);
  CheckJson(event->data);
}

void CheckUserEvent(std::string_view body) {
  const auto event = ParseUserEvent(body);
  if (!Taken(event)) return;
  LT_ASSERT(event->topics.size() == (event->broadcast() ? 1 : event->users.size()));
  for (const std::string& topic : event->topics) {
    LT_ASSERT(hub::CheckTopic(topic).has_value(), "{}", topic);
    LT_ASSERT(topic.starts_with(event->broadcast() ? "broadcast/" : "user/"), "{}", topic);
  }
  CheckJson(event->data);
}

void CheckTraining(std::string_view body) {
  const auto request = ParseTrainingBody(body);
  if (!Taken(request)) return;
  if (const auto spec = jobs::Check(*request); !spec) {
    LT_ASSERT(!spec.error().message.empty());
    return;
  }
  const std::string told = TrainingRequestJson(*request);
  CheckJson(told);
  const auto again = ParseTrainingBody(told);
  LT_ASSERT(again && TrainingRequestJson(*again) == told, "{}", told);
}

void CheckBacktest(std::string_view body) {
  const auto request = ParseBacktestBody(body);
  if (!Taken(request)) return;
  const auto checked = jobs::Check(*request);
  if (!checked) {
    LT_ASSERT(!checked.error().message.empty());
    return;
  }
  LT_ASSERT(!checked->combinations.empty());
  LT_ASSERT(checked->combinations.size() <= jobs::kCombinationsMax);
}

void CheckRiskLimits(std::string_view body) {
  const auto changed = ChangeRiskOverrides({}, body);
  if (!Taken(changed)) return;
  LT_ASSERT(changed->version == 1, "{}", changed->version);
  const auto record = RiskLimitsRecord(*changed);
  CheckJson(record.data);
  const auto again = ParseRiskLimitsRecord(record.data);
  LT_ASSERT(again && again->values == changed->values, "{}", record.data);
  CheckJson(RiskSettingsJson(WithOverrides(SettingsOf({}), *changed)));
}

}  // namespace
}  // namespace livetape::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace livetape::api;
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto channels = Channels();
  const size_t choice = data[0] % (channels.size() + 4);
  if (choice < channels.size()) {
    CheckChannelEvent(channels[choice], body);
    return 0;
  }
  switch (choice - channels.size()) {
    case 0:
      CheckUserEvent(body);
      break;
    case 1:
      CheckTraining(body);
      break;
    case 2:
      CheckBacktest(body);
      break;
    default:
      CheckRiskLimits(body);
  }
  return 0;
}
