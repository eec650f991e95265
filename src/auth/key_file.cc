#include "auth/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

#include "auth/base64.h"
#include "auth/openssl.h"
#include "base/private_folder.h"

namespace livetape::auth {
namespace {

constexpr mode_t kOwnerOnly = 0600;

class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

std::string Reason(int error) { return std::system_category().message(error); }

// "cannot open /etc/key: Permission denied"
std::unexpected<base::Error> FailedTo(std::string_view what, const std::filesystem::path& file) {
  return base::Fail(fmt::format("cannot {} {}: {}", what, file.string(), Reason(errno)));
}

std::optional<std::string> DecodeEitherBase64(std::string_view text) {
  if (auto bytes = DecodeBase64Url(text)) return bytes;
  return DecodeBase64(text);
}

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string_view WithoutEndOfLine(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

base::Result<KeySet> ReadOneKey(std::string_view text, Algorithm algorithm) {
  KeySet set;
  if (algorithm == Algorithm::kHs256) {
    std::string note;
    auto secret = ReadSecret(text, &note);
    if (!secret) return std::unexpected(secret.error());
    set.notes.push_back(std::move(note));
    auto key = VerificationKey::Secret(std::move(*secret));
    if (!key) return std::unexpected(key.error());
    set.keys.emplace_back("", std::move(*key));
    return set;
  }
  auto key = VerificationKey::PublicPem(text, algorithm);
  if (!key) return std::unexpected(key.error());
  set.keys.emplace_back("", std::move(*key));
  return set;
}

// Writes and syncs `text` into a new file that only its owner may read.
base::Result<void> WriteNewFile(const std::filesystem::path& file, std::string_view text) {
  const OpenFile out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (out.fd() < 0) return FailedTo("create", file);
  const ssize_t written = ::write(out.fd(), text.data(), text.size());
  if (written >= 0 && static_cast<size_t>(written) < text.size()) errno = ENOSPC;
  if (written != static_cast<ssize_t>(text.size())) return FailedTo("write", file);
  if (::fsync(out.fd()) != 0) return FailedTo("write", file);
  return {};
}

base::Result<MadeKeyFile> CheckKeyFile(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return FailedTo("look at", file);
  if (!S_ISREG(status.st_mode)) {
    return base::Fail(
        fmt::format("{} is not a file; the secret of tokens stands in one", file.string()));
  }
  MadeKeyFile found;
  if ((status.st_mode & 0777 & ~kOwnerOnly) != 0) {
    found.warning = fmt::format(
        "{} has mode {:04o}, so that others may read the secret that tokens are signed with; "
        "'chmod 600' it",
        file.string(), status.st_mode & 07777);
  }
  return found;
}

}  // namespace

base::Result<std::string> ReadSmallFile(const std::filesystem::path& file) {
  // A pipe in the file's place must not stop the start: O_NONBLOCK, which files pay no heed to.
  const OpenFile in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (in.fd() < 0) return FailedTo("open", file);
  std::string text(kKeyFileBytesMax + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(in.fd(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailedTo("read", file);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > kKeyFileBytesMax) {
    return base::Fail(
        fmt::format("{} has more than {} bytes: no key file", file.string(), kKeyFileBytesMax));
  }
  text.resize(size);
  return text;
}

base::Result<std::string> ReadSecret(std::string_view text, std::string* note) {
  if (text.find("-----BEGIN ") != std::string_view::npos) {
    return base::Fail(
        "it holds a PEM key; HS256 needs a secret. Set the algorithm to RS256 or ES256, or give a "
        "secret of at least 32 bytes");
  }
  text = WithoutEndOfLine(text);
  const auto told = [note](std::string_view how, size_t bytes) {
    if (note != nullptr) *note = fmt::format("secret of {} bytes, taken {}", bytes, how);
  };
  if (text.starts_with("raw:")) {
    text.remove_prefix(4);
    told("as it stands", text.size());
    return std::string(text);
  }
  if (text.starts_with("base64:")) {
    text.remove_prefix(7);
    auto bytes = DecodeEitherBase64(text);
    if (!bytes) return base::Fail("what follows 'base64:' is no base64 text");
    told("as base64", bytes->size());
    return std::move(*bytes);
  }
  if (auto bytes = IsHex(text) ? std::nullopt : DecodeEitherBase64(text);
      bytes && bytes->size() >= kSecretBytesMin) {
    told("as base64", bytes->size());
    return std::move(*bytes);
  }
  told("as it stands", text.size());
  return std::string(text);
}

base::Result<KeySet> ReadKeys(const KeySource& source) {
  const auto text = ReadSmallFile(source.file);
  if (!text) return std::unexpected(text.error());
  auto set = source.form == KeyForm::kSet ? ParseKeySet(*text, source.algorithm)
                                          : ReadOneKey(*text, source.algorithm);
  if (!set) {
    return base::Fail(fmt::format("{} gives no key for {}: {}", source.file.string(),
                                  Name(source.algorithm), set.error().message));
  }
  for (std::string& note : set->notes) note = fmt::format("{}: {}", source.file.string(), note);
  return set;
}

base::Result<MadeKeyFile> MakeKeyFile(const std::filesystem::path& file) {
  if (::access(file.c_str(), F_OK) == 0) return CheckKeyFile(file);
  std::string secret(kSecretBytesMin, '\0');
  if (RAND_bytes(Bytes(secret), static_cast<int>(secret.size())) != 1) {
    return base::Fail("the system gives no random numbers for the secret of tokens");
  }
  std::filesystem::path made = file;
  made += ".new";
  ::unlink(made.c_str());  // left behind by a start that was interrupted
  auto written = WriteNewFile(made, EncodeBase64Url(secret) + "\n");
  // A link fails where a rename would replace what another start has made meanwhile.
  const bool linked = written && ::link(made.c_str(), file.c_str()) == 0;
  const int error = errno;
  ::unlink(made.c_str());
  if (!written) return std::unexpected(written.error());
  if (!linked && error == EEXIST) return CheckKeyFile(file);
  if (!linked) {
    return base::Fail(fmt::format("cannot create {}: {}", file.string(), Reason(error)));
  }
  // A key that a power cut takes back is made again: no reason to fail.
  [[maybe_unused]] const auto synced =
      base::SyncFolder(file.has_parent_path() ? file.parent_path() : ".");
  return MadeKeyFile{.made = true, .warning = {}};
}

}  // namespace livetape::auth
