#include "market/file_format.h"

#include <fmt/format.h>

#include <algorithm>

#include "market/csv_columns.h"
#include "market/line_reader.h"

namespace livetape::market {

std::string_view Name(FileFormat format) {
  switch (format) {
    case FileFormat::kBinance:
      return "Binance combined stream";
    case FileFormat::kOhlcvCsv:
      return "OHLCV CSV";
    case FileFormat::kTickCsv:
      return "tick CSV";
  }
  return "";
}

std::optional<FileFormat> FormatOfLine(std::string_view line) {
  const size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  if (digits > 0) {
    return line.substr(digits).starts_with(" {") ? std::optional(FileFormat::kBinance)
                                                 : std::nullopt;
  }
  const CsvColumns columns = CsvColumns::Parse(line);
  if (columns.MakesBars()) return FileFormat::kOhlcvCsv;
  if (columns.MakesTicks()) return FileFormat::kTickCsv;
  return std::nullopt;
}

base::Result<FileFormat> DetectFormat(const std::string& path) {
  constexpr int kLooks = 100;
  auto reader = LineReader::Open(path);
  if (!reader) return std::unexpected(std::move(reader.error()));
  std::string_view line;
  for (int i = 0; i < kLooks; ++i) {
    const auto read = (*reader)->Next(line);
    if (!read) return std::unexpected(read.error());
    if (*read == LineReader::Read::kEnd) break;
    if (*read == LineReader::Read::kTooLong) continue;
    if (const auto format = FormatOfLine(line)) return *format;
  }
  return base::Fail(fmt::format(
      "{}: no valid line among its first {}; expected lines '<receive time in ns> <json>' of a "
      "Binance combined stream, or CSV with a header that names date or time and open, high, low, "
      "close, or time and price, or time, bid and ask",
      path, kLooks));
}

}  // namespace livetape::market
