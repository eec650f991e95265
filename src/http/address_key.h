#pragma once

// What counts as one client where each may have so much: an IPv4 address, mapped into IPv6 or not, or
// the /64 network of an IPv6 one, of which a host may use any address.

#include <cstdint>
#include <string_view>

namespace livetape::http {

// 0: it is no address. No key of an address is 0xfe00'0000'0000'0000 or above but of a link's own and
// of multicast, which leaves that room to other kinds of owners.
uint64_t AddressKey(std::string_view address);

}  // namespace livetape::http
