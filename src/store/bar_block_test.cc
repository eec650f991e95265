#include "store/bar_block.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"
#include "store/bar_testing.h"

namespace livetape::store {
namespace {

using Bars = std::vector<model::Bar>;

std::string BytesOf(const Bars& bars) {
  std::string bytes;
  EncodeBars(bars, bytes);
  return bytes;
}

void ExpectSameAgain(const Bars& bars) {
  Bars again;
  const auto decoded = DecodeBars(BytesOf(bars), again);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(Texts(again), Texts(bars));
}

TEST(BarBlock, DaysOfAShareTakeFewBytes) {
  base::Random random(1);
  Bars bars;
  int64_t cents = 10'000;
  for (int day = 0; day < 512; ++day) {
    model::Bar bar = SomeBar(kNoon + hours(24 * day));
    const auto price = [](int64_t of) { return base::Price::FromUnits(of * 10'000'000); };
    bar.open = price(cents);
    cents += static_cast<int64_t>(random.Below(301)) - 150;
    bar.close = price(cents);
    bar.high = std::max(bar.open, bar.close);
    bar.low = std::min(bar.open, bar.close);
    bar.volume = base::Amount::From(base::Quantity::FromUnits(
        static_cast<int64_t>(random.Below(1'000'000)) * base::kDecimalScale));
    bars.push_back(bar);
  }
  ExpectSameAgain(bars);
  EXPECT_LT(BytesOf(bars).size(), bars.size() * 11);
}

TEST(BarBlock, OneBarOfZerosAndTheExtremes) {
  ExpectSameAgain({model::Bar{}});
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max(),
                    kLeast = std::numeric_limits<int64_t>::min();
  constexpr base::Int128 kMostVolume = std::numeric_limits<base::Int128>::max();
  const auto bar = [](int64_t time, int64_t a, int64_t b, base::Int128 volume) {
    return model::Bar{.start = base::WallTime(nanoseconds(time)),
                      .open = base::Price::FromUnits(a),
                      .high = base::Price::FromUnits(b),
                      .low = base::Price::FromUnits(b),
                      .close = base::Price::FromUnits(a),
                      .volume = base::Amount::FromUnits(volume),
                      .trades = std::numeric_limits<uint64_t>::max(),
                      .synthetic = true};
  };
  ExpectSameAgain({bar(kLeast, kMost, kLeast, kMostVolume), bar(0, kLeast, kMost, -kMostVolume),
                   bar(kMost, kMost, kMost, -kMostVolume - 1)});
}

TEST(BarBlock, AnyBarsComeBack) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    base::Random random(seed);
    // Numbers of any size, with any number of zeros at the end.
    const auto number = [&] {
      auto value = static_cast<int64_t>(random.Next() >> random.Below(64));
      for (uint64_t i = random.Below(10); i > 0; --i) value = value / 10 * 10;
      return random.Below(8) == 0 ? -value : value;
    };
    Bars bars;
    int64_t time = number() / 4;
    const int64_t step = random.Below(2) == 0 ? 60'000'000'000 : 1;
    const size_t count = 1 + random.Below(kBlockBarsMax);
    for (size_t i = 0; i < count; ++i) {
      bars.push_back({.start = base::WallTime(nanoseconds(time)),
                      .open = base::Price::FromUnits(number()),
                      .high = base::Price::FromUnits(number()),
                      .low = base::Price::FromUnits(number()),
                      .close = base::Price::FromUnits(number()),
                      .volume = base::Amount::FromUnits(base::Int128{number()} * number()),
                      .trades = seed % 2 == 0 ? 0 : random.Below(1000),
                      .synthetic = seed % 3 == 0 && random.Below(2) == 0});
      time += step * static_cast<int64_t>(1 + random.Below(1000));
    }
    ExpectSameAgain(bars);
  }
}

TEST(BarBlock, EveryChangedOrMissingByteIsFound) {
  Bars bars;
  for (int i = 0; i < 20; ++i) bars.push_back(SomeBar(kNoon + minutes(i), i));
  const std::string bytes = BytesOf(bars);
  for (size_t at = 0; at < bytes.size(); ++at) {
    Bars found;
    EXPECT_FALSE(DecodeBars(std::string_view(bytes).substr(0, at), found)) << at;
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << bit));
      EXPECT_FALSE(DecodeBars(damaged, found)) << at;
    }
    EXPECT_TRUE(found.empty());
  }
  Bars found;
  EXPECT_FALSE(DecodeBars(bytes + '\0', found));
}

TEST(BarBlock, AnotherFormatIsNamed) {
  std::string bytes = BytesOf({SomeBar(kNoon)});
  bytes[0] = 9;
  Bars found;
  const auto decoded = DecodeBars(bytes, found);
  ASSERT_FALSE(decoded);
  EXPECT_NE(decoded.error().message.find("format 9"), std::string::npos);
}

}  // namespace
}  // namespace livetape::store
