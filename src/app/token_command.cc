#include "app/token_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "app/auth_keys.h"
#include "auth/token_signer.h"
#include "auth/token_verifier.h"
#include "base/file_there.h"
#include "hub/topic_pattern.h"

namespace livetape::app {
namespace {

constexpr int kFailed = 1, kWrongUsage = 2;
constexpr std::chrono::hours kLongestLife{24 * 366 * 10};

// "90s", "15m", "1h", "30d"
std::optional<std::chrono::seconds> ParseLife(std::string_view text) {
  if (text.empty()) return std::nullopt;
  int64_t unit = 0;
  switch (text.back()) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = 86'400;
      break;
    default:
      return std::nullopt;
  }
  text.remove_suffix(1);
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc() || rest != end || number < 1) return std::nullopt;
  if (number > std::chrono::seconds(kLongestLife).count() / unit) return std::nullopt;
  return std::chrono::seconds(number * unit);
}

base::Result<uint8_t> ParseScope(std::string_view text) {
  uint8_t permissions = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(" ,"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const auto permission = auth::ParsePermission(word);
    if (!permission) {
      return base::Fail(fmt::format(
          "--scope: there is no permission {}; there are subscribe, publish, trade, admin", word));
    }
    permissions |= static_cast<uint8_t>(*permission);
  }
  return permissions;
}

base::Result<void> CheckTopics(const std::vector<std::string>& topics) {
  if (topics.size() > auth::kGrantsMax) {
    return base::Fail(
        fmt::format("--topics: {} patterns, expected at most {}", topics.size(), auth::kGrantsMax));
  }
  for (const std::string& topic : topics) {
    if (const auto pattern = hub::TopicPattern::Parse(topic); !pattern) {
      return base::Fail(fmt::format("--topics: {}: {}", topic, pattern.error().message));
    }
  }
  return {};
}

base::Result<auth::TokenSigner> OpenSigner(const TokenCommand& command,
                                           const config::Config& config) {
  const auth::Algorithm algorithm = AlgorithmOf(config.auth);
  if (!command.key.empty()) return auth::TokenSigner::FromFile(command.key, algorithm);
  const auth::KeySource source = KeySourceOf(config);
  if (algorithm != auth::Algorithm::kHs256 || source.form == auth::KeyForm::kSet) {
    return base::Fail(
        "the server has only public keys or a key set; name the private key (or the secret) to "
        "sign with by --key FILE");
  }
  const auto there = base::FileThere(source.file);
  if (!there) return std::unexpected(there.error());
  if (!*there) {
    return base::Fail(fmt::format(
        "there is no {}; the server makes it at its first start; name its folder by --data-dir",
        source.file.string()));
  }
  return auth::TokenSigner::FromFile(source.file, algorithm);
}

// What the token is to say.
base::Result<auth::Claims> ClaimsOf(const TokenCommand& command, base::WallTime now) {
  const auto life = ParseLife(command.ttl);
  if (!life) {
    return base::Fail(fmt::format(
        "--ttl: got {}, expected a whole number with s, m, h or d, such as 15m or 1h; at most 10 "
        "years",
        command.ttl));
  }
  const auto permissions = ParseScope(command.scope);
  if (!permissions) return std::unexpected(permissions.error());
  if (auto checked = CheckTopics(command.topics); !checked) {
    return std::unexpected(checked.error());
  }
  const auto fits = [](std::string_view text, size_t most) {
    return text.size() <= most &&
           std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  };
  if (command.subject.empty() || !fits(command.subject, auth::kSubjectBytesMax)) {
    return base::Fail(fmt::format("--sub: expected 1 to {} bytes without control characters",
                                  auth::kSubjectBytesMax));
  }
  if (!fits(command.session, auth::kSessionBytesMax)) {
    return base::Fail(fmt::format("--sid: expected at most {} bytes without control characters",
                                  auth::kSessionBytesMax));
  }
  auth::Claims claims;
  claims.subject = command.subject;
  claims.session = command.session;
  claims.expires = now + *life;
  claims.permissions = *permissions;
  if (!command.topics.empty()) claims.topics = command.topics;
  return claims;
}

int Failed(const base::Error& error, int status) {
  fmt::print(stderr, "livetape: {}\n", error.message);
  return status;
}

}  // namespace

int RunTokenCommand(const TokenCommand& command, const base::Clock& clock) {
  const base::WallTime now = clock.Wall();
  const auto claims = ClaimsOf(command, now);
  if (!claims) return Failed(claims.error(), kWrongUsage);
  const auto config = config::Load(command.load);
  if (!config) return Failed(config.error(), kFailed);
  const auto signer = OpenSigner(command, *config);
  if (!signer) return Failed(signer.error(), kFailed);
  const std::string token = signer->Sign(*claims, now);
  if (const auto read = auth::TokenVerifier::Read(token, now); !read) {
    return Failed(
        {fmt::format("the server would refuse this token: {}; all is UTF-8, a token has at most {} "
                     "bytes, a --sub {}, percent-encoded as in a topic",
                     read.error(), auth::kTokenBytesMax, auth::kSubjectBytesMax)},
        kWrongUsage);
  }
  fmt::print("{}\n", token);
  return 0;
}

}  // namespace livetape::app
