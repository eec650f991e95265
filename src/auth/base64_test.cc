#include "auth/base64.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace livetape::auth {
namespace {

TEST(Base64Url, KnownAnswers) {
  EXPECT_EQ(EncodeBase64Url(""), "");
  EXPECT_EQ(EncodeBase64Url("f"), "Zg");
  EXPECT_EQ(EncodeBase64Url("fo"), "Zm8");
  EXPECT_EQ(EncodeBase64Url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(EncodeBase64Url("\xfb\xff"), "-_8");
  EXPECT_EQ(DecodeBase64Url("Zm8"), "fo");
  EXPECT_EQ(DecodeBase64Url("-_8"), "\xfb\xff");
  EXPECT_EQ(DecodeBase64Url(""), "");
}

TEST(Base64Url, OtherTextsAreRefused) {
  for (const std::string_view text :
       {"Z", "Zg==", "Zm8=", "Zm 8", "Zm8\n", "+/8", "Zm9vY", "Zm\xc3\xa4"}) {
    EXPECT_EQ(DecodeBase64Url(text), std::nullopt) << text;
  }
}

TEST(Base64Url, BitsThatStandForNothingMustBeZero) {
  EXPECT_EQ(DecodeBase64Url("Zg"), "f");
  EXPECT_EQ(DecodeBase64Url("Zh"), std::nullopt);
  EXPECT_EQ(DecodeBase64Url("Zm8"), "fo");
  EXPECT_EQ(DecodeBase64Url("Zm9"), std::nullopt);
}

TEST(Base64, NeedsItsPadding) {
  EXPECT_EQ(DecodeBase64("Zg=="), "f");
  EXPECT_EQ(DecodeBase64("Zm8="), "fo");
  EXPECT_EQ(DecodeBase64("+/8="), "\xfb\xff");
  for (const std::string_view text : {"Zg", "Zg=", "Z===", "Zm9v====", "=Zg=", "-_8="}) {
    EXPECT_EQ(DecodeBase64(text), std::nullopt) << text;
  }
}

TEST(Base64Url, OneTextForEachBytes) {
  const uint64_t seed = 42;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random.Below(40), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.Next());
    const std::string text = EncodeBase64Url(bytes);
    EXPECT_EQ(DecodeBase64Url(text), bytes);
    if (text.empty()) continue;
    // Any other last character is another text: it must not decode to the same bytes.
    std::string changed = text;
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    EXPECT_NE(DecodeBase64Url(changed), bytes) << text;
  }
}

}  // namespace
}  // namespace livetape::auth
