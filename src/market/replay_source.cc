#include "market/replay_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "market/binance_feed.h"
#include "market/ohlcv_csv.h"
#include "market/tick_csv.h"

namespace livetape::market {
namespace {

using base::Result;
using std::chrono::days;

std::unique_ptr<LineDecoder> DecoderOf(FileFormat format, const std::string& path,
                                       const ReplayOptions& options) {
  const std::string symbol = options.symbol.empty() ? SymbolOfFile(path) : options.symbol;
  switch (format) {
    case FileFormat::kBinance:
      return std::make_unique<BinanceFeed>(options.asset_class);
    case FileFormat::kOhlcvCsv:
      return std::make_unique<OhlcvCsv>(symbol, options.asset_class);
    case FileFormat::kTickCsv:
      break;
  }
  return std::make_unique<TickCsv>(symbol, options.asset_class);
}

bool Blank(std::string_view line) { return line.find_first_not_of(" \t") == line.npos; }

}  // namespace

std::string SymbolOfFile(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  std::string symbol;
  for (const char c : name) {
    const bool small = c >= 'a' && c <= 'z';
    if (!small && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
      if (symbol.empty()) continue;
      break;
    }
    symbol += small ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return symbol.empty() ? "FEED" : symbol.substr(0, 32);
}

Result<std::unique_ptr<ReplaySource>> ReplaySource::Open(const std::string& path,
                                                         ReplayOptions options) {
  const auto format = DetectFormat(path);
  if (!format) return std::unexpected(format.error());
  auto reader = LineReader::Open(path);
  if (!reader) return std::unexpected(std::move(reader.error()));
  std::unique_ptr<ReplaySource> source(
      new ReplaySource(path, std::move(options), *format, std::move(*reader)));
  if (auto primed = source->Prime(); !primed) return std::unexpected(std::move(primed.error()));
  return source;
}

ReplaySource::ReplaySource(std::string path, ReplayOptions options, FileFormat format,
                           std::unique_ptr<LineReader> reader)
    : path_(std::move(path)),
      options_(std::move(options)),
      format_(format),
      reader_(std::move(reader)),
      decoder_(DecoderOf(format_, path_, options_)),
      report_(path_, options_.log) {
  if (options_.clock != nullptr) reader_->TimeReads(*options_.clock);
}

Result<void> ReplaySource::Prime() {
  while (messages_ == 0) {
    const auto read = ReadLine();
    if (!read) return std::unexpected(read.error());
    if (!*read) {
      report_.Finish();
      return base::Fail(fmt::format("{}: no valid line in it, as {}; {} malformed", path_,
                                    Name(format_), report_.skipped()));
    }
  }
  return {};
}

Result<bool> ReplaySource::Next(model::MarketEvent& event) {
  while (next_ == events_.size()) {
    events_.clear();
    next_ = 0;
    const auto more = Advance();
    if (!more || !*more) {
      phase_ = Phase::kDone;
      return more;
    }
  }
  event = std::move(events_[next_++]);
  if (!first_) first_ = event.time;
  event.time += shift_;
  last_ = std::max(last_, event.time);
  told_ = true;
  return true;
}

// Decodes some more. False: the feed is over.
Result<bool> ReplaySource::Advance() {
  switch (phase_) {
    case Phase::kLines: {
      const auto read = ReadLine();
      if (!read) return std::unexpected(read.error());
      if (!*read) phase_ = Phase::kRest;
      return true;
    }
    case Phase::kRest: {
      Decoded out{events_, report_};
      return decoder_->Rest(out) ? Result<bool>(true) : NextRound();
    }
    case Phase::kDone:
      break;
  }
  return false;
}

// Reads and decodes one line. False: there is none.
Result<bool> ReplaySource::ReadLine() {
  std::string_view line;
  const auto read = reader_->Next(line);
  if (!read) return std::unexpected(read.error());
  if (*read == LineReader::Read::kEnd) return false;
  if (*read == LineReader::Read::kTooLong) {
    report_.Skipped(reader_->line_number(), fmt::format("is longer than {} bytes", kLineBytesMax));
  } else if (!Blank(line)) {
    TakeLine(line);
  }
  return true;
}

void ReplaySource::TakeLine(std::string_view line) {
  Decoded out{events_, report_, reader_->line_number()};
  const auto taken = decoder_->Take(line, out);
  if (!taken) {
    report_.Skipped(out.line, taken.error().message);
  } else if (*taken) {
    ++messages_;
  }
}

Result<bool> ReplaySource::NextRound() {
  report_.Finish();
  // A file without events would loop for ever without telling anything.
  if (!options_.loop || !std::exchange(told_, false)) return false;
  const auto length = last_ - *first_ - shift_;  // of a round
  shift_ = std::chrono::floor<days>(last_ - *first_) + days(1);
  using namespace std::chrono_literals;
  constexpr base::WallTime kEnd{std::chrono::sys_days{2261y / 1 / 1}};
  if (kEnd - last_ < length + days(1)) {
    return base::Fail(fmt::format("{}: looped until the year 2261, where time ends", path_));
  }
  auto reader = LineReader::Open(path_);
  if (!reader) return std::unexpected(std::move(reader.error()));
  read_time_ += reader_->read_time();
  reader_ = std::move(*reader);
  if (options_.clock != nullptr) reader_->TimeReads(*options_.clock);
  decoder_->Restart();
  ++rounds_;
  phase_ = Phase::kLines;
  return true;
}

Result<std::unique_ptr<Source>> OpenReplay(const std::string& path, ReplayOptions options) {
  auto source = ReplaySource::Open(path, std::move(options));
  if (!source) return std::unexpected(std::move(source.error()));
  return std::unique_ptr<Source>(std::move(*source));
}

}  // namespace livetape::market
