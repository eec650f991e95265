#pragma once

// EventIds: writes "<epoch>-<seq>", quickly. Belongs to whoever holds it.

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace livetape::hub {

class EventIds {
 public:
  explicit EventIds(std::string_view epoch) : text_(epoch) {
    text_ += '-';
    prefix_size_ = text_.size();
  }

  // Valid until the next call.
  std::string_view Of(uint64_t seq) {
    text_.resize(prefix_size_ + 20);
    char* const first = text_.data() + prefix_size_;
    const auto result = std::to_chars(first, first + 20, seq);
    text_.resize(static_cast<size_t>(result.ptr - text_.data()));
    return text_;
  }

 private:
  std::string text_;
  size_t prefix_size_;
};

}  // namespace livetape::hub
