#pragma once

// The body of POST /api/v1/publish (API section 6). Pure functions; all of a body is good or none.

#include <string>
#include <string_view>
#include <vector>

#include "api/body/body_error.h"
#include "base/result.h"
#include "model/published_tick.h"

namespace livetape::api {

inline constexpr size_t kPublishItemsMax = 10'000;
inline constexpr size_t kPublishDataBytesMax = 64 * 1024;
inline constexpr size_t kStateKeyBytesMax = 256;

struct PublishItem {
  enum class Kind : uint8_t { kRecord, kState, kMarket };
  Kind kind = Kind::kRecord;
  bool deleted = false;  // state whose key is to go
  std::string topic;
  std::string type;
  std::string key;   // of state
  std::string data;  // minified JSON on one line, digits as sent
};

struct PublishBody {
  bool listed = false;                      // an array or lines: errors name an item by its index
  std::vector<PublishItem> items;           // at least one
  std::vector<model::PublishedTick> ticks;  // those of the kMarket items, in order
};

enum class BodyForm { kJson, kLines };

// kLines for application/x-ndjson, whatever its parameters; kJson for all else.
BodyForm FormOf(std::string_view content_type);

// One object, an array of objects, or with kLines an object a line (blank ones are passed over).
// Errors name the item: "items[3].topic", of a single object "topic".
BodyResult<PublishBody> ParsePublishBody(std::string_view body, BodyForm form);

// Of a record's or a state's type: 1 to 64 bytes of A-Za-z0-9._-. The error reads behind the name of
// the field, here and below.
base::Result<void> CheckTypeName(std::string_view type);

// The same, and not the name of a control event.
base::Result<void> CheckEventType(std::string_view type);

}  // namespace livetape::api
