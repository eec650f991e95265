#include "auth/key_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>

#include "auth/base64.h"
#include "auth/strict_json.h"

namespace livetape::auth {
namespace {

namespace json = boost::json;

// The member as text; nothing if it is missing or something else.
std::optional<std::string_view> TextMember(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains({name.data(), name.size()});
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return std::string_view(member->get_string().data(), member->get_string().size());
}

base::Result<std::string> BytesMember(const json::object& object, std::string_view name) {
  const auto text = TextMember(object, name);
  auto bytes = text ? DecodeBase64Url(*text) : std::nullopt;
  if (!bytes || bytes->empty()) {
    return base::Fail(fmt::format("its '{}' must be base64url text without padding", name));
  }
  return std::move(*bytes);
}

std::string_view KindOf(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256:
      return "oct";
    case Algorithm::kRs256:
      return "RSA";
    case Algorithm::kEs256:
      return "EC";
  }
  return "";
}

// Whether the member is there as a list of texts without `wanted`.
bool ListsWithout(const json::object& key, std::string_view name, std::string_view wanted) {
  const json::value* list = key.if_contains({name.data(), name.size()});
  if (list == nullptr || !list->is_array()) return false;
  return std::ranges::none_of(list->get_array(), [wanted](const json::value& word) {
    return word.is_string() &&
           std::string_view(word.get_string().data(), word.get_string().size()) == wanted;
  });
}

// Why the key is not for verifying tokens of `algorithm`; empty if it is.
std::string ReasonToPass(const json::object& key, Algorithm algorithm) {
  const std::string_view kind = TextMember(key, "kty").value_or("");
  if (kind != KindOf(algorithm)) {
    return fmt::format("its kty is not {}, which {} needs", KindOf(algorithm), Name(algorithm));
  }
  if (const auto use = TextMember(key, "use"); use && *use != "sig") return "its use is not sig";
  if (ListsWithout(key, "key_ops", "verify")) return "its key_ops do not name verify";
  if (const auto alg = TextMember(key, "alg"); alg && *alg != Name(algorithm)) {
    return fmt::format("its alg is not {}", Name(algorithm));
  }
  if (algorithm == Algorithm::kEs256 && TextMember(key, "crv") != "P-256") {
    return "its crv is not P-256";
  }
  return {};
}

base::Result<VerificationKey> ReadKey(const json::object& key, Algorithm algorithm) {
  if (algorithm == Algorithm::kHs256) {
    auto secret = BytesMember(key, "k");
    if (!secret) return std::unexpected(secret.error());
    return VerificationKey::Secret(std::move(*secret));
  }
  const bool rsa = algorithm == Algorithm::kRs256;
  const auto first = BytesMember(key, rsa ? "n" : "x");
  if (!first) return std::unexpected(first.error());
  const auto second = BytesMember(key, rsa ? "e" : "y");
  if (!second) return std::unexpected(second.error());
  return rsa ? VerificationKey::Rsa(*first, *second) : VerificationKey::P256(*first, *second);
}

}  // namespace

base::Result<KeySet> ParseKeySet(std::string_view jwks, Algorithm algorithm) {
  const auto object = ParseStrictObject(jwks);
  if (!object) {
    return base::Fail("it is not a JSON object in UTF-8 that names each member once");
  }
  const json::value* list = object->if_contains("keys");
  if (list == nullptr || !list->is_array()) {
    return base::Fail("it has no 'keys' list; a JWKS is {\"keys\":[...]}");
  }
  if (list->get_array().size() > kKeysMax) {
    return base::Fail(
        fmt::format("it has {} keys; at most {} are read", list->get_array().size(), kKeysMax));
  }
  KeySet set;
  for (size_t i = 0; i < list->get_array().size(); ++i) {
    const json::value& entry = list->get_array()[i];
    if (!entry.is_object()) return base::Fail(fmt::format("key {} is not an object", i));
    const json::object& key = entry.get_object();
    if (const std::string why = ReasonToPass(key, algorithm); !why.empty()) {
      set.notes.push_back(fmt::format("key {} is passed over: {}", i, why));
      continue;
    }
    auto read = ReadKey(key, algorithm);
    if (!read) return base::Fail(fmt::format("key {}: {}", i, read.error().message));
    const std::string_view id = TextMember(key, "kid").value_or("");
    if (id.size() > kKeyIdBytesMax) {
      return base::Fail(fmt::format("key {}: its kid is over {} bytes", i, kKeyIdBytesMax));
    }
    set.keys.emplace_back(std::string(id), std::move(*read));
  }
  if (set.keys.empty()) {
    return base::Fail(
        fmt::format("none of its {} keys is for {}", list->get_array().size(), Name(algorithm)));
  }
  if (set.keys.size() > kKeyTriesMax) {
    return base::Fail(fmt::format("it has {} keys for {}; at most {} are used", set.keys.size(),
                                  Name(algorithm), kKeyTriesMax));
  }
  return set;
}

}  // namespace livetape::auth
