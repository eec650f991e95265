#include "tape/topic_summary.h"

#include <algorithm>
#include <bit>

namespace livetape::tape {
namespace {

constexpr int kProbes = 4;
constexpr size_t kLeastBits = 64, kMostBits = size_t{16} * 1024 * 8;

// FNV-1a, then the finalizer of splitmix64; part of the format (docs/formats/tape.md).
uint64_t Mixed(uint64_t hash) {
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

constexpr uint64_t kHashStart = 0xcbf29ce484222325u;

uint64_t Hashed(uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  return hash;
}

// Calls `visit` with the number of each bit of `hash`, while it returns true.
template <typename Visit>
bool EachBit(uint64_t hash, size_t bits, Visit visit) {
  const uint64_t step = (hash >> 32) | 1;
  for (int i = 0; i < kProbes; ++i, hash += step) {
    if (!visit(hash & (bits - 1))) return false;
  }
  return true;
}

}  // namespace

bool TopicSummary::MayBeginWith(std::string_view prefix) const {
  if (bits_.empty()) return false;
  if (!std::has_single_bit(bits_.size())) return true;
  return EachBit(Mixed(Hashed(kHashStart, prefix)), bits_.size() * 8, [this](uint64_t bit) {
    return ((static_cast<uint8_t>(bits_[bit / 8]) >> (bit % 8)) & 1) != 0;
  });
}

void TopicSummaryBuilder::Add(std::string_view topic) {
  if (topic.empty() || topic == last_topic_) return;
  last_topic_ = topic;
  const size_t one = std::min(topic.find('/'), topic.size());
  const size_t two = one < topic.size() ? std::min(topic.find('/', one + 1), topic.size()) : one;
  const uint64_t first = Hashed(kHashStart, topic.substr(0, one));
  hashes_.push_back(Mixed(first));
  if (two > one) hashes_.push_back(Mixed(Hashed(first, topic.substr(one, two - one))));
}

std::string TopicSummaryBuilder::Finish() {
  std::sort(hashes_.begin(), hashes_.end());
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
  if (hashes_.empty()) return {};
  const size_t bits = std::clamp(std::bit_ceil(hashes_.size() * 10), kLeastBits, kMostBits);
  std::string out(bits / 8, '\0');
  for (const uint64_t hash : hashes_) {
    EachBit(hash, bits, [&out](uint64_t bit) {
      out[bit / 8] = static_cast<char>(static_cast<uint8_t>(out[bit / 8]) | (1u << (bit % 8)));
      return true;
    });
  }
  return out;
}

}  // namespace livetape::tape
