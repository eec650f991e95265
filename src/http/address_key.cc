#include "http/address_key.h"

#include <arpa/inet.h>
#include <endian.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace livetape::http {
namespace {

constexpr std::array<uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// As the network 0:ffff:.../64, which nobody has: 0000::/8 is reserved (RFC 4291, section 2.4).
uint64_t KeyOfIpv4(const uint8_t* bytes) {
  uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return (uint64_t{0xffff} << 32) | be32toh(value);
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
  return be64toh(network);
}

}  // namespace livetape::http
