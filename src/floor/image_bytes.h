#pragma once

// ImageWriter, ImageReader: the bytes of snapshots (docs/formats/account-snapshot.md). Both have the
// same members for the same fields, so that one list of fields serves both ways.
//
// Integers are varints: seven bits a byte, lowest first, the top bit set on all but the last byte;
// signed ones are folded first (0, -1, 1, -2, ... become 0, 1, 2, 3, ...). An image is one byte of
// kind, one of version, the fields, and the CRC-32 of all that in four bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/result.h"
#include "base/strong_id.h"

namespace livetape::floor {

// CRC-32 as in zlib, gzip and PNG: polynomial 0xEDB88320, reflected.
uint32_t Crc32(std::string_view bytes);

__extension__ typedef unsigned __int128 UInt128;

class ImageWriter {
 public:
  ImageWriter(char kind, uint8_t version) : bytes_{kind, static_cast<char>(version)} {}

  template <typename... Fields>
  void All(const Fields&... fields) {
    (Pass(fields), ...);
  }
  void Pass(bool value) { Byte(value ? 1 : 0); }
  void Pass(uint32_t value) { Number(value); }
  void Pass(uint64_t value) { Number(value); }
  void Pass(int value) { Signed(value); }
  void Pass(base::Amount value) { Signed(value.units()); }
  void Pass(base::WallTime value) { Signed(value.time_since_epoch().count()); }
  void Pass(std::string_view value);
  template <typename Tag>
  void Pass(base::Fixed<Tag> value) {
    Signed(value.units());
  }
  template <typename Tag, typename Int>
  void Pass(base::StrongId<Tag, Int> value) {
    Number(value.value());
  }
  // An enumerator, one of `count`.
  template <typename Enum>
  void Choice(const Enum& value, size_t) {
    Byte(static_cast<uint8_t>(value));
  }
  // The number of what follows.
  void Count(size_t count) { Number(count); }

  // So far, in bytes.
  size_t size() const { return bytes_.size(); }
  // The image, complete.
  std::string Sealed() &&;

 private:
  void Byte(uint8_t value) { bytes_ += static_cast<char>(value); }
  void Number(UInt128 value);
  void Signed(base::Int128 value);

  std::string bytes_;
};

// Reads what an ImageWriter has written. A field that is not there or cannot be gives 0 and makes
// the reader bad, for good; ask once, at the end.
class ImageReader {
 public:
  // An error if the kind or the checksum is wrong or the version is another. `what` names it in the
  // message. The bytes outlive the reader.
  static base::Result<ImageReader> Open(std::string_view bytes, char kind, uint8_t version,
                                        std::string_view what);

  template <typename... Fields>
  void All(Fields&... fields) {
    (Pass(fields), ...);
  }
  void Pass(bool& value) { value = Byte(2) == 1; }
  void Pass(uint32_t& value) { value = static_cast<uint32_t>(Number(32)); }
  void Pass(uint64_t& value) { value = static_cast<uint64_t>(Number(64)); }
  void Pass(int& value) { value = static_cast<int>(Signed(32)); }
  void Pass(base::Amount& value) { value = base::Amount::FromUnits(Signed(128)); }
  void Pass(base::WallTime& value) {
    value = base::WallTime(std::chrono::nanoseconds(static_cast<int64_t>(Signed(64))));
  }
  // Into the bytes that are read.
  void Pass(std::string_view& value);
  template <typename Tag>
  void Pass(base::Fixed<Tag>& value) {
    value = base::Fixed<Tag>::FromUnits(static_cast<int64_t>(Signed(64)));
  }
  template <typename Tag, typename Int>
  void Pass(base::StrongId<Tag, Int>& value) {
    value = base::StrongId<Tag, Int>(static_cast<Int>(Number(8 * sizeof(Int))));
  }
  template <typename Enum>
  void Choice(Enum& value, size_t count) {
    value = static_cast<Enum>(Byte(count));
  }
  // Not more than there are bytes left: nothing has a size of 0.
  size_t Count();

  bool good() const { return good_; }
  void MakeBad() { good_ = false; }
  // Good, and all has been read.
  bool Complete() const { return good_ && rest_.empty(); }

 private:
  explicit ImageReader(std::string_view fields) : rest_(fields) {}
  uint8_t Byte(size_t below);
  // Of at most so many bits, in the fewest bytes.
  UInt128 Number(unsigned bits);
  base::Int128 Signed(unsigned bits);

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace livetape::floor
