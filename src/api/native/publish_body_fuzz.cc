// Any bytes as the body of POST /api/v1/publish, in both forms. What is accepted holds what the
// header promises: data that is JSON on one line, topics that are well-formed and not the server's.

#include <boost/json.hpp>
#include <cstdint>
#include <string_view>

#include "api/native/publish_body.h"
#include "api/native/topic_owner.h"
#include "base/assert.h"
#include "hub/topic_pattern.h"

namespace livetape::api {
namespace {

void CheckItem(const PublishItem& item) {
  LT_ASSERT(hub::CheckTopic(item.topic).has_value(), "topic {}", item.topic);
  LT_ASSERT(OwnerOf(item.topic).owner != TopicOwner::kServer, "topic {}", item.topic);
  LT_ASSERT(CheckEventType(item.type).has_value(), "type {}", item.type);
  LT_ASSERT(item.data.size() <= kPublishDataBytesMax);
  LT_ASSERT(item.data.find_first_of("\r\n") == std::string::npos, "data {}", item.data);
  boost::json::parse_options options;
  options.max_depth = 128;
  boost::json::error_code ec;
  const auto tree = boost::json::parse(item.data, ec, {}, options);
  LT_ASSERT(!ec, "{}: {}", ec.message(), item.data);
  LT_ASSERT(item.deleted == tree.is_null(), "data {}", item.data);
}

void Check(std::string_view body, BodyForm form) {
  const auto parsed = ParsePublishBody(body, form);
  if (!parsed) {
    LT_ASSERT(!parsed.error().detail.empty());
    return;
  }
  size_t ticks = 0;
  for (const PublishItem& item : parsed->items) {
    CheckItem(item);
    if (item.kind == PublishItem::Kind::kMarket) ++ticks;
  }
  LT_ASSERT(!parsed->items.empty() && parsed->items.size() <= kPublishItemsMax);
  LT_ASSERT(ticks == parsed->ticks.size());
}

}  // namespace
}  // namespace livetape::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  livetape::api::Check(body, livetape::api::BodyForm::kJson);
  livetape::api::Check(body, livetape::api::BodyForm::kLines);
  return 0;
}
