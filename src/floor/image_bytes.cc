#include "floor/image_bytes.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>

namespace livetape::floor {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr size_t kHeadBytes = 2;
constexpr size_t kSealBytes = 4;

// tables[k][b]: the remainder of byte b followed by k zero bytes, so that eight bytes go at once.
using CrcTables = std::array<std::array<uint32_t, 256>, 8>;

constexpr CrcTables MakeCrcTables() {
  CrcTables tables{};
  for (uint32_t b = 0; b < 256; ++b) {
    uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
    tables[0][b] = crc;
  }
  for (size_t k = 1; k < tables.size(); ++k) {
    for (size_t b = 0; b < 256; ++b) {
      const uint32_t crc = tables[k - 1][b];
      tables[k][b] = (crc >> 8) ^ tables[0][crc & 0xFF];
    }
  }
  return tables;
}

constexpr CrcTables kCrcTables = MakeCrcTables();

}  // namespace

uint32_t Crc32(std::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    word ^= crc;
    crc = 0;
    for (size_t k = 0; k < 8; ++k) crc ^= kCrcTables[7 - k][(word >> (8 * k)) & 0xFF];
  }
  for (const char c : bytes) {
    crc = (crc >> 8) ^ kCrcTables[0][(crc ^ static_cast<uint8_t>(c)) & 0xFF];
  }
  return ~crc;
}

void ImageWriter::Pass(std::string_view value) {
  Number(value.size());
  bytes_ += value;
}

void ImageWriter::Number(UInt128 value) {
  for (; value >= 0x80; value >>= 7) Byte(static_cast<uint8_t>(value) | 0x80);
  Byte(static_cast<uint8_t>(value));
}

void ImageWriter::Signed(base::Int128 value) {
  const auto bits = static_cast<UInt128>(value);
  Number(value < 0 ? ~(bits << 1) : bits << 1);
}

std::string ImageWriter::Sealed() && {
  const uint32_t crc = Crc32(bytes_);
  bytes_.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  return std::move(bytes_);
}

base::Result<ImageReader> ImageReader::Open(std::string_view bytes, char kind, uint8_t version,
                                            std::string_view what) {
  if (bytes.size() < kHeadBytes + kSealBytes || bytes[0] != kind) {
    return base::Fail(fmt::format("{} bytes are no {}", bytes.size(), what));
  }
  const auto found = static_cast<uint8_t>(bytes[1]);
  if (found != version) {
    return base::Fail(
        fmt::format("the {} has version {}, this program reads {}", what, found, version));
  }
  const std::string_view sealed = bytes.substr(0, bytes.size() - kSealBytes);
  uint32_t crc = 0;
  std::memcpy(&crc, bytes.data() + sealed.size(), sizeof crc);
  if (crc != Crc32(sealed)) {
    return base::Fail(fmt::format("the {} is damaged: its checksum is wrong", what));
  }
  return ImageReader(sealed.substr(kHeadBytes));
}

void ImageReader::Pass(std::string_view& value) {
  const size_t size = Count();
  value = rest_.substr(0, size);
  rest_.remove_prefix(size);
}

size_t ImageReader::Count() {
  const UInt128 count = Number(64);
  if (count > rest_.size()) good_ = false;
  return good_ ? static_cast<size_t>(count) : 0;
}

uint8_t ImageReader::Byte(size_t below) {
  if (rest_.empty() || static_cast<uint8_t>(rest_[0]) >= below) good_ = false;
  if (!good_) return 0;
  const auto value = static_cast<uint8_t>(rest_[0]);
  rest_.remove_prefix(1);
  return value;
}

UInt128 ImageReader::Number(unsigned bits) {
  UInt128 value = 0;
  for (unsigned shift = 0; good_; shift += 7) {
    const uint8_t byte = Byte(256);
    const uint8_t low = byte & 0x7F;
    // Bits beyond, or a last byte that adds nothing.
    if (shift >= bits || (shift + 7 > bits && low >> (bits - shift) != 0) ||
        (byte == 0 && shift > 0)) {
      good_ = false;
      break;
    }
    value |= UInt128{low} << shift;
    if (byte < 0x80) return value;
  }
  return 0;
}

base::Int128 ImageReader::Signed(unsigned bits) {
  const UInt128 folded = Number(bits);
  const UInt128 half = folded >> 1;
  return static_cast<base::Int128>((folded & 1) != 0 ? ~half : half);
}

}  // namespace livetape::floor
