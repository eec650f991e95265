#include "base/shared_bytes.h"

#include <cstring>
#include <limits>
#include <new>

#include "base/assert.h"

namespace livetape::base {

SharedBytes SharedBytes::Copy(std::string_view bytes) {
  LT_ASSERT(bytes.size() <= std::numeric_limits<uint32_t>::max(), "{} bytes", bytes.size());
  SharedBytes result;
  void* const memory = ::operator new(sizeof(Block) + bytes.size());
  result.block_ = ::new (memory) Block{1, static_cast<uint32_t>(bytes.size())};
  if (!bytes.empty()) std::memcpy(result.block_->bytes(), bytes.data(), bytes.size());
  return result;
}

void SharedBytes::Release() noexcept {
  if (block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    block_->~Block();
    ::operator delete(block_);
  }
}

}  // namespace livetape::base
