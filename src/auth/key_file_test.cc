#include "auth/key_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "auth/base64.h"
#include "auth/testing_folder.h"
#include "auth/testing_keys.h"

namespace livetape::auth {
namespace {

namespace fs = std::filesystem;

// 32 bytes and their text.
const std::string kBytes(32, '\x5a');
const std::string kBytesText = EncodeBase64Url(kBytes);

std::string SecretOf(std::string_view text) {
  const auto secret = ReadSecret(text);
  return secret ? *secret : "error: " + secret.error().message;
}

TEST(Secret, Base64OfEnoughBytesIsDecoded) {
  EXPECT_EQ(SecretOf(kBytesText), kBytes);
  EXPECT_EQ(SecretOf(kBytesText + "\n"), kBytes);
  EXPECT_EQ(SecretOf(kBytesText + "=\r\n"), kBytes);
  EXPECT_EQ(SecretOf("base64:" + kBytesText), kBytes);
}

TEST(Secret, EverythingElseStandsForItself) {
  const std::string hex(64, 'a');
  EXPECT_EQ(SecretOf("a secret of words\n"), "a secret of words");
  EXPECT_EQ(SecretOf("c2hvcnQ"), "c2hvcnQ");
  EXPECT_EQ(SecretOf(hex), hex);
  EXPECT_EQ(SecretOf("raw:" + kBytesText), kBytesText);
  EXPECT_EQ(SecretOf(std::string("\0\x01", 2)), std::string("\0\x01", 2));
}

TEST(Secret, HowItWasReadIsSaid) {
  std::string note;
  EXPECT_TRUE(ReadSecret(kBytesText, &note));
  EXPECT_EQ(note, "secret of 32 bytes, taken as base64");
  EXPECT_TRUE(ReadSecret("raw:" + kBytesText, &note));
  EXPECT_EQ(note, "secret of 43 bytes, taken as it stands");
}

TEST(Secret, APublicKeyIsNone) {
  EXPECT_EQ(SecretOf(kRsaPublicPem),
            "error: it holds a PEM key; HS256 needs a secret. Set the algorithm to RS256 or ES256, "
            "or give a secret of at least 32 bytes");
  EXPECT_EQ(SecretOf("base64:!"), "error: what follows 'base64:' is no base64 text");
}

std::string ErrorOf(const KeySource& source) {
  const auto keys = ReadKeys(source);
  return keys ? "read" : keys.error().message;
}

TEST(KeyFile, OneKeyOfEachAlgorithm) {
  const TestingFolder folder;
  EXPECT_EQ(ErrorOf({.file = folder.Write("k", kBytesText)}), "read");
  EXPECT_EQ(ErrorOf({.file = folder.Write("k", kRsaPublicPem), .algorithm = Algorithm::kRs256}),
            "read");
  EXPECT_EQ(ErrorOf({.file = folder.Write("k", kEcPublicPem), .algorithm = Algorithm::kEs256}),
            "read");
  EXPECT_EQ(ErrorOf({.file = folder.Write("k", kEcCertificatePem), .algorithm = Algorithm::kEs256}),
            "read");
}

TEST(KeyFile, WhatIsWrongIsSaidWithTheFile) {
  const TestingFolder folder;
  const auto error = [&folder](std::string_view text, Algorithm algorithm,
                               KeyForm form = KeyForm::kKey) {
    const fs::path file = folder.Write("k", text);
    const std::string message = ErrorOf({.file = file, .algorithm = algorithm, .form = form});
    const std::string begin =
        fmt::format("{} gives no key for {}: ", file.string(), Name(algorithm));
    EXPECT_TRUE(message.starts_with(begin)) << message;
    return message.substr(std::min(begin.size(), message.size()));
  };
  EXPECT_EQ(error("short", Algorithm::kHs256),
            "the HS256 secret has 5 bytes; it needs at least 32");
  EXPECT_EQ(error("", Algorithm::kHs256), "the HS256 secret has 0 bytes; it needs at least 32");
  EXPECT_EQ(error(kRsa1024PublicPem, Algorithm::kRs256),
            "the RSA key has 1024 bits; RS256 needs 2048 to 8192");
  EXPECT_EQ(error(kEcPublicPem, Algorithm::kRs256),
            "RS256 needs an RSA key, and this key is of another kind");
  EXPECT_EQ(error(kP384PublicPem, Algorithm::kEs256),
            "ES256 needs an elliptic-curve key on P-256, and this key is of another kind");
  EXPECT_EQ(error(kRsaPrivatePem, Algorithm::kRs256),
            "it holds a private key, which belongs to who signs; make the public one with 'openssl "
            "pkey -in PRIVATE.pem -pubout'");
  EXPECT_EQ(error("hello", Algorithm::kEs256),
            "there is no public key in it; it must hold one PEM block '-----BEGIN PUBLIC "
            "KEY-----' or a certificate");
  EXPECT_EQ(error(kBytesText, Algorithm::kHs256, KeyForm::kSet),
            "it is not a JSON object in UTF-8 that names each member once");
}

TEST(KeyFile, AMissingAndAHugeFile) {
  const TestingFolder folder;
  EXPECT_EQ(ErrorOf({.file = folder / "none"}),
            fmt::format("cannot open {}: No such file or directory", (folder / "none").string()));
  const fs::path huge = folder.Write("huge", std::string(kKeyFileBytesMax + 1, 'a'));
  EXPECT_EQ(ErrorOf({.file = huge}),
            fmt::format("{} has more than 1048576 bytes: no key file", huge.string()));
}

mode_t ModeOf(const fs::path& file) {
  struct stat status{};
  EXPECT_EQ(::stat(file.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(MakeKeyFile, MakesASecretThatItsOwnerAloneCanRead) {
  const TestingFolder folder;
  const fs::path file = folder / "jwt.key";
  const auto made = MakeKeyFile(file);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(made->made);
  EXPECT_EQ(made->warning, "");
  EXPECT_EQ(ModeOf(file), 0600u);
  const std::string text = ReadSmallFile(file).value();
  EXPECT_EQ(text.size(), 44u);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(ReadSecret(text).value().size(), 32u);
  EXPECT_FALSE(fs::exists(folder / "jwt.key.new"));
}

TEST(MakeKeyFile, LeavesTheOneThereIs) {
  const TestingFolder folder;
  const fs::path file = folder / "jwt.key";
  ASSERT_TRUE(MakeKeyFile(file));
  const std::string text = ReadSmallFile(file).value();
  const auto again = MakeKeyFile(file);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->made);
  EXPECT_EQ(again->warning, "");
  EXPECT_EQ(ReadSmallFile(file), text);
}

TEST(MakeKeyFile, NoTwoSecretsAreAlike) {
  const TestingFolder folder;
  ASSERT_TRUE(MakeKeyFile(folder / "a"));
  ASSERT_TRUE(MakeKeyFile(folder / "b"));
  EXPECT_NE(ReadSmallFile(folder / "a").value(), ReadSmallFile(folder / "b").value());
}

TEST(MakeKeyFile, WarnsOfOneThatOthersCanRead) {
  const TestingFolder folder;
  const fs::path file = folder / "jwt.key";
  ASSERT_TRUE(MakeKeyFile(file));
  fs::permissions(file, fs::perms(0640));
  const auto again = MakeKeyFile(file);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->warning,
            fmt::format("{} has mode 0640, so that others may read the secret that tokens are "
                        "signed with; 'chmod 600' it",
                        file.string()));
}

TEST(MakeKeyFile, GoesOnWhereAnInterruptedStartLeftOff) {
  const TestingFolder folder;
  folder.Write("jwt.key.new", "half");
  const auto made = MakeKeyFile(folder / "jwt.key");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(ReadSmallFile(folder / "jwt.key").value().size(), 44u);
}

TEST(MakeKeyFile, SaysWhyItCannot) {
  const TestingFolder folder;
  const auto made = MakeKeyFile(folder / "none" / "jwt.key");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, fmt::format("cannot create {}: No such file or directory",
                                              (folder / "none" / "jwt.key.new").string()));
  const auto in_the_way = MakeKeyFile(folder / "");
  ASSERT_FALSE(in_the_way);
}

}  // namespace
}  // namespace livetape::auth
