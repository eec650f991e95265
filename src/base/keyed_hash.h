#pragma once

// KeyedHash: the hash of texts that others choose. Whoever sends them cannot make many of the same hash,
// which would turn a hash table into a list, because he does not know the key. Pure functions; any
// thread.
//
// SipHash-1-3 (Aumasson, Bernstein: SipHash, a fast short-input PRF), as in Rust and Python.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace livetape::base {

struct HashKey {
  uint64_t first = 0, second = 0;
};

uint64_t SipHash13(const HashKey& key, std::string_view text);

// Under a key that each process has from the kernel. It decides nothing but how long a look-up takes: no
// order may depend on it.
uint64_t KeyedHash(std::string_view text);

// For the tables of the standard library.
struct KeyedTextHash {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
  size_t operator()(std::string_view text) const { return KeyedHash(text); }
};

}  // namespace livetape::base
