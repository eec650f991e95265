// Fuzz target: any bytes as a cursor. What comes out is a position that can be read from.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "tape/event_id.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace livetape::tape;
  static const std::vector<Epoch> epochs = {{1, "a1"}, {500, "b2"}, {120, "c3"}};
  const Extent extent{.epoch = "c3", .oldest = 100, .head = 900, .epochs = epochs};
  const std::string_view cursor(reinterpret_cast<const char*>(bytes), size);
  const Resumption resumption = ResolveCursor(cursor, extent);
  LT_ASSERT(resumption.after + 1 >= extent.oldest && resumption.after <= extent.head, "{}",
            resumption.after);
  return 0;
}
