#pragma once

// ZipArchive: the files in a zip archive, each as a source of bytes. One thread owns it and what it
// gives.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jobs/import/byte_source.h"

namespace livetape::jobs {

class ZipArchive {
 public:
  static constexpr size_t kMembersMax = 100'000;
  static constexpr size_t kMagicBytes = 4;  // what Begins needs to see

  struct Member {
    std::string name{};
    uint64_t bytes = 0;  // as the archive says; unpacked
    bool folder = false;
    bool encrypted = false;
  };

  // The first bytes are those of a zip archive.
  static bool Begins(std::string_view bytes);
  // The error names the file: not there, not a zip archive, damaged, too many members.
  static base::Result<std::unique_ptr<ZipArchive>> Open(const std::string& path);
  // Of an archive in memory; errors call it `name`.
  static base::Result<std::unique_ptr<ZipArchive>> OpenBytes(std::string bytes,
                                                             const std::string& name);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  const std::vector<Member>& members() const { return members_; }
  // The bytes of a member; they go before the archive. Read fails where they are damaged, which is
  // known at their end at the latest (CRC-32).
  base::Result<std::unique_ptr<ByteSource>> Read(size_t member);

 private:
  class Library;
  ZipArchive(std::string name, std::string bytes);
  base::Result<void> List();

  const std::string name_;
  const std::string bytes_;  // of an archive in memory
  std::unique_ptr<Library> library_;
  std::vector<Member> members_;
};

}  // namespace livetape::jobs
