#pragma once

// StrongId: an integer that names one kind of thing and mixes with no other.
//
//   using AccountId = StrongId<struct AccountIdTag, uint32_t>;

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace livetape::base {

template <typename Tag, typename Int = uint64_t>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(Int value) : value_(value) {}
  constexpr Int value() const { return value_; }
  friend constexpr auto operator<=>(StrongId, StrongId) = default;

 private:
  Int value_ = 0;
};

}  // namespace livetape::base

template <typename Tag, typename Int>
struct std::hash<livetape::base::StrongId<Tag, Int>> {
  size_t operator()(livetape::base::StrongId<Tag, Int> id) const {
    return std::hash<Int>()(id.value());
  }
};
