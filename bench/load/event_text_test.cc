#include "load/event_text.h"

#include <gtest/gtest.h>

#include "load/send_time.h"

namespace livetape::bench {
namespace {

TEST(EventText, HasTheWantedSizeAndItsSendTime) {
  const base::WallTime sent{std::chrono::microseconds(1'790'000'000'123'456)};
  for (const size_t size : {size_t{100}, size_t{170}, size_t{1000}}) {
    const std::string event = EventText(size, sent);
    EXPECT_EQ(event.size(), size);
    EXPECT_EQ(SendTimeReader().Read(event), 1'790'000'000'123'456);
  }
}

}  // namespace
}  // namespace livetape::bench
