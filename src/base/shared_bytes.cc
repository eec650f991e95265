#include "base/shared_bytes.h"

#include <cstring>
#include <limits>
#include <new>

#include "base/assert.h"

namespace livetape::base {

SharedBytes SharedBytes::Join(std::string_view first, std::string_view second) {
  const size_t size = first.size() + second.size();
  LT_ASSERT(size <= std::numeric_limits<uint32_t>::max(), "{} bytes", size);
  SharedBytes result;
  void* const memory = ::operator new(sizeof(Block) + size);
  result.block_ = ::new (memory) Block{1, static_cast<uint32_t>(size)};
  char* const bytes = result.block_->bytes();
  if (!first.empty()) std::memcpy(bytes, first.data(), first.size());
  if (!second.empty()) std::memcpy(bytes + first.size(), second.data(), second.size());
  return result;
}

void SharedBytes::Release() noexcept {
  if (block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    block_->~Block();
    ::operator delete(block_);
  }
}

}  // namespace livetape::base
