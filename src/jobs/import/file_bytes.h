#pragma once

// FileBytes: the bytes of a file. One thread owns it.

#include <cstdint>
#include <memory>
#include <string>

#include "jobs/import/byte_source.h"

namespace livetape::jobs {

class FileBytes final : public ByteSource {
 public:
  // The error names the file: missing, a folder, not readable.
  static base::Result<std::unique_ptr<FileBytes>> Open(const std::string& path);
  ~FileBytes() override;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  base::Result<size_t> Read(std::span<char> room) override;
  // When it was opened.
  uint64_t size() const { return size_; }

 private:
  FileBytes(std::string path, int fd, uint64_t size)
      : path_(std::move(path)), fd_(fd), size_(size) {}

  const std::string path_;
  const int fd_;
  const uint64_t size_;
};

}  // namespace livetape::jobs
