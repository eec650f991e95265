#pragma once

// TickFloor: where market data that programs publish goes in. Implemented by the floor's agent.
// Thread-safe.

#include <cstddef>
#include <functional>
#include <vector>

#include "model/published_tick.h"

namespace livetape::api {

class TickFloor {
 public:
  virtual ~TickFloor() = default;
  // Makes room for `count` ticks that will be put or released; false when there is none.
  virtual bool Reserve(size_t count) = 0;
  virtual void Release(size_t count) = 0;
  // Ticks that have been reserved, in their order, at least one. `taken` is called on the floor's
  // thread when all of them are in the quotes: what is asked or ordered later sees them.
  virtual void Put(std::vector<model::PublishedTick> ticks,
                   std::move_only_function<void()> taken) = 0;
  // So many symbols may still be added.
  virtual bool HasRoomForSymbols(size_t count) const = 0;
};

}  // namespace livetape::api
