#pragma once

// OhlcvCsv: bars in a CSV file, daily or intraday, replayed as four trades each.
// One thread owns it.
//
// The path of a bar: open, low, high, close if close >= open, else open, high, low, close. The four
// come at 0, 1/4, 2/4 and 3/4 of the bar's interval, which is the smallest distance between two bar
// times of the file, at most a day. Each of the first three has a quarter of the
// volume, rounded down to a whole number (to 10^-9 when the volume is no whole number), the close
// the rest: the sum is exact. Bars may be in any order in the file; they are replayed oldest first.

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "market/csv_columns.h"
#include "market/instrument_table.h"
#include "market/line_decoder.h"
#include "model/bar.h"

namespace livetape::market {

// All bars are in memory, 80 bytes each; a line beyond this is skipped.
inline constexpr size_t kCsvBarsMax = 5'000'000;

struct PathStep {
  base::Price price;
  base::Quantity size;
};

// Prices in the order above; `volume_units` (10^-9) is 0 to 36 x 10^18.
std::array<PathStep, 4> PathOf(base::Price open, base::Price high, base::Price low,
                               base::Price close, base::Int128 volume_units);

class OhlcvCsv final : public LineDecoder {
 public:
  // `symbol` is for files without a symbol column.
  OhlcvCsv(std::string symbol, std::optional<model::AssetClass> asset_class)
      : symbol_(std::move(symbol)),
        instruments_(asset_class.value_or(model::AssetClass::kUsEquity)) {}

  base::Result<bool> Take(std::string_view line, Decoded& out) override;
  bool Rest(Decoded& out) override;
  void Restart() override;

 private:
  struct Row {
    base::WallTime start;
    base::Price open, high, low, close;
    model::InstrumentId instrument;
    uint32_t line;
    base::Int128 volume_units;
  };

  base::Result<Row> ReadRow(uint64_t line);
  void Arrange(Decoded& out);

  const std::string symbol_;
  InstrumentTable instruments_;
  std::optional<CsvColumns> columns_;
  std::vector<std::string_view> fields_;
  std::vector<Row> rows_;
  std::vector<model::MarketEvent> listed_;  // not told yet
  bool arranged_ = false;
  size_t next_ = 0;  // of rows_, once arranged
  std::chrono::nanoseconds interval_{0};
};

}  // namespace livetape::market
