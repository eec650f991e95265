#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace livetape::base {

void AssertionFailed(std::string_view expression, std::string_view file, int line,
                     std::string_view values) {
  const std::string text = fmt::format("livetape: bug at {}:{}: {} does not hold{}{}\n", file, line,
                                       expression, values.empty() ? "" : ": ", values);
  std::fputs(text.c_str(), stderr);
  std::abort();
}

}  // namespace livetape::base
