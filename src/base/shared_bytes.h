#pragma once

// SharedBytes: an immutable byte string with a thread-safe reference count, in one allocation.
//
// What one thread encodes once, many connections and shards hold: a copy is one increment.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace livetape::base {

class SharedBytes {
 public:
  // The null value: no bytes at all, which is not the same as zero bytes.
  SharedBytes() = default;
  // A copy of `bytes`.
  static SharedBytes Copy(std::string_view bytes) { return Join(bytes, {}); }
  // A copy of both, one behind the other.
  static SharedBytes Join(std::string_view first, std::string_view second);

  SharedBytes(const SharedBytes& other) : block_(other.block_) {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  SharedBytes(SharedBytes&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedBytes& operator=(SharedBytes other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedBytes() {
    if (block_ != nullptr) Release();
  }

  explicit operator bool() const { return block_ != nullptr; }
  // Empty for the null value.
  std::string_view view() const {
    return block_ == nullptr ? std::string_view() : std::string_view(block_->bytes(), block_->size);
  }
  size_t size() const { return block_ == nullptr ? 0 : block_->size; }

 private:
  struct Block {
    std::atomic<uint32_t> references;
    uint32_t size;
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
  };

  void Release() noexcept;

  Block* block_ = nullptr;
};

}  // namespace livetape::base
