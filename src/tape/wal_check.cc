#include "tape/wal_check.h"

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>

namespace livetape::tape {
namespace {

constexpr size_t kHeaderBytes = 32, kFrameHeaderBytes = 24;
constexpr uint32_t kMagic = 0x377f0682;  // the lowest bit: checksums are of big-endian words

uint32_t Word(std::string_view bytes, size_t at, bool big_endian) {
  uint32_t word;
  std::memcpy(&word, bytes.data() + at, sizeof(word));
  return big_endian == (std::endian::native == std::endian::big) ? word : __builtin_bswap32(word);
}

struct Checksum {
  uint32_t first = 0, second = 0;

  void Add(std::string_view bytes, bool big_endian) {
    for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += Word(bytes, at, big_endian) + second;
      second += Word(bytes, at + 4, big_endian) + first;
    }
  }
  static Checksum At(std::string_view bytes, size_t at) {
    return {.first = Word(bytes, at, true), .second = Word(bytes, at + 4, true)};
  }
  friend bool operator==(const Checksum&, const Checksum&) = default;
};

class Wal {
 public:
  explicit Wal(const std::filesystem::path& path) : in_(path, std::ios::binary) {}

  std::optional<std::string> Fault() {
    std::string header(kHeaderBytes, '\0');
    // A log that holds no frame says nothing.
    if (!in_.read(header.data(), kHeaderBytes) || in_.peek() == EOF) return std::nullopt;
    const uint32_t magic = Word(header, 0, true);
    big_endian_ = (magic & 1) != 0;
    salts_ = header.substr(16, 8);
    const uint32_t page = Word(header, 8, true);
    checksum_.Add({header.data(), kFrameHeaderBytes}, big_endian_);
    if ((magic & ~1u) != kMagic || checksum_ != Checksum::At(header, 24) || page < 512 ||
        page > 65'536) {
      return "the head of the write-ahead log is damaged";
    }
    frame_.resize(kFrameHeaderBytes + page);
    while (Read()) {
      if (!Follows()) return FaultBehind();
      ++good_;
    }
    return std::nullopt;
  }

 private:
  bool Read() {
    return static_cast<bool>(in_.read(frame_.data(), static_cast<std::streamsize>(frame_.size())));
  }
  bool OfThisLog() const { return std::string_view(frame_).substr(8, 8) == salts_; }
  bool commits() const { return Word(frame_, 4, true) != 0; }

  // That of the frame in hand, as it says and as it has to be behind another.
  Checksum Said() const { return Checksum::At(frame_, 16); }
  Checksum MadeFrom(Checksum checksum) const {
    checksum.Add(std::string_view(frame_).substr(0, 8), big_endian_);
    checksum.Add(std::string_view(frame_).substr(kFrameHeaderBytes), big_endian_);
    return checksum;
  }

  bool Follows() {
    const Checksum next = MadeFrom(checksum_);
    if (!OfThisLog() || next != Said()) return false;
    checksum_ = next;
    return true;
  }

  // The frame in hand is not good. A transaction behind it whose frames follow each other was written
  // once; behind its commit there is no other that follows, unless both were synced.
  std::optional<std::string> FaultBehind() {
    bool committed = false, foreign = false;
    Checksum said, made = MadeFrom(checksum_);
    for (bool first = true;; first = false) {
      if (!OfThisLog()) {
        foreign = true;
      } else {
        // Behind a damaged head nobody can say.
        const bool follows = foreign || Said() == MadeFrom(said) || Said() == MadeFrom(made);
        if (committed && follows) {
          return fmt::format(
              "the write-ahead log is damaged after {} good frames: later commits follow", good_);
        }
        committed = commits();
        if (!first) made = MadeFrom(said);
        said = Said();
        foreign = false;
      }
      if (!Read()) return std::nullopt;
    }
  }

  std::ifstream in_;
  bool big_endian_ = false;
  std::string salts_, frame_;
  Checksum checksum_;
  size_t good_ = 0;
};

}  // namespace

std::optional<std::string> WalFault(const std::filesystem::path& wal) { return Wal(wal).Fault(); }

}  // namespace livetape::tape
