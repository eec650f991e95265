#include "http/listen_socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

namespace livetape::http {
namespace {

constexpr int kNotSentLowWater = 16 * 1024;  // bytes the kernel may hold back, not yet sent

// Clients that connect at once while a loop is busy; the kernel caps it at net.core.somaxconn.
constexpr int kBacklog = 4096;

struct Address {
  sockaddr_storage bytes = {};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&bytes); }
  sockaddr_in& v4() { return reinterpret_cast<sockaddr_in&>(bytes); }
  sockaddr_in6& v6() { return reinterpret_cast<sockaddr_in6&>(bytes); }

  void SetPort(uint16_t port) {
    (bytes.ss_family == AF_INET ? v4().sin_port : v6().sin6_port) = htons(port);
  }
  uint16_t Port() { return ntohs(bytes.ss_family == AF_INET ? v4().sin_port : v6().sin6_port); }
  bool Unspecified() {
    if (bytes.ss_family == AF_INET) return v4().sin_addr.s_addr == htonl(INADDR_ANY);
    return IN6_IS_ADDR_UNSPECIFIED(&v6().sin6_addr);
  }
  bool Loopback() {
    if (bytes.ss_family == AF_INET) return ntohl(v4().sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&v6().sin6_addr);
  }
};

std::optional<Address> ParseAddress(const std::string& host) {
  Address address;
  const char* const text = host == "localhost" ? "127.0.0.1" : host.c_str();
  if (inet_pton(AF_INET, text, &address.v4().sin_addr) == 1) {
    address.bytes.ss_family = AF_INET;
    address.size = sizeof(sockaddr_in);
    return address;
  }
  if (inet_pton(AF_INET6, text, &address.v6().sin6_addr) == 1) {
    address.bytes.ss_family = AF_INET6;
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return std::nullopt;
}

std::string Describe(const std::string& host, uint16_t port, int error) {
  switch (error) {
    case EADDRINUSE:
      return fmt::format("port {} on {} is already in use; choose another with --port", port, host);
    case EACCES:
      return fmt::format(
          "port {} on {} needs more rights than this program has; choose one from "
          "1024 with --port",
          port, host);
    case EADDRNOTAVAIL:
      return fmt::format("{} is not an address of this machine; choose another with --host", host);
    default:
      return fmt::format("cannot listen on port {} of {}: {}", port, host, std::strerror(error));
  }
}

bool SetFlag(int fd, int level, int option) {
  constexpr int kOn = 1;
  return ::setsockopt(fd, level, option, &kOn, sizeof(kOn)) == 0;
}

// For the connections: they inherit these, which saves three calls on each. Without the limits the
// kernel swallows megabytes before anybody notices that a client is slow, and keeps a vanished one
// for a quarter of an hour.
bool SetForConnections(int fd, std::chrono::milliseconds stall_timeout) {
  const auto timeout_ms = static_cast<unsigned>(stall_timeout.count());
  return SetFlag(fd, IPPROTO_TCP, TCP_NODELAY) &&
         ::setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kNotSentLowWater,
                      sizeof(kNotSentLowWater)) == 0 &&
         ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof(timeout_ms)) == 0;
}

// One listening socket, or errno. The first takes the port alone: it binds and listens without
// SO_REUSEPORT, which fails if anybody, whoever it is, listens there or is just about to (of two
// that have bound, the kernel lets one listen). Only then does it set the option that lets its
// siblings in. So two servers never share a port by mistake, and there is no moment between a
// probe and the binding in which a second one could slip in.
std::expected<UniqueFd, int> ListenOn(Address& address, bool first, bool siblings,
                                      std::chrono::milliseconds stall_timeout) {
  UniqueFd fd(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return std::unexpected(errno);
  bool ok = SetFlag(fd.get(), SOL_SOCKET, SO_REUSEADDR);
  // Without it "::" would take the IPv4 port as well.
  if (address.bytes.ss_family == AF_INET6) ok = ok && SetFlag(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  if (!first) ok = ok && SetFlag(fd.get(), SOL_SOCKET, SO_REUSEPORT);
  ok = ok && SetForConnections(fd.get(), stall_timeout);
  ok = ok && ::bind(fd.get(), address.get(), address.size) == 0;
  ok = ok && ::listen(fd.get(), kBacklog) == 0;
  if (first && siblings) ok = ok && SetFlag(fd.get(), SOL_SOCKET, SO_REUSEPORT);
  // The siblings bind to the port that the first was given.
  ok = ok && ::getsockname(fd.get(), address.get(), &address.size) == 0;
  if (!ok) return std::unexpected(errno);
  return fd;
}

// The addresses of all of this machine's interfaces, of one family.
std::vector<std::string> MachineAddresses(int family) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != family) continue;
    std::array<char, INET6_ADDRSTRLEN> text;
    const void* const bytes =
        family == AF_INET
            ? static_cast<const void*>(&reinterpret_cast<sockaddr_in*>(entry->ifa_addr)->sin_addr)
            : &reinterpret_cast<sockaddr_in6*>(entry->ifa_addr)->sin6_addr;
    if (inet_ntop(family, bytes, text.data(), text.size()) != nullptr) {
      addresses.emplace_back(text.data());
    }
  }
  return addresses;
}

}  // namespace

base::Result<ListenSockets> Listen(const std::string& host, uint16_t port, size_t count,
                                   std::chrono::milliseconds stall_timeout) {
  std::optional<Address> address = ParseAddress(host);
  if (!address) {
    return base::Fail(fmt::format("--host takes an IP address or localhost, got \"{}\"", host));
  }
  address->SetPort(port);

  ListenSockets result;
  result.loopback = address->Loopback();
  while (result.sockets.size() < count) {
    auto fd = ListenOn(*address, result.sockets.empty(), count > 1, stall_timeout);
    if (!fd) return base::Fail(Describe(host, port, fd.error()));
    result.sockets.push_back(std::move(*fd));
  }
  result.port = address->Port();
  // The unspecified one as well: it is in the line that says where the server listens, and who
  // copies that reaches it.
  if (address->Unspecified()) result.addresses = MachineAddresses(address->bytes.ss_family);
  result.addresses.push_back(host == "localhost" ? "127.0.0.1" : host);
  return result;
}

}  // namespace livetape::http
