#include "load/send_time.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/random.h"
#include "base/time_text.h"

namespace livetape::bench {
namespace {

std::string EventSentAt(base::WallTime time) {
  return R"(data: {"asset":"A","timestamp":")" + base::FormatRfc3339(time) + "\"}";
}

TEST(SendTimeReader, ReadsBackRandomTimes) {
  constexpr uint64_t kSeed = 4;
  base::Random random(kSeed);
  SendTimeReader reader;
  int64_t micros = 1'790'000'000'000'000;
  for (int i = 0; i < 10'000; ++i) {
    // Steps from nothing to minutes, so that seconds, minutes and days roll over.
    micros += static_cast<int64_t>(random.Below(random.Below(2) == 0 ? 1000 : 200'000'000));
    const base::WallTime time{std::chrono::microseconds(micros)};
    ASSERT_EQ(reader.Read(EventSentAt(time)), micros) << EventSentAt(time) << " seed " << kSeed;
    ASSERT_EQ(reader.Read(EventSentAt(time)), micros);
  }
}

TEST(SendTimeReader, AnEventWithoutTimeHasNone) {
  SendTimeReader reader;
  EXPECT_FALSE(reader.Read("data: {\"price\":1}"));
  EXPECT_FALSE(reader.Read("data: {\"timestamp\":\"yesterday\"}"));
}

TEST(SendTimeReader, ABrokenTimeAfterAGoodOneIsNotTakenForIt) {
  SendTimeReader reader;
  ASSERT_TRUE(reader.Read(R"("timestamp":"2026-11-20T15:04:05.123456Z")"));
  EXPECT_FALSE(reader.Read(R"("timestamp":"2026-11-20T15:04:xx.123456Z")"));
  EXPECT_FALSE(reader.Read(R"("timestamp":"2026-11-20T15:04:05.12)"));
}

}  // namespace
}  // namespace livetape::bench
