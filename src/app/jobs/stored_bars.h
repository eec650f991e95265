#pragma once

// StoredBars: the bars of one symbol and timeframe out of the store, page by page, for a job. It
// reads on a connection of its own, so that no job takes part in what the store's readers serve. One
// thread owns it.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/bar_reader.h"
#include "store/reader.h"

namespace livetape::app {

// A reader of the store of that data folder; the folder's server may run. The error says what to do
// when there is no store yet.
base::Result<std::unique_ptr<store::Reader>> OpenStoreReader(const std::filesystem::path& folder);

class StoredBars final : public jobs::BarReader {
 public:
  // Bars that start from `from` to `to`, both inclusive. `reader` outlives it.
  StoredBars(store::Reader& reader, std::string symbol, model::Timeframe timeframe,
             std::optional<base::WallTime> from = std::nullopt,
             std::optional<base::WallTime> to = std::nullopt);

  base::Result<std::span<const model::Bar>> Next() override;
  // As of the first call.
  std::optional<uint64_t> count() const override;

 private:
  store::Reader& reader_;
  store::BarQuery query_;
  std::vector<model::Bar> page_;
  bool ended_ = false;
  mutable std::optional<uint64_t> count_;
};

}  // namespace livetape::app
