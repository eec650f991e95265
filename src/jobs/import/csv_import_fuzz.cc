// Fuzz target: any bytes as an import, whole and in pieces of a few bytes. Both ways say the same;
// each row is taken or counted; and what the sink is given is in order, aligned and within bounds.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "jobs/import/csv_import.h"
#include "market/number_field.h"

namespace {

using namespace livetape;

class Pieces final : public jobs::ByteSource {
 public:
  Pieces(std::string_view bytes, size_t piece) : rest_(bytes), piece_(piece) {}
  base::Result<size_t> Read(std::span<char> room) override {
    const size_t got = std::min({room.size(), piece_, rest_.size()});
    rest_.copy(room.data(), got);
    rest_.remove_prefix(got);
    return got;
  }

 private:
  std::string_view rest_;
  const size_t piece_;
};

class CheckingSink final : public jobs::BarSink {
 public:
  base::Result<void> Take(jobs::BarBatch batch) override {
    LT_ASSERT(!batch.symbol.empty() && !batch.bars.empty());
    LT_ASSERT(batch.bars.size() <= jobs::kSinkBarsMax);
    const model::Bar* before = nullptr;
    for (const model::Bar& bar : batch.bars) {
      LT_ASSERT(before == nullptr || before->start < bar.start);
      LT_ASSERT(bar.start.time_since_epoch() % model::Length(batch.timeframe) ==
                std::chrono::nanoseconds(0));
      LT_ASSERT(bar.low.positive() && bar.low <= std::min(bar.open, bar.close));
      LT_ASSERT(bar.high >= std::max(bar.open, bar.close));
      LT_ASSERT(bar.high.units() <= market::kPriceUnitsMax && bar.volume.units() >= 0);
      before = &bar;
    }
    bars += batch.bars.size();
    return {};
  }
  uint64_t bars = 0;
};

jobs::ImportReport Import(std::string_view bytes, size_t piece, bool crypto) {
  const jobs::ImportOptions options{
      .symbol = "X",
      .timeframe = model::Timeframe::k1m,
      .asset_class = crypto ? model::AssetClass::kCrypto : model::AssetClass::kUsEquity,
      .day = market::Day(std::chrono::days(15'985))};
  Pieces source(bytes, piece);
  CheckingSink sink;
  jobs::ImportReport report = jobs::ImportCsv(options, source, sink);
  LT_ASSERT(report.imported + report.bad() == report.read.rows);
  LT_ASSERT(report.imported == sink.bars);
  LT_ASSERT((report.outcome == jobs::ImportReport::Outcome::kFailed) == !report.error.empty());
  return report;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const bool crypto : {false, true}) {
    const jobs::ImportReport whole = Import(bytes, size + 1, crypto);
    const jobs::ImportReport pieces = Import(bytes, 3, crypto);
    LT_ASSERT(whole.error == pieces.error, "'{}' and '{}'", whole.error, pieces.error);
    LT_ASSERT(whole.faults == pieces.faults && whole.imported == pieces.imported);
  }
  return 0;
}
