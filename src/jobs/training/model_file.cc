#include "jobs/training/model_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "base/assert.h"
#include "base/private_folder.h"
#include "base/write_all.h"
#include "jobs/import/file_bytes.h"

namespace livetape::jobs {
namespace {

constexpr size_t kTaskIdMax = 64;

// 0 or the errno.
int WriteAndSync(int fd, std::string_view bytes) {
  if (const int code = base::WriteAll(fd, bytes); code != 0) return code;
  return ::fsync(fd) == 0 ? 0 : errno;
}

std::unexpected<base::Error> NotWritten(const std::filesystem::path& file, int code) {
  return base::Fail(fmt::format("{}: the model cannot be written: {}", file.string(),
                                std::generic_category().message(code)));
}

}  // namespace

bool IsTaskId(std::string_view task_id) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !task_id.empty() && task_id.size() <= kTaskIdMax && std::ranges::all_of(task_id, fits);
}

std::filesystem::path ModelsFolder(const std::filesystem::path& data_folder) {
  return data_folder / "models";
}

std::filesystem::path ModelFile(const std::filesystem::path& data_folder,
                                std::string_view task_id) {
  LT_ASSERT(IsTaskId(task_id), "{}", task_id);
  return ModelsFolder(data_folder) / (std::string(task_id) + ".model");
}

base::Result<void> WriteModel(const std::filesystem::path& file, const TrainedModel& model) {
  if (file.has_parent_path()) {
    if (auto made = base::MakePrivateFolder(file.parent_path()); !made) return made;
  }
  const std::filesystem::path unfinished = file.string() + ".part";
  const int fd = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return NotWritten(file, errno);
  int code = WriteAndSync(fd, ModelBytes(model));
  ::close(fd);
  if (code == 0 && ::rename(unfinished.c_str(), file.c_str()) != 0) code = errno;
  if (code == 0) return base::SyncFolder(file.has_parent_path() ? file.parent_path() : ".");
  ::unlink(unfinished.c_str());
  return NotWritten(file, code);
}

base::Result<TrainedModel> ReadModel(const std::filesystem::path& file) {
  auto bytes = FileBytes::Open(file.string());
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  std::string all;
  const auto chunk = std::make_unique<std::array<char, 1 << 16>>();
  for (;;) {
    const auto got = (*bytes)->Read(*chunk);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) break;
    if (all.size() + *got > kModelBytesMax) {
      return base::Fail(fmt::format("{}: is larger than {} MiB, which no model is", file.string(),
                                    kModelBytesMax >> 20));
    }
    all.append(chunk->data(), *got);
  }
  auto model = ParseModel(all);
  if (!model) return base::Fail(fmt::format("{}: {}", file.string(), model.error().message));
  return model;
}

}  // namespace livetape::jobs
