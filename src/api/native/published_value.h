#pragma once

// A published value of state as the hub's opaque bytes, and back. Pure functions.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/clock.h"
#include "base/shared_bytes.h"

namespace livetape::api {

struct PublishedValue {
  base::WallTime time;    // when the server took it
  std::string_view json;  // on one line
};

// Eight bytes of time, nanoseconds since 1970, then the JSON.
inline base::SharedBytes EncodePublishedValue(const PublishedValue& value) {
  const int64_t ns = value.time.time_since_epoch().count();
  char time[sizeof ns];
  std::memcpy(time, &ns, sizeof ns);
  return base::SharedBytes::Join({time, sizeof time}, value.json);
}

inline PublishedValue DecodePublishedValue(std::string_view bytes) {
  int64_t ns = 0;
  LT_ASSERT(bytes.size() > sizeof ns, "{} bytes", bytes.size());
  std::memcpy(&ns, bytes.data(), sizeof ns);
  return {.time = base::WallTime(std::chrono::nanoseconds(ns)), .json = bytes.substr(sizeof ns)};
}

}  // namespace livetape::api
