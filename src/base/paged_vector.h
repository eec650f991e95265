#pragma once

// PagedVector: a vector that grows a page at a time and moves nothing when it does: a million elements
// that are moved stop their thread for a twentieth of a second. References stay valid. Belongs to
// whoever holds it.

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace livetape::base {

template <typename T>
class PagedVector {
 public:
  size_t size() const { return size_; }
  T& operator[](size_t at) { return (*pages_[at / kPage])[at % kPage]; }
  const T& operator[](size_t at) const { return (*pages_[at / kPage])[at % kPage]; }

  // Appends a default value.
  T& Append() {
    if (size_ % kPage == 0) pages_.push_back(std::make_unique<Page>());
    return (*this)[size_++];
  }

 private:
  static constexpr size_t kPage = 1024;
  using Page = std::array<T, kPage>;

  std::vector<std::unique_ptr<Page>> pages_;
  size_t size_ = 0;
};

}  // namespace livetape::base
