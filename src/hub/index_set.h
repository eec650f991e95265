#pragma once

// IndexSet: a set of small dense numbers, as bits in pages that are made when first needed.
// A set of a few among a million takes two kilobytes, one of all of them a bit for each.
// Belongs to whoever holds it.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace livetape::hub {

class IndexSet {
 public:
  using Index = uint32_t;

  size_t size() const { return size_; }
  bool Contains(Index index) const {
    const size_t page = index / kPageBits;
    return page < pages_.size() && pages_[page] != nullptr &&
           ((*pages_[page])[WordOf(index)] & BitOf(index)) != 0;
  }
  // True if it was not there.
  bool Insert(Index index) {
    const size_t page = index / kPageBits;
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (pages_[page] == nullptr) pages_[page] = std::make_unique<Page>();
    uint64_t& word = (*pages_[page])[WordOf(index)];
    if ((word & BitOf(index)) != 0) return false;
    word |= BitOf(index);
    ++size_;
    return true;
  }
  // True if it was there.
  bool Erase(Index index) {
    if (!Contains(index)) return false;
    (*pages_[index / kPageBits])[WordOf(index)] &= ~BitOf(index);
    --size_;
    return true;
  }
  // Calls visit(index) for each, in order.
  template <typename Visit>
  void ForEach(Visit&& visit) const {
    for (size_t page = 0; page < pages_.size(); ++page) {
      if (pages_[page] == nullptr) continue;
      for (size_t w = 0; w < kPageWords; ++w) {
        for (uint64_t word = (*pages_[page])[w]; word != 0; word &= word - 1) {
          visit(static_cast<Index>(page * kPageBits + w * 64 +
                                   static_cast<size_t>(std::countr_zero(word))));
        }
      }
    }
  }

 private:
  static constexpr size_t kPageBits = 4096;
  static constexpr size_t kPageWords = kPageBits / 64;
  using Page = std::array<uint64_t, kPageWords>;

  static size_t WordOf(Index index) { return index % kPageBits / 64; }
  static uint64_t BitOf(Index index) { return uint64_t{1} << (index % 64); }

  std::vector<std::unique_ptr<Page>> pages_;
  size_t size_ = 0;
};

}  // namespace livetape::hub
