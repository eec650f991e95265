// Fuzz target: whatever a client sends as a token, and what a key set or a topic pattern may be.
//
// The first byte chooses what the rest is. A signature cannot be guessed, so some inputs are signed
// here: what lies behind a right signature is reached too.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "auth/base64.h"
#include "auth/grants.h"
#include "auth/testing_keys.h"
#include "auth/token_signer.h"
#include "auth/token_verifier.h"
#include "base/assert.h"
#include "base/topic_segment.h"

namespace livetape::auth {
namespace {

constexpr base::WallTime kNow{std::chrono::seconds(1'799'990'000)};

TokenVerifier VerifierOf(VerificationKey key) {
  KeySet set;
  set.keys.emplace_back("k1", std::move(key));
  return TokenVerifier(std::move(set));
}

struct Bench {
  TokenVerifier hs = VerifierOf(VerificationKey::Secret(ReadSecret(kSecret).value()).value());
  TokenVerifier rs =
      VerifierOf(VerificationKey::PublicPem(kRsaPublicPem, Algorithm::kRs256).value());
  TokenVerifier es =
      VerifierOf(VerificationKey::PublicPem(kEcPublicPem, Algorithm::kEs256).value());
  TokenSigner signer = TokenSigner::FromText(kSecret, Algorithm::kHs256).value();
};

void CheckToken(const TokenVerifier& verifier, std::string_view token) {
  const auto claims = verifier.Verify(token, kNow);
  if (!claims) {
    for (const char c : claims.error()) LT_ASSERT(c >= 0x20 && c < 0x7f && c != '"' && c != '\\');
    return;
  }
  LT_ASSERT(!claims->subject.empty() && claims->subject.size() <= kSubjectBytesMax);
  LT_ASSERT(claims->session.size() <= kSessionBytesMax);
  LT_ASSERT(claims->expires + kClockSkew > kNow);
  const std::string own = "user/" + base::EncodeTopicSegment(claims->subject);
  LT_ASSERT(claims->topics || Allowed(&*claims, own + "/ai"));
  // A token without topics never reaches another's, whatever its subject is.
  LT_ASSERT(claims->topics || own == "user/bob" || !Allowed(&*claims, "user/bob/ai"));
}

// The rest is two patterns with a line feed between them.
void CheckPatterns(std::string_view text) {
  const std::string_view granted = text.substr(0, text.find('\n'));
  const std::string_view requested = text.substr(std::min(granted.size() + 1, text.size()));
  if (Covers(granted, requested)) LT_ASSERT(Overlaps(granted, requested));
  LT_ASSERT(Overlaps(granted, requested) == Overlaps(requested, granted));
  LT_ASSERT(Covers(granted, granted));
}

void CheckDecoding(std::string_view text) {
  const auto bytes = DecodeBase64Url(text);
  LT_ASSERT(!bytes || EncodeBase64Url(*bytes) == text);
  LT_ASSERT(DecodeBase64Url(EncodeBase64Url(text)) == text);
}

void Check(uint8_t choice, std::string_view text) {
  static const Bench bench;
  switch (choice % 8) {
    case 0:
      CheckToken(bench.hs, text);
      CheckToken(bench.rs, text);
      CheckToken(bench.es, text);
      break;
    case 1:
      CheckToken(bench.hs, bench.signer.SignText(R"({"alg":"HS256"})", text));
      break;
    case 2:
      CheckToken(bench.hs, bench.signer.SignText(text, R"({"sub":"a","exp":1800000000})"));
      break;
    case 3:
      (void)ParseKeySet(text, Algorithm::kHs256);
      (void)ParseKeySet(text, Algorithm::kRs256);
      (void)ParseKeySet(text, Algorithm::kEs256);
      break;
    case 4:
      (void)ReadSecret(text);
      (void)VerificationKey::PublicPem(text, Algorithm::kRs256);
      (void)VerificationKey::PublicPem(text, Algorithm::kEs256);
      break;
    case 5:
      CheckPatterns(text);
      break;
    default:
      CheckDecoding(text);
      break;
  }
}

}  // namespace
}  // namespace livetape::auth

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size > 0) {
    livetape::auth::Check(bytes[0], {reinterpret_cast<const char*>(bytes) + 1, size - 1});
  }
  return 0;
}
