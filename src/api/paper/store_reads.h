#pragma once

// StoreReads: answers from the store that show at least what was on the tape when they were asked
// for. Thread-safe.

#include <functional>

#include "http/router.h"
#include "store/reader.h"

namespace livetape::api {

class StoreReads {
 public:
  virtual ~StoreReads() = default;
  // `query` runs on a reading thread once the store has caught up with the tape's head of now; 503
  // with Retry-After when that takes longer than 100 ms, or too many wait.
  virtual http::Reply Read(size_t loop,
                           std::move_only_function<http::Response(store::Reader&)> query) = 0;
  // The same without waiting for the store to catch up: for what follows from no record.
  virtual http::Reply ReadNow(size_t loop,
                              std::move_only_function<http::Response(store::Reader&)> query) = 0;
  // As the first, for a request that waits already.
  virtual void Read(size_t loop, http::Responder responder,
                    std::move_only_function<http::Response(store::Reader&)> query) = 0;
};

}  // namespace livetape::api
