#include "app/jobs/import_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <string_view>
#include <utility>

#include "jobs/import/file_bytes.h"
#include "jobs/import/lean_name.h"
#include "jobs/import/zip_archive.h"

namespace livetape::app {
namespace {

bool HasEnding(const std::string& name, std::string_view ending) {
  if (name.size() < ending.size()) return false;
  return std::equal(ending.rbegin(), ending.rend(), name.rbegin(), [](char a, char b) {
    return a == std::tolower(static_cast<unsigned char>(b));
  });
}

class ArchiveWalk {
 public:
  ArchiveWalk(model::Timeframe timeframe, ImportFileVisitor& visitor)
      : timeframe_(timeframe), visitor_(visitor) {}

  // `name` as it is told, `path` within the outermost archive. False: that is enough.
  base::Result<bool> Visit(jobs::ZipArchive& archive, const std::string& name,
                           const std::string& path, bool inner) {
    for (size_t i = 0; i < archive.members().size(); ++i) {
      const auto& member = archive.members()[i];
      if (member.folder) continue;
      const std::string told = fmt::format("{}: {}", name, member.name);
      const std::string member_path = path + '/' + member.name;
      const jobs::LeanName lean = jobs::ParseLeanName(member_path);
      const bool zip = HasEnding(member.name, ".zip");
      if (const std::string why = WhyNot(member, lean, zip && inner); !why.empty()) {
        visitor_.Skip(told, why);
        continue;
      }
      auto source = archive.Read(i);
      if (!source) return std::unexpected(std::move(source.error()));
      const auto goes_on =
          zip ? VisitInner(**source, told, member_path)
              : visitor_.Take(
                    {.name = told, .day = lean.day, .bytes = member.bytes, .source = **source});
      if (!goes_on || !*goes_on) return goes_on;
    }
    return true;
  }

 private:
  std::string WhyNot(const jobs::ZipArchive::Member& member, const jobs::LeanName& lean,
                     bool too_deep) const {
    if (member.encrypted) return "is encrypted";
    if (too_deep) return "is an archive inside of two others";
    if (HasEnding(member.name, ".zip") && member.bytes > kInnerArchiveBytesMax) {
      return fmt::format("is an archive of over {} MiB inside of another: unpack that one first",
                         kInnerArchiveBytesMax >> 20);
    }
    const auto known = {".csv", ".txt", ".gz", ".zip"};
    if (std::ranges::none_of(known, [&](auto ending) { return HasEnding(member.name, ending); })) {
      return "ends neither in .csv, .txt, .gz nor .zip";
    }
    return jobs::WhyNotBars(lean, timeframe_);
  }

  base::Result<bool> VisitInner(jobs::ByteSource& source, const std::string& name,
                                const std::string& path) {
    std::string bytes;
    std::array<char, 65536> room;
    for (;;) {
      const auto got = source.Read(room);
      if (!got) return std::unexpected(got.error());
      if (*got == 0) break;
      bytes.append(room.data(), *got);
      if (bytes.size() > kInnerArchiveBytesMax) {
        return base::Fail(fmt::format("{}: is larger than the archive says", name));
      }
    }
    auto archive = jobs::ZipArchive::OpenBytes(std::move(bytes), name);
    if (!archive) return std::unexpected(std::move(archive.error()));
    return Visit(**archive, name, path, true);
  }

  const model::Timeframe timeframe_;
  ImportFileVisitor& visitor_;
};

}  // namespace

base::Result<void> VisitImportFiles(const std::string& path, model::Timeframe timeframe,
                                    ImportFileVisitor& visitor) {
  const bool standard_input = path == kStandardInput;
  const auto wait = [&visitor](int fd) { return visitor.WaitFor(fd); };
  auto file =
      standard_input ? jobs::FileBytes::OpenStandardInput(wait) : jobs::FileBytes::Open(path, wait);
  if (!file) return std::unexpected(std::move(file.error()));
  const auto first = (*file)->Peek(jobs::ZipArchive::kMagicBytes);
  if (!first) return std::unexpected(first.error());
  const std::string name = path.substr(path.rfind('/') + 1);
  if (jobs::ZipArchive::Begins(*first)) {
    if (standard_input || !(*file)->regular()) {
      return base::Fail(fmt::format(
          "{}: is a zip archive, which cannot be read from a pipe: give its name, or unpack it",
          standard_input ? "standard input" : path));
    }
    auto opened = jobs::ZipArchive::Open(path);
    if (!opened) return std::unexpected(std::move(opened.error()));
    const auto visited = ArchiveWalk(timeframe, visitor).Visit(**opened, path, name, false);
    if (!visited) return std::unexpected(visited.error());
    return {};
  }
  visitor.Take({.name = standard_input ? "standard input" : path,
                .day = jobs::ParseLeanName(name).day,
                .bytes = (*file)->size(),
                .source = **file});
  return {};
}

}  // namespace livetape::app
