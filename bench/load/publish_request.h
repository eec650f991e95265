#pragma once

// The POSTs of livetape-publish-load, made ready before the run so that sending one costs nothing
// but its bytes. Pure functions of plain values.

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"

namespace livetape::bench {

struct RequestShape {
  std::string path, host;
  size_t records = 1;         // in one request; more than one go as NDJSON
  size_t record_bytes = 150;  // of one record's JSON, about; at least what topic and time need
  std::string topic;          // with several topics the beginning: TOPIC-0, TOPIC-1, ...
  size_t topics = 1;          // taken in turn by the records
};

struct PublishRequest {
  std::string text;
  size_t records = 1;
  size_t stamp_at = 0;  // where the first record's send time stands in `text`
};

// Together they name every topic as often as any other, but for the last round.
std::vector<PublishRequest> MakeRequests(const RequestShape& shape);

// Writes the time of sending into the first record: "timestamp" in its data.
void Stamp(PublishRequest& request, base::WallTime now);

}  // namespace livetape::bench
