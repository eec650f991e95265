#pragma once

// ReplaySource: a recorded feed in a file. One thread owns it. docs/replay-formats.md says which
// files there are and how they become events.
//
// A malformed line is reported with file and line number, counted and skipped (the first 20 in
// full, then a total; later rounds of a loop report nothing). Looped, the next round follows the
// last event shifted forward by whole days, as few as put its first event behind the last one.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "market/file_format.h"
#include "market/line_decoder.h"
#include "market/line_reader.h"
#include "market/source.h"

namespace livetape::market {

struct ReplayOptions {
  bool loop = false;
  base::Log* log = nullptr;  // outlives the source; null: only count
  std::string symbol;        // of a CSV file without a symbol column; empty: SymbolOfFile
  std::optional<model::AssetClass> asset_class;  // default: CSV us_equity, Binance crypto
  const base::Clock* clock = nullptr;            // measures the time spent reading, for read_time()
};

// The first run of letters and digits of the file's name, in capitals: "goog_daily.csv" is GOOG.
// "FEED" when there is none.
std::string SymbolOfFile(const std::string& path);

class ReplaySource final : public Source {
 public:
  // Reads up to the first valid line; without one the file is refused.
  static base::Result<std::unique_ptr<ReplaySource>> Open(const std::string& path,
                                                          ReplayOptions options);

  base::Result<bool> Next(model::MarketEvent& event) override;
  uint64_t rounds() const override { return rounds_; }
  uint64_t skipped() const override { return report_.skipped(); }

  FileFormat format() const { return format_; }
  const LineDecoder& decoder() const { return *decoder_; }
  // Valid lines so far, of all rounds.
  uint64_t messages() const { return messages_; }
  // Of the file as it is on disk, in this round.
  uint64_t bytes_read() const { return reader_->bytes_read(); }
  std::chrono::nanoseconds read_time() const { return read_time_ + reader_->read_time(); }

 private:
  ReplaySource(std::string path, ReplayOptions options, FileFormat format,
               std::unique_ptr<LineReader> reader);
  base::Result<void> Prime();
  base::Result<bool> Advance();
  base::Result<bool> ReadLine();
  base::Result<bool> NextRound();
  void TakeLine(std::string_view line);

  const std::string path_;
  const ReplayOptions options_;
  const FileFormat format_;
  std::unique_ptr<LineReader> reader_;
  const std::unique_ptr<LineDecoder> decoder_;
  LineReport report_;

  std::vector<model::MarketEvent> events_;  // decoded, not all taken yet
  size_t next_ = 0;
  enum class Phase { kLines, kRest, kDone } phase_ = Phase::kLines;
  uint64_t messages_ = 0;
  std::chrono::nanoseconds read_time_{0};  // of earlier rounds

  uint64_t rounds_ = 0;                  // before this one
  std::chrono::days shift_{0};           // of this round
  std::optional<base::WallTime> first_;  // event of the first round
  base::WallTime last_;                  // newest event told, shifted
  bool told_ = false;                    // anything in this round
};

// The same as a plain Source.
base::Result<std::unique_ptr<Source>> OpenReplay(const std::string& path, ReplayOptions options);

}  // namespace livetape::market
