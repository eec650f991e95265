#include "market/ohlcv_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "market/append_event.h"
#include "market/csv_time.h"
#include "market/number_field.h"

namespace livetape::market {

using base::Fail;
using base::Int128;
using base::Price;
using base::Quantity;
using base::Result;

std::array<PathStep, 4> PathOf(Price open, Price high, Price low, Price close,
                               Int128 volume_units) {
  const Int128 quantum = volume_units % base::kDecimalScale == 0 ? base::kDecimalScale : 1;
  const Int128 quarter = volume_units / 4 / quantum * quantum;
  const auto size = [](Int128 units) { return Quantity::FromUnits(static_cast<int64_t>(units)); };
  const bool rises = close >= open;
  return {PathStep{open, size(quarter)}, PathStep{rises ? low : high, size(quarter)},
          PathStep{rises ? high : low, size(quarter)},
          PathStep{close, size(volume_units - 3 * quarter)}};
}

Result<bool> OhlcvCsv::Take(std::string_view line, Decoded& out) {
  if (!columns_) {
    const CsvColumns columns = CsvColumns::Parse(line);
    if (!columns.MakesBars()) {
      return Fail("comes before a header with date or time, open, high, low, close");
    }
    columns_ = columns;
    return false;
  }
  if (rows_.size() >= kCsvBarsMax) {
    return Fail(fmt::format("is one more than the {} bars a file may have", kCsvBarsMax));
  }
  SplitCsvRow(line, fields_);
  auto row = ReadRow(out.line);
  if (!row) return std::unexpected(std::move(row.error()));
  rows_.push_back(*row);
  return true;
}

Result<OhlcvCsv::Row> OhlcvCsv::ReadRow(uint64_t line) {
  const auto time = ReadCsvTime(fields_, *columns_);
  if (!time) return std::unexpected(time.error());
  const auto open = ReadPrice(Field(fields_, columns_->open), "open");
  if (!open) return std::unexpected(open.error());
  const auto high = ReadPrice(Field(fields_, columns_->high), "high");
  if (!high) return std::unexpected(high.error());
  const auto low = ReadPrice(Field(fields_, columns_->low), "low");
  if (!low) return std::unexpected(low.error());
  const auto close = ReadPrice(Field(fields_, columns_->close), "close");
  if (!close) return std::unexpected(close.error());
  if (*high < std::max(*open, *close) || *low > std::min(*open, *close)) {
    return Fail(fmt::format("open {} and close {} are not between low {} and high {}",
                            open->ToString(), close->ToString(), low->ToString(),
                            high->ToString()));
  }
  Int128 volume = 0;
  if (const std::string_view text = Field(fields_, columns_->volume); !text.empty()) {
    const auto units = ParseVolumeUnits(text);
    if (!units) return std::unexpected(units.error());
    volume = *units;
  }
  const std::string_view symbol =
      columns_->symbol ? Field(fields_, columns_->symbol) : std::string_view(symbol_);
  if (!IsSymbol(symbol)) return Fail(fmt::format("'{}' is not a symbol", symbol.substr(0, 64)));
  const auto instrument = instruments_.Find(symbol, *time, listed_);
  if (!instrument) return std::unexpected(instrument.error());
  return Row{*time, *open, *high, *low, *close, *instrument, static_cast<uint32_t>(line), volume};
}

// Sorts the bars by time, takes out repeated ones, and finds the interval.
void OhlcvCsv::Arrange(Decoded& out) {
  const auto key = [](const Row& row) { return std::pair(row.start, row.instrument); };
  std::stable_sort(rows_.begin(), rows_.end(),
                   [&](const Row& a, const Row& b) { return key(a) < key(b); });
  interval_ = std::chrono::days(1);
  size_t kept = 0;
  for (const Row& row : rows_) {
    if (kept > 0 && key(rows_[kept - 1]) == key(row)) {
      out.report.Skipped(row.line, "has the time of an earlier line");
      continue;
    }
    if (kept > 0 && rows_[kept - 1].start != row.start) {
      interval_ = std::min(interval_, row.start - rows_[kept - 1].start);
    }
    rows_[kept++] = row;
  }
  rows_.resize(kept);
  // Listed when its first line was read; told with the first bar of all, so that time only rises.
  for (model::MarketEvent& listed : listed_) {
    listed.time = rows_.front().start;
    out.events.push_back(std::move(listed));
  }
  listed_.clear();
  arranged_ = true;
}

// The bars of one time together: every instrument's open, then every second step, and so on.
bool OhlcvCsv::Rest(Decoded& out) {
  if (!arranged_) Arrange(out);
  if (next_ == rows_.size()) return false;
  size_t end = next_;
  while (end < rows_.size() && rows_[end].start == rows_[next_].start) ++end;
  for (size_t step = 0; step < 4; ++step) {
    const auto offset = interval_ / 4 * static_cast<int64_t>(step);
    for (size_t i = next_; i < end; ++i) {
      const Row& row = rows_[i];
      const PathStep at = PathOf(row.open, row.high, row.low, row.close, row.volume_units)[step];
      Append(out.events, row.start + offset, model::TradeTick{row.instrument, at.price, at.size});
    }
  }
  next_ = end;
  return true;
}

void OhlcvCsv::Restart() {
  columns_.reset();
  rows_.clear();
  arranged_ = false;
  next_ = 0;
}

}  // namespace livetape::market
