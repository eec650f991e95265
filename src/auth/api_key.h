#pragma once

// ApiKey: the key and secret by which a program opens a trading account; only a hash of the secret is
// kept. Any thread.

#include <string>
#include <string_view>

namespace livetape::auth {

struct ApiKey {
  std::string id;      // "PK" and 18 of A-Z2-7
  std::string secret;  // 40 of A-Za-z0-9-_, 240 random bits
};

// From the system's random numbers.
ApiKey MakeApiKey();

// SHA-256 in lower-case hexadecimal. Secrets are random, so that a plain hash hides them.
std::string HashSecret(std::string_view secret);

// Takes the same time for every wrong secret. An empty hash is nobody's.
bool SecretMatches(std::string_view hash, std::string_view secret);

}  // namespace livetape::auth
