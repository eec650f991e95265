#include "api/streams/stream_limiter.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>

#include "base/assert.h"

namespace livetape::api {
namespace {

constexpr std::array<uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

uint64_t KeyOfIpv4(const uint8_t* bytes) {
  uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return (uint64_t{0xffff} << 32) | value;  // no /64 network in use looks like this
}

}  // namespace

uint64_t AddressKey(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));  // without a scope
  std::array<uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return KeyOfIpv4(bytes.data());
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return 0;
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin())) {
    return KeyOfIpv4(bytes.data() + kMappedPrefix.size());
  }
  uint64_t network = 0;
  std::memcpy(&network, bytes.data(), sizeof network);
  return network;
}

uint64_t SubjectKey(std::string_view subject) {
  // No network in use begins with these bits either (fe00::/9 is reserved).
  return std::hash<std::string_view>()(subject) | uint64_t{0xfe} << 56;
}

std::shared_ptr<StreamLimiter::Ticket> StreamLimiter::Acquire(uint64_t owner) {
  const std::scoped_lock lock(mutex_);
  if (total_ != 0 && open_in_all_ >= total_) return nullptr;
  const auto at = open_.find(owner);
  if (per_address_ != 0 && at != open_.end() && at->second >= per_address_) return nullptr;
  ++open_[owner];
  ++open_in_all_;
  return std::make_shared<Ticket>(*this, owner);
}

void StreamLimiter::Release(uint64_t owner) {
  const std::scoped_lock lock(mutex_);
  const auto at = open_.find(owner);
  LT_ASSERT(at != open_.end(), "owner {:x}", owner);
  --open_in_all_;
  if (--at->second == 0) open_.erase(at);
}

}  // namespace livetape::api
