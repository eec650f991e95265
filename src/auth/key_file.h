#pragma once

// Key files: the secret or public key that tokens are verified with, on disk.
//
// Functions of paths, any thread; a file is at most kKeyFileBytesMax.

#include <filesystem>
#include <string>
#include <string_view>

#include "auth/algorithm.h"
#include "auth/key_set.h"
#include "base/result.h"

namespace livetape::auth {

inline constexpr size_t kKeyFileBytesMax = 1 << 20;

enum class KeyForm {
  kKey,  // one key: a secret for HS256, a public key or certificate in PEM for RS256 and ES256
  kSet,  // a JWKS
};

struct KeySource {
  std::filesystem::path file;
  Algorithm algorithm = Algorithm::kHs256;
  KeyForm form = KeyForm::kKey;
};

// The whole file. The error names it.
base::Result<std::string> ReadSmallFile(const std::filesystem::path& file);

// The bytes of a secret's text, a last end of line aside: after "base64:" decoded, in either
// alphabet; after "raw:" as they stand; else decoded if the text is base64 of at least 32 bytes and
// not all hexadecimal digits (which people use as they stand), else as they stand. `note`, if not
// null, is told which. The error says what is wrong with the text.
base::Result<std::string> ReadSecret(std::string_view text, std::string* note = nullptr);

// The error names the file and what it must hold.
base::Result<KeySet> ReadKeys(const KeySource& source);

struct MadeKeyFile {
  bool made = false;    // false: there was one
  std::string warning;  // what is wrong with the one there was; empty if nothing is
};

// Sees to it that there is a secret for HS256 at `file`: 32 random bytes as base64url and an end of
// line, readable by its owner alone. It appears whole or not at all, and one that is there is never
// touched; if others may read that, the warning says so. Writes <file>.new beside it meanwhile.
base::Result<MadeKeyFile> MakeKeyFile(const std::filesystem::path& file);

}  // namespace livetape::auth
