#include "store/bar_block.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

#include "base/assert.h"
#include "store/bucket.h"

namespace livetape::store {
namespace {

using model::Bar;

__extension__ typedef unsigned __int128 UInt128;

constexpr uint8_t kFormat = 1;
// What the bars have besides prices and volume.
constexpr uint8_t kWithTrades = 1, kWithSynthetic = 2;
// Format, notes, decimals cut from prices and from volumes, checksum of the rest.
constexpr size_t kHeadBytes = 8;
// A bar has seven numbers; the longest are 10 and, for a volume, 19 bytes.
constexpr size_t kBarBytesMax = 80;

template <typename Unsigned>
char* PutNumber(char* to, Unsigned value) {
  while (value >= 0x80) {
    *to++ = static_cast<char>(static_cast<uint8_t>(value) | 0x80U);
    value >>= 7U;
  }
  *to++ = static_cast<char>(value);
  return to;
}

// Small for numbers near 0 on both sides. Differences wrap around, so that any two have one.
uint64_t Folded(uint64_t difference) { return (difference << 1U) ^ (0 - (difference >> 63U)); }
uint64_t Unfolded(uint64_t folded) { return (folded >> 1U) ^ (0 - (folded & 1U)); }

uint64_t Bits(int64_t value) { return static_cast<uint64_t>(value); }

class NumberReader {
 public:
  explicit NumberReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  template <typename Unsigned>
  Unsigned Next() {
    Unsigned value = 0;
    for (unsigned shift = 0; shift < 8 * sizeof(Unsigned) && at_ != end_; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at_++);
      value |= static_cast<Unsigned>(byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
    broken_ = true;
    return 0;
  }
  // No number was cut short, and all bytes have been read.
  bool complete() const { return !broken_ && at_ == end_; }
  bool broken() const { return broken_; }

 private:
  const char* at_;
  const char* const end_;
  bool broken_ = false;
};

constexpr auto kPowers = [] {
  std::array<int64_t, 19> powers{1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

// Lowers `decimals` until `value` is a multiple of its power of ten.
template <typename Int>
void Fit(Int value, size_t& decimals) {
  while (value % static_cast<Int>(kPowers[decimals]) != 0) --decimals;
}

// What all bars of a block have in common.
struct Scale {
  size_t price = 18, volume = 18;  // powers of ten that are factors of all
  uint64_t step = 0;               // of all distances in time; 0: there is one bar
  uint8_t notes = 0;
};

Scale ScaleOf(std::span<const Bar> bars) {
  Scale scale;
  int64_t previous = Nanoseconds(bars.front().start);
  for (const Bar& bar : bars) {
    for (const base::Price price : {bar.open, bar.high, bar.low, bar.close}) {
      Fit(price.units(), scale.price);
    }
    Fit(bar.volume.units(), scale.volume);
    const uint64_t distance = Bits(Nanoseconds(bar.start)) - Bits(previous);
    if (scale.step == 0 || distance % scale.step != 0) scale.step = std::gcd(scale.step, distance);
    previous = Nanoseconds(bar.start);
    if (bar.trades != 0) scale.notes |= kWithTrades;
    if (bar.synthetic) scale.notes |= kWithSynthetic;
  }
  return scale;
}

// CRC-32 of all but itself.
uint32_t ChecksumOf(std::string_view bytes) {
  const auto at = [&](size_t place) { return reinterpret_cast<const Bytef*>(&bytes[place]); };
  const uLong head = crc32_z(0, at(0), 4);
  return static_cast<uint32_t>(crc32_z(head, at(kHeadBytes), bytes.size() - kHeadBytes));
}

uint32_t ChecksumIn(std::string_view bytes) {
  uint32_t checksum = 0;
  for (unsigned i = 0; i < 4; ++i) {
    checksum |= uint32_t{static_cast<uint8_t>(bytes[4 + i])} << (8 * i);
  }
  return checksum;
}

struct Place {
  uint64_t time = 0, close = 0;  // of the bar before, prices without their common decimals
};

char* PutBar(char* to, const Bar& bar, const Scale& scale, Place& place) {
  const auto price = [unit = kPowers[scale.price]](base::Price of) {
    return Bits(of.units() / unit);
  };
  const uint64_t open = price(bar.open), close = price(bar.close);
  const uint64_t time = Bits(Nanoseconds(bar.start));
  if (scale.step != 0) to = PutNumber(to, (time - place.time) / scale.step);
  to = PutNumber(to, Folded(open - place.close));
  to = PutNumber(to, Folded(close - open));
  to = PutNumber(to, Folded(price(bar.high) - (bar.open < bar.close ? close : open)));
  to = PutNumber(to, Folded((bar.open < bar.close ? open : close) - price(bar.low)));
  to = PutNumber(to, static_cast<UInt128>(bar.volume.units() / kPowers[scale.volume]));
  if ((scale.notes & kWithTrades) != 0) to = PutNumber(to, bar.trades);
  if ((scale.notes & kWithSynthetic) != 0) to = PutNumber(to, uint64_t{bar.synthetic});
  place = {.time = time, .close = close};
  return to;
}

Bar NextBar(NumberReader& numbers, const Scale& scale, Place& place) {
  const auto unit = Bits(kPowers[scale.price]);
  const auto price = [unit](uint64_t of) {
    return base::Price::FromUnits(static_cast<int64_t>(of * unit));
  };
  if (scale.step != 0) place.time += numbers.Next<uint64_t>() * scale.step;
  const uint64_t open = place.close + Unfolded(numbers.Next<uint64_t>());
  const uint64_t close = open + Unfolded(numbers.Next<uint64_t>());
  Bar bar{.start = TimeOf(static_cast<int64_t>(place.time)),
          .open = price(open),
          .high = {},
          .low = {},
          .close = price(close),
          .volume = {}};
  const bool rises = bar.open < bar.close;
  bar.high = price((rises ? close : open) + Unfolded(numbers.Next<uint64_t>()));
  bar.low = price((rises ? open : close) - Unfolded(numbers.Next<uint64_t>()));
  const auto volume = numbers.Next<UInt128>() * static_cast<UInt128>(kPowers[scale.volume]);
  bar.volume = base::Amount::FromUnits(static_cast<base::Int128>(volume));
  if ((scale.notes & kWithTrades) != 0) bar.trades = numbers.Next<uint64_t>();
  if ((scale.notes & kWithSynthetic) != 0) bar.synthetic = numbers.Next<uint64_t>() != 0;
  place.close = close;
  return bar;
}

}  // namespace

void EncodeBars(std::span<const Bar> bars, std::string& bytes) {
  LT_ASSERT(!bars.empty() && bars.size() <= kBlockBarsMax, "{}", bars.size());
  const Scale scale = ScaleOf(bars);
  bytes.resize(kHeadBytes + 40 + bars.size() * kBarBytesMax);
  bytes[0] = static_cast<char>(kFormat);
  bytes[1] = static_cast<char>(scale.notes);
  bytes[2] = static_cast<char>(scale.price);
  bytes[3] = static_cast<char>(scale.volume);
  char* to = bytes.data() + kHeadBytes;
  Place place{.time = Bits(Nanoseconds(bars.front().start)), .close = 0};
  to = PutNumber(to, uint64_t{bars.size()});
  to = PutNumber(to, Folded(place.time));
  to = PutNumber(to, scale.step);
  for (const Bar& bar : bars) to = PutBar(to, bar, scale, place);
  bytes.resize(static_cast<size_t>(to - bytes.data()));
  const uint32_t checksum = ChecksumOf(bytes);
  for (unsigned i = 0; i < 4; ++i) bytes[4 + i] = static_cast<char>(checksum >> (8 * i));
}

base::Result<void> DecodeBars(std::string_view bytes, std::vector<Bar>& bars) {
  if (bytes.size() <= kHeadBytes) {
    return base::Fail(fmt::format("a block of bars has {} bytes", bytes.size()));
  }
  if (static_cast<uint8_t>(bytes[0]) != kFormat) {
    return base::Fail(
        fmt::format("a block of bars has the format {}, which this version does not "
                    "know",
                    static_cast<uint8_t>(bytes[0])));
  }
  if (ChecksumOf(bytes) != ChecksumIn(bytes)) {
    return base::Fail("the checksum of a block of bars does not hold");
  }
  NumberReader numbers(bytes.substr(kHeadBytes));
  Scale scale{.price = static_cast<uint8_t>(bytes[2]),
              .volume = static_cast<uint8_t>(bytes[3]),
              .step = 0,
              .notes = static_cast<uint8_t>(bytes[1])};
  const auto count = numbers.Next<uint64_t>();
  Place place{.time = Unfolded(numbers.Next<uint64_t>()), .close = 0};
  scale.step = numbers.Next<uint64_t>();
  if (count == 0 || count > kBlockBarsMax || scale.price >= kPowers.size() ||
      scale.volume >= kPowers.size()) {
    return base::Fail("a block of bars cannot be read");
  }
  const size_t before = bars.size();
  bars.reserve(before + count);
  for (uint64_t i = 0; i < count && !numbers.broken(); ++i) {
    bars.push_back(NextBar(numbers, scale, place));
  }
  if (numbers.complete()) return {};
  bars.resize(before);
  return base::Fail("a block of bars cannot be read");
}

}  // namespace livetape::store
