#pragma once

// The POSTs of a PublisherFleet, made ready before the run so that sending one costs nothing but
// its bytes. Pure functions of plain values.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace livetape::bench {

struct RequestShape {
  std::string path, host;
  size_t records = 1;          // in one request; more than one go as NDJSON
  size_t record_bytes = 150;   // of one record's JSON, about; at least what topic and time need
  std::string topic;           // with several topics the beginning: TOPIC-0, TOPIC-1, ...
  size_t topics = 1;           // taken in turn by the records
  bool state = false;          // the newest value of each topic, not a record
  bool random_topics = false;  // taken at random instead, the same in each run
};

struct PublishRequest {
  std::string text;
  size_t records = 1;
  size_t stamp_at = 0;   // where the first record's send time stands in `text`; 0: it has none
  size_t serial_at = 0;  // where the number of the request does; 0: it has none
};

// A POST to `path`, whose body the stamps are then found in. `headers`: lines that end in CRLF.
std::string PostText(std::string_view path, std::string_view host, std::string_view headers,
                     std::string_view body);

// In turn: together they name every topic as often as any other, but for the last round.
std::vector<PublishRequest> MakeRequests(const RequestShape& shape);

// Writes the time of sending into the first record: "timestamp" in its data.
void Stamp(PublishRequest& request, base::WallTime now);

inline constexpr size_t kSerialDigits = 9;
// Writes the number of the request, of so many digits, the last ones if it has more.
void Number(PublishRequest& request, uint64_t serial);

}  // namespace livetape::bench
