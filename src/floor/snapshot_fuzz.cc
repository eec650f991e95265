// Fuzz target: any bytes as an account snapshot and as the image of a quote, as they are and with
// the checksum made right. An account that comes out is sound, and what it is written as is read
// again as the same.

#include "floor/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "floor/image_bytes.h"

namespace {

using namespace livetape;

// Instruments in the order in which they are asked for.
class Instruments {
 public:
  model::InstrumentId Add(const model::Instrument& instrument) {
    list_.push_back(instrument);
    return model::InstrumentId(static_cast<uint32_t>(list_.size() - 1));
  }
  const model::Instrument& At(model::InstrumentId id) const { return list_.at(id.value()); }

 private:
  std::vector<model::Instrument> list_;
};

base::Result<std::string> Rewritten(std::string_view bytes) {
  Instruments instruments;
  const auto snapshot = floor::DecodeSnapshot(
      bytes, model::AccountId(1),
      [&](const model::Instrument& instrument) { return instruments.Add(instrument); });
  if (!snapshot) return std::unexpected(snapshot.error());
  LT_ASSERT(snapshot->account.Sound());
  std::vector<const model::Order*> orders;
  for (const model::Order& order : snapshot->orders) orders.push_back(&order);
  return floor::EncodeSnapshot(
      snapshot->account, orders,
      [&](model::InstrumentId id) -> const model::Instrument& { return instruments.At(id); });
}

void Read(std::string_view bytes) {
  if (const auto once = Rewritten(bytes)) {
    const auto twice = Rewritten(*once);
    LT_ASSERT(twice && *twice == *once, "{} bytes", once->size());
  }
  if (const auto last = floor::DecodeQuoteImage(bytes)) {
    const std::string again = floor::EncodeQuoteImage(*last);
    // One of an older version is written as the newest.
    LT_ASSERT(bytes[1] != again[1] || again == bytes);
    LT_ASSERT(floor::EncodeQuoteImage(*floor::DecodeQuoteImage(again)) == again);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string image(reinterpret_cast<const char*>(bytes), size);
  Read(image);
  if (size < sizeof(uint32_t)) return 0;
  const size_t sealed = size - sizeof(uint32_t);
  const uint32_t crc = floor::Crc32(std::string_view(image).substr(0, sealed));
  std::memcpy(image.data() + sealed, &crc, sizeof crc);
  Read(image);
  return 0;
}
