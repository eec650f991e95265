#pragma once

// WriteAll: all of some bytes into a file descriptor that blocks.

#include <string_view>

namespace livetape::base {

// 0, or the errno; then a part may have been written.
int WriteAll(int fd, std::string_view bytes);

}  // namespace livetape::base
