#include "app/jobs/stored_bars.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/file_there.h"
#include "store/store_file.h"

namespace livetape::app {
namespace {

// Eight blocks: large enough that looking up the first is little of it.
constexpr size_t kPage = 4096;

}  // namespace

base::Result<std::unique_ptr<store::Reader>> OpenStoreReader(const std::filesystem::path& folder) {
  const std::filesystem::path file = store::StoreFile(folder);
  const auto there = base::FileThere(file);
  if (!there) return std::unexpected(there.error());
  if (!*there) {
    return base::Fail(
        fmt::format("{} is not there: no bars have been imported into this data folder yet; "
                    "livetape import puts some there",
                    file.string()));
  }
  auto database = store::OpenToRead(file, "");
  if (!database) return std::unexpected(std::move(database.error()));
  return std::make_unique<store::Reader>(*std::move(database));
}

StoredBars::StoredBars(store::Reader& reader, std::string symbol, model::Timeframe timeframe,
                       std::optional<base::WallTime> from, std::optional<base::WallTime> to)
    : reader_(reader) {
  query_.symbol = std::move(symbol);
  query_.timeframe = timeframe;
  query_.from = from;
  query_.to = to;
  query_.newest = false;
  query_.limit = kPage;
}

base::Result<std::span<const model::Bar>> StoredBars::Next() {
  page_.clear();
  if (ended_) return std::span<const model::Bar>();
  auto page = reader_.Bars(query_);
  if (!page) return std::unexpected(std::move(page.error()));
  page_ = *std::move(page);
  ended_ = page_.size() < query_.limit;
  if (!page_.empty()) query_.from = page_.back().start + std::chrono::nanoseconds(1);
  return std::span<const model::Bar>(page_);
}

std::optional<uint64_t> StoredBars::count() const {
  if (!count_) {
    const auto counted = reader_.CountBars(query_);
    if (!counted) return std::nullopt;
    count_ = *counted;
  }
  return count_;
}

}  // namespace livetape::app
