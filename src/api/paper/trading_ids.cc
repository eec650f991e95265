#include "api/paper/trading_ids.h"

#include <array>
#include <cstring>

namespace livetape::api {
namespace {

__extension__ typedef unsigned __int128 UInt128;

enum class IdKind : uint8_t { kOrder = 1, kExecution = 2, kAccount = 3, kAsset = 4 };

// The 122 free bits of a UUID of version 8: 64 of `number` and 58 of `check`, of which the lowest 8
// tell the kind. Neither shows what it was made of without the seed.
struct Bits {
  uint64_t number = 0;
  uint64_t check = 0;
};

// The finalizer of splitmix64 (Blackman and Vigna, prng.di.unimi.it), which is invertible.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

uint64_t Unmix(uint64_t x) {
  x = (x ^ (x >> 31) ^ (x >> 62)) * 0x319642b2d24d8ec3u;
  x = (x ^ (x >> 27) ^ (x >> 54)) * 0x96de1b173f119089u;
  return x ^ (x >> 30) ^ (x >> 60);
}

// Independent streams of one seed.
uint64_t Key(uint64_t seed, uint64_t stream) {
  return Mix(seed + 0x9e3779b97f4a7c15u * (stream + 1));
}

// What goes with a number: 50 bits that only this seed knows, and the kind under 8 more of them.
uint64_t Check(uint64_t seed, uint64_t number, uint64_t more, IdKind kind) {
  const uint64_t hash = Mix(Mix(number ^ Key(seed, 1)) + Key(seed, 2)) ^ (more << 8);
  const uint64_t mask = Mix(number ^ Key(seed, 3)) & 0xff;
  return ((hash & 0x03ff'ffff'ffff'ff00u) | mask) ^ static_cast<uint64_t>(kind);
}

Bits OfNumber(uint64_t seed, IdKind kind, uint64_t number) {
  const uint64_t mixed = Mix(number ^ Key(seed, 8 + static_cast<uint64_t>(kind)));
  return {mixed, Check(seed, mixed, 0, kind)};
}

// Folds `text` into 64 bits, 8 bytes a step.
uint64_t Hash(uint64_t key, std::string_view text) {
  uint64_t hash = key ^ text.size();
  while (!text.empty()) {
    uint64_t piece = 0;
    const size_t bytes = text.size() < 8 ? text.size() : 8;
    std::memcpy(&piece, text.data(), bytes);
    hash = Mix((hash ^ piece) + 0x9e3779b97f4a7c15u);
    text.remove_prefix(bytes);
  }
  return hash;
}

Bits OfName(uint64_t seed, IdKind kind, std::string_view name) {
  const uint64_t stream = 8 + static_cast<uint64_t>(kind);
  const uint64_t hash = Hash(Key(seed, stream), name);
  return {hash, Check(seed, hash, Hash(Key(seed, stream + 8), name), kind)};
}

// RFC 9562, section 5.8: custom_a (48), 1000, custom_b (12), 10, custom_c (62).
std::string Text(const Bits& bits) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  const uint64_t high =
      (bits.number & 0xffff'ffff'ffff'0000u) | 0x8000u | ((bits.number >> 4) & 0xfffu);
  const uint64_t low = 0x8000'0000'0000'0000u | ((bits.number & 0xfu) << 58) | bits.check;
  std::array<char, 36> text;
  size_t at = 0;
  const auto write = [&](uint64_t half, int from, int digits) {
    for (int i = 0; i < digits; ++i) text[at++] = kHex[(half >> (60 - 4 * (from + i))) & 0xf];
  };
  write(high, 0, 8);
  text[at++] = '-';
  write(high, 8, 4);
  text[at++] = '-';
  write(high, 12, 4);
  text[at++] = '-';
  write(low, 0, 4);
  text[at++] = '-';
  write(low, 4, 12);
  return {text.data(), text.size()};
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nothing: no UUID of version 8.
std::optional<Bits> Parse(std::string_view uuid) {
  if (uuid.size() != 36) return std::nullopt;
  UInt128 value = 0;
  for (size_t i = 0; i < uuid.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (uuid[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = HexDigit(uuid[i]);
    if (digit < 0) return std::nullopt;
    value = (value << 4) | static_cast<unsigned>(digit);
  }
  const auto high = static_cast<uint64_t>(value >> 64);
  const auto low = static_cast<uint64_t>(value);
  if ((high & 0xf000u) != 0x8000u || (low >> 62) != 2) return std::nullopt;
  Bits bits;
  bits.number = (high & 0xffff'ffff'ffff'0000u) | ((high & 0xfffu) << 4) | ((low >> 58) & 0xfu);
  bits.check = low & 0x03ff'ffff'ffff'ffffu;
  return bits;
}

std::optional<uint64_t> NumberOf(uint64_t seed, IdKind kind, std::string_view uuid) {
  const auto bits = Parse(uuid);
  if (!bits || bits->check != Check(seed, bits->number, 0, kind)) return std::nullopt;
  return Unmix(bits->number) ^ Key(seed, 8 + static_cast<uint64_t>(kind));
}

}  // namespace

std::string TradingIds::Order(model::OrderId id) const {
  return Text(OfNumber(seed_, IdKind::kOrder, id.value()));
}

std::optional<model::OrderId> TradingIds::ParseOrder(std::string_view uuid) const {
  const auto number = NumberOf(seed_, IdKind::kOrder, uuid);
  if (!number || *number == 0) return std::nullopt;
  return model::OrderId(*number);
}

std::string TradingIds::Execution(uint64_t fill) const {
  return Text(OfNumber(seed_, IdKind::kExecution, fill));
}

std::optional<uint64_t> TradingIds::ParseExecution(std::string_view uuid) const {
  const auto number = NumberOf(seed_, IdKind::kExecution, uuid);
  if (!number || *number == 0) return std::nullopt;
  return number;
}

std::string TradingIds::Account(std::string_view name) const {
  return Text(OfName(seed_, IdKind::kAccount, name));
}

std::string TradingIds::Asset(std::string_view symbol) const {
  return Text(OfName(seed_, IdKind::kAsset, symbol));
}

}  // namespace livetape::api
