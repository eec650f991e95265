#pragma once

// TemporaryFile: a file for one test, removed with it. For tests only.

#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/assert.h"

namespace livetape::market {

class TemporaryFile {
 public:
  // `name` is the last part of the path; its folder is made for this file alone.
  explicit TemporaryFile(std::string_view content, std::string_view name = "feed.txt") {
    std::string folder = (std::filesystem::temp_directory_path() / "livetape-XXXXXX").string();
    LT_ASSERT(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    path_ = (folder_ / name).string();
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove_all(folder_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::filesystem::path folder_;
  std::string path_;
};

// `content` as the bytes of a gzip file.
inline std::string Gzip(std::string_view content) {
  const TemporaryFile file("", "content.gz");
  gzFile out = gzopen(file.path().c_str(), "wb");
  LT_ASSERT(out != nullptr);
  LT_ASSERT(content.empty() ||
            gzwrite(out, content.data(), static_cast<unsigned>(content.size())) > 0);
  gzclose(out);
  std::ifstream in(file.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace livetape::market
