#pragma once

// FileFormat: what kind of recording a file is, told from its content, not its name.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::market {

enum class FileFormat { kBinance, kOhlcvCsv, kTickCsv };

// "Binance combined stream", "OHLCV CSV", "tick CSV".
std::string_view Name(FileFormat format);

// What this line alone says: the start of a Binance line, or a CSV header. Nothing if neither.
std::optional<FileFormat> FormatOfLine(std::string_view line);

// By the first of the file's first 100 lines that says something. The error names the file and the
// formats there are, or says why it cannot be read.
base::Result<FileFormat> DetectFormat(const std::string& path);

}  // namespace livetape::market
