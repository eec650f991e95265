#pragma once

// TickCsv: trades and quotes in a CSV file, one a line. One thread owns it.
//
// A row with bid and ask is a QuoteUpdate, a row with a price a TradeTick; with both, the quote
// comes first. Event times are the file's own and may go back: such a trade is late, and what late
// means is the bar builder's and the floor's to say.

#include <optional>
#include <string>
#include <vector>

#include "market/csv_columns.h"
#include "market/instrument_table.h"
#include "market/line_decoder.h"

namespace livetape::market {

class TickCsv final : public LineDecoder {
 public:
  // `symbol` is for files without a symbol column.
  TickCsv(std::string symbol, std::optional<model::AssetClass> asset_class)
      : symbol_(std::move(symbol)),
        instruments_(asset_class.value_or(model::AssetClass::kUsEquity)) {}

  base::Result<bool> Take(std::string_view line, Decoded& out) override;
  void Restart() override { columns_.reset(); }

 private:
  base::Result<std::optional<model::TradeTick>> ReadTrade() const;
  base::Result<std::optional<model::QuoteUpdate>> ReadQuote() const;

  const std::string symbol_;
  InstrumentTable instruments_;
  std::optional<CsvColumns> columns_;
  std::vector<std::string_view> fields_;
};

}  // namespace livetape::market
