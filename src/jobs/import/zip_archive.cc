#include "jobs/import/zip_archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <utility>

namespace livetape::jobs {
namespace {

class MemberBytes final : public ByteSource {
 public:
  MemberBytes(std::string name, zip_file_t* file) : name_(std::move(name)), file_(file) {}
  ~MemberBytes() override { zip_fclose(file_); }
  MemberBytes(const MemberBytes&) = delete;
  MemberBytes& operator=(const MemberBytes&) = delete;

  base::Result<size_t> Read(std::span<char> room) override {
    const zip_int64_t got = zip_fread(file_, room.data(), room.size());
    if (got >= 0) return static_cast<size_t>(got);
    return base::Fail(fmt::format("{}: cannot be unpacked: {}", name_,
                                  zip_error_strerror(zip_file_get_error(file_))));
  }

 private:
  const std::string name_;
  zip_file_t* const file_;
};

}  // namespace

// Nothing is ever written back.
class ZipArchive::Library {
 public:
  explicit Library(zip_t* archive) : archive_(archive) {}
  ~Library() { zip_discard(archive_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  zip_t* get() const { return archive_; }

 private:
  zip_t* const archive_;
};

ZipArchive::ZipArchive(std::string name, std::string bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {}

ZipArchive::~ZipArchive() = default;

bool ZipArchive::Begins(std::string_view bytes) {
  // A local file header, or the end of an archive without files (APPNOTE.TXT, sections 4.3.7, 4.3.16).
  return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
}

base::Result<std::unique_ptr<ZipArchive>> ZipArchive::Open(const std::string& path) {
  std::unique_ptr<ZipArchive> archive(new ZipArchive(path, ""));
  int code = 0;
  zip_t* const opened = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (opened == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    auto failed = base::Fail(fmt::format("{}: is no zip archive that can be read: {}", path,
                                         zip_error_strerror(&error)));
    zip_error_fini(&error);
    return failed;
  }
  archive->library_ = std::make_unique<Library>(opened);
  if (auto listed = archive->List(); !listed) return std::unexpected(listed.error());
  return archive;
}

base::Result<std::unique_ptr<ZipArchive>> ZipArchive::OpenBytes(std::string bytes,
                                                                const std::string& name) {
  std::unique_ptr<ZipArchive> archive(new ZipArchive(name, std::move(bytes)));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source =
      zip_source_buffer_create(archive->bytes_.data(), archive->bytes_.size(), 0, &error);
  zip_t* const opened =
      source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (opened == nullptr) {
    if (source != nullptr) zip_source_free(source);
    auto failed = base::Fail(fmt::format("{}: is no zip archive that can be read: {}", name,
                                         zip_error_strerror(&error)));
    zip_error_fini(&error);
    return failed;
  }
  archive->library_ = std::make_unique<Library>(opened);
  if (auto listed = archive->List(); !listed) return std::unexpected(listed.error());
  return archive;
}

base::Result<void> ZipArchive::List() {
  const zip_int64_t count = zip_get_num_entries(library_->get(), 0);
  if (count > static_cast<zip_int64_t>(kMembersMax)) {
    return base::Fail(
        fmt::format("{}: has {} files, at most {} are read", name_, count, kMembersMax));
  }
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t entry;
    if (zip_stat_index(library_->get(), static_cast<zip_uint64_t>(i), 0, &entry) != 0 ||
        (entry.valid & ZIP_STAT_NAME) == 0) {
      return base::Fail(fmt::format("{}: its list of files is damaged: {}", name_,
                                    zip_error_strerror(zip_get_error(library_->get()))));
    }
    Member member{.name = entry.name};
    if ((entry.valid & ZIP_STAT_SIZE) != 0) member.bytes = entry.size;
    member.folder = member.name.ends_with('/');
    member.encrypted =
        (entry.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && entry.encryption_method != ZIP_EM_NONE;
    members_.push_back(std::move(member));
  }
  return {};
}

base::Result<std::unique_ptr<ByteSource>> ZipArchive::Read(size_t member) {
  const std::string name = fmt::format("{}: {}", name_, members_.at(member).name);
  zip_file_t* const file = zip_fopen_index(library_->get(), member, 0);
  if (file == nullptr) {
    return base::Fail(fmt::format("{}: cannot be unpacked: {}", name,
                                  zip_error_strerror(zip_get_error(library_->get()))));
  }
  return std::make_unique<MemberBytes>(name, file);
}

}  // namespace livetape::jobs
