#pragma once

// TrustedProxies: whose X-Forwarded-For is believed, and which client address follows from it.
//
// Pure functions of the configuration, the socket's peer and the header. Read-only after Parse; any
// thread.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace livetape::http {

// An IPv4 or IPv6 address as 16 bytes; IPv4 in its mapped form (RFC 4291, section 2.5.5.2), so that
// "::ffff:10.0.0.1" is 10.0.0.1.
using AddressBytes = std::array<uint8_t, 16>;

std::optional<AddressBytes> ParseAddressBytes(std::string_view text);

class TrustedProxies {
 public:
  // Trusts nobody.
  TrustedProxies() = default;
  // Each an address or a network: "10.0.0.1", "10.0.0.0/8", "fd00::/8". Bits behind the prefix must
  // be zero.
  static base::Result<TrustedProxies> Parse(std::span<const std::string> proxies);

  bool Trusts(std::string_view address) const;

  // The client of a request that came from `peer`, as canonical text. Behind a trusted peer:
  // X-Forwarded-For (all such fields, in order, as one list) read from its right end, past trusted
  // addresses, to the first other one; the leftmost if all are trusted. Anything in what is read
  // that is no address (a port after it is let pass), or more than 32 entries: `peer` itself.
  std::string ClientOf(std::string_view peer, const Headers& headers) const;

 private:
  struct Network {
    AddressBytes first = {};
    unsigned prefix = 128;  // bits
  };
  bool Trusts(const AddressBytes& address) const;

  std::vector<Network> networks_;
};

}  // namespace livetape::http
