#include "app/paper/recording_sink.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/write_all.h"

namespace livetape::app {
namespace {

constexpr mode_t kOwnerOnly = 0600;

class RecordingFile final : public RecordingSink {
 public:
  RecordingFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  ~RecordingFile() override { ::close(fd_); }

  base::Result<void> Append(std::string_view bytes) override {
    if (const int error = base::WriteAll(fd_, bytes); error != 0) return Cut(error);
    size_ += static_cast<off_t>(bytes.size());
    return {};
  }

  base::Result<void> Finish() override {
    if (::fdatasync(fd_) == 0) return {};
    return Fault(errno);
  }

  void Discard() override { ::unlink(path_.c_str()); }

 private:
  base::Result<void> Fault(int error) const {
    return base::Fail(
        fmt::format("the recording {} cannot be written: {}", path_, std::strerror(error)));
  }
  // A part of a block is of no use. If it cannot be cut away either, a reader passes over it.
  base::Result<void> Cut(int error) const {
    if (::ftruncate(fd_, size_) != 0) return Fault(error);
    return Fault(error);
  }

  const std::string path_;
  const int fd_;
  off_t size_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<RecordingSink>> MakeRecordingFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (fd >= 0) return std::make_unique<RecordingFile>(path, fd);
  if (errno == EEXIST) {
    return base::Fail(
        fmt::format("the recording {} exists already: give another name, or move it away", path));
  }
  return base::Fail(fmt::format("the recording {} cannot be made: {}", path, std::strerror(errno)));
}

}  // namespace livetape::app
