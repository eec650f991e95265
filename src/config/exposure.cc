#include "config/exposure.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <string>

namespace livetape::config {

bool IsLoopback(std::string_view host) {
  if (host == "localhost") return true;
  const std::string text(host);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

base::Result<void> CheckExposure(const Config& config, bool insecure) {
  if (insecure || config.auth.mode != AuthMode::kNone || IsLoopback(config.server.host)) return {};
  return base::Fail(fmt::format(
      "server.host is {}, which other machines may reach, and auth.mode is none, so anyone could "
      "read and publish; listen on 127.0.0.1, set auth.mode, or pass --insecure if this is meant",
      config.server.host));
}

}  // namespace livetape::config
