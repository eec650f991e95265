#pragma once

// RealBars: real market data beside the checkout, for tests that skip without it. For tests only.

#include <array>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/time_text.h"
#include "jobs/backtest/zip_member.h"
#include "market/shared_recordings.h"
#include "model/bar.h"

namespace livetape::jobs {

inline constexpr const char* kNoRealBars = "real market data is not beside the checkout";

inline std::string ContentOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The fields of each line, without line ends.
inline std::vector<std::vector<std::string>> CsvRows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string>& row = rows.emplace_back();
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
  }
  return rows;
}

// Google's daily bars of 19 August 2004 to 14 October 2008.
inline std::optional<std::vector<model::Bar>> GoogleDaily() {
  const auto path = market::SharedRecording("goog_daily_2004_2008_matplotlib.csv");
  if (!path) return std::nullopt;
  std::vector<model::Bar> bars;
  for (const std::vector<std::string>& row : CsvRows(ContentOf(*path))) {
    if (row.at(0) == "date") continue;
    model::Bar& bar = bars.emplace_back();
    bar.start = *base::ParseRfc3339(row.at(0) + "T00:00:00Z");
    const std::array prices = {&bar.open, &bar.high, &bar.low, &bar.close};
    for (size_t i = 0; i < prices.size(); ++i) *prices[i] = *base::Price::Parse(row.at(i + 1));
    bar.volume = base::Amount::From(*base::Quantity::Parse(row.at(5)));
  }
  return bars;
}

// A member of the Lean recording of SPY; those inside of it are archives themselves.
inline std::optional<std::string> LeanSpy(std::string_view outer, std::string_view inner) {
  const auto path = market::SharedRecording("lean_spy_daily_and_minute_201310.zip");
  if (!path) return std::nullopt;
  return ZipMember(ZipMember(ContentOf(*path), outer), inner);
}

}  // namespace livetape::jobs
