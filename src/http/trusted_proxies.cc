#include "http/trusted_proxies.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "http/field_text.h"

namespace livetape::http {
namespace {

constexpr size_t kEntriesMax = 32;
constexpr AddressBytes kMappedIpv4 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr size_t kMappedBytes = 12;  // before the four of IPv4

bool IsIpv4(const AddressBytes& address) {
  return std::equal(address.begin(), address.begin() + kMappedBytes, kMappedIpv4.begin());
}

std::string TextOf(const AddressBytes& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (IsIpv4(address)) {
    inet_ntop(AF_INET, address.data() + kMappedBytes, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

// The first `bits` bits, then zeros.
AddressBytes Prefix(AddressBytes address, unsigned bits) {
  for (unsigned i = 0; i < address.size(); ++i) {
    const unsigned kept = std::clamp(bits, 8 * i, 8 * i + 8) - 8 * i;
    address[i] = static_cast<uint8_t>(address[i] & (0xff00U >> kept));
  }
  return address;
}

std::string_view WithoutSpaces(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool IsPort(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size();
}

// "192.0.2.1", "192.0.2.1:443", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443".
std::optional<AddressBytes> ParseEntry(std::string_view entry) {
  if (!entry.starts_with('[')) {
    const size_t colon = entry.find(':');
    const bool has_port = colon != std::string_view::npos && colon == entry.rfind(':');
    if (has_port && !IsPort(entry.substr(colon + 1))) return std::nullopt;
    return ParseAddressBytes(has_port ? entry.substr(0, colon) : entry);
  }
  const size_t end = entry.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = entry.substr(end + 1);
  if (!rest.empty() && !(rest.front() == ':' && IsPort(rest.substr(1)))) return std::nullopt;
  return ParseAddressBytes(entry.substr(1, end - 1));
}

}  // namespace

std::optional<AddressBytes> ParseAddressBytes(std::string_view text) {
  // What is longer, or holds a NUL, is no address, and would be cut short below.
  if (text.size() >= INET6_ADDRSTRLEN || text.contains('\0')) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> terminated = {};
  std::ranges::copy(text, terminated.begin());
  AddressBytes address = kMappedIpv4;
  if (inet_pton(AF_INET, terminated.data(), address.data() + kMappedBytes) == 1) return address;
  if (inet_pton(AF_INET6, terminated.data(), address.data()) == 1) return address;
  return std::nullopt;
}

base::Result<TrustedProxies> TrustedProxies::Parse(std::span<const std::string> proxies) {
  TrustedProxies trusted;
  for (const std::string& text : proxies) {
    const size_t slash = text.find('/');
    const auto address = ParseAddressBytes(std::string_view(text).substr(0, slash));
    const unsigned bits = text.contains(':') ? 128 : 32;
    unsigned prefix = bits;
    bool right = address.has_value();
    if (slash != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto [at, error] = std::from_chars(text.data() + slash + 1, end, prefix);
      right = right && error == std::errc() && at == end && prefix <= bits;
    }
    if (!right) {
      return base::Fail(
          fmt::format("server.trusted_proxies takes addresses and networks like \"10.0.0.1\" and "
                      "\"10.0.0.0/8\", got \"{}\"",
                      text));
    }
    const Network network = {*address, prefix + 128 - bits};
    if (Prefix(network.first, network.prefix) != network.first) {
      return base::Fail(fmt::format(
          "server.trusted_proxies: \"{}\" has bits behind its prefix; the network is {}/{}", text,
          TextOf(Prefix(network.first, network.prefix)), prefix));
    }
    trusted.networks_.push_back(network);
  }
  return trusted;
}

bool TrustedProxies::Trusts(std::string_view address) const {
  if (networks_.empty()) return false;
  const auto bytes = ParseAddressBytes(address);
  return bytes && Trusts(*bytes);
}

bool TrustedProxies::Trusts(const AddressBytes& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return Prefix(address, network.prefix) == network.first;
  });
}

std::string TrustedProxies::ClientOf(std::string_view peer, const Headers& headers) const {
  if (!Trusts(peer)) return std::string(peer);
  std::optional<AddressBytes> client;
  size_t entries = 0;
  const auto& fields = headers.fields();
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    if (!EqualsIgnoringCase(field->first, "X-Forwarded-For")) continue;
    std::string_view list = field->second;
    for (bool more = true; more;) {
      const size_t comma = list.rfind(',');
      more = comma != std::string_view::npos;
      const std::string_view entry = WithoutSpaces(list.substr(more ? comma + 1 : 0));
      if (more) list = list.substr(0, comma);
      const auto address = ParseEntry(entry);
      if (!address || ++entries > kEntriesMax) return std::string(peer);
      client = address;
      if (!Trusts(*address)) return TextOf(*address);
    }
  }
  return client ? TextOf(*client) : std::string(peer);
}

}  // namespace livetape::http
