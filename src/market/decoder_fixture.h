#pragma once

// DecoderFixture: feeds lines to one decoder and shows what came out as text. For tests only.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/time_text.h"
#include "market/line_decoder.h"
#include "market/line_reader.h"

namespace livetape::market {

inline std::string LevelsText(const std::vector<model::BookLevel>& levels) {
  std::string out = "[";
  for (const model::BookLevel& level : levels) {
    if (out.size() > 1) out += " ";
    out += level.price.ToString() + "x" + level.quantity.ToString();
  }
  return out + "]";
}

// "listed BTCUSDT crypto", "0 quote 9x1 11x2", "0 trade 10x5", "0 book [9x1] [11x2]" (or "0 whole
// book" for a snapshot).
inline std::string EventText(const model::MarketEvent& event) {
  std::string out;
  if (const auto* listed = std::get_if<model::InstrumentListed>(&event.what)) {
    out = "listed " + listed->instrument.symbol + " " + Name(listed->instrument.asset_class);
  } else if (const auto* quote = std::get_if<model::QuoteUpdate>(&event.what)) {
    out = std::to_string(quote->instrument.value()) + " quote " + quote->bid.ToString() + "x" +
          quote->bid_size.ToString() + " " + quote->ask.ToString() + "x" +
          quote->ask_size.ToString();
  } else if (const auto* trade = std::get_if<model::TradeTick>(&event.what)) {
    out = std::to_string(trade->instrument.value()) + " trade " + trade->price.ToString() + "x" +
          trade->size.ToString();
  } else if (const auto* book = std::get_if<model::BookUpdate>(&event.what)) {
    out = std::to_string(book->instrument.value()) + (book->snapshot ? " whole book " : " book ") +
          LevelsText(book->bids) + " " + LevelsText(book->asks);
  }
  return out;
}

class DecoderFixture : public testing::Test {
 protected:
  // What the line told, one event a line: "0 trade 10x5; 0 quote ..."; or "error: reason".
  std::string Take(std::string_view line) {
    padded_ = std::string(line) + std::string(kLinePadding, '\0');
    ++line_;
    Decoded out{events_, report_, line_};
    const auto taken = decoder_->Take(std::string_view(padded_).substr(0, line.size()), out);
    if (!taken) return "error: " + taken.error().message;
    return Drain();
  }
  // Everything that waited for the end of the file.
  std::string Rest() {
    Decoded out{events_, report_, line_};
    while (decoder_->Rest(out)) {
    }
    return Drain();
  }
  std::string Drain() {
    std::string text;
    times_.clear();
    for (const model::MarketEvent& event : events_) {
      text += (text.empty() ? "" : "; ") + EventText(event);
      times_.push_back(base::FormatRfc3339(event.time));
    }
    events_.clear();
    return text;
  }

  std::unique_ptr<LineDecoder> decoder_;
  std::vector<std::string> said_;
  base::Log log_{base::LogLevel::kDebug,
                 [this](base::LogLevel, std::string_view text) { said_.emplace_back(text); }};
  LineReport report_{"feed", &log_};
  std::vector<std::string> times_;  // of the events told last

 private:
  std::vector<model::MarketEvent> events_;
  uint64_t line_ = 0;
  std::string padded_;
};

}  // namespace livetape::market
