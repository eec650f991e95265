#pragma once

// FileBytes: the bytes of a file, or of a pipe. One thread owns it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "jobs/import/byte_source.h"

namespace livetape::jobs {

class FileBytes final : public ByteSource {
 public:
  // Where bytes may be long in coming: returns when `fd` has some, or has ended; false: nobody wants
  // them any more.
  using Wait = std::function<bool(int fd)>;

  // The error names the file: missing, a folder, not readable. Without `wait` reads block.
  static base::Result<std::unique_ptr<FileBytes>> Open(const std::string& path, Wait wait = {});
  // Errors call it "standard input".
  static base::Result<std::unique_ptr<FileBytes>> OpenStandardInput(Wait wait = {});
  ~FileBytes() override;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  // Fails too when `wait` says false.
  base::Result<size_t> Read(std::span<char> room) override;
  // The first `size` bytes, fewer where there are no more; Read gives them all the same. Before the
  // first Read; valid until it.
  base::Result<std::string_view> Peek(size_t size);
  // When it was opened; 0 of a pipe.
  uint64_t size() const { return size_; }
  // Can be opened once more, and read from any place.
  bool regular() const { return regular_; }

 private:
  FileBytes(std::string path, int fd, Wait wait);
  static base::Result<std::unique_ptr<FileBytes>> Take(std::string path, int fd, Wait wait);
  base::Result<size_t> ReadMore(std::span<char> room);

  const std::string path_;
  const int fd_;
  const Wait wait_;
  uint64_t size_ = 0;
  bool regular_ = false;
  std::string first_;  // been looked at and not read
};

}  // namespace livetape::jobs
