// Fuzz target: messages of feeds. The first byte chooses the format, each line of the rest is one
// message. What a decoder tells is within the limits of prices, sizes and times, and each instrument
// is listed before it is spoken of; a line that is refused changes nothing of that.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "market/binance_feed.h"
#include "market/line_reader.h"
#include "market/number_field.h"
#include "market/ohlcv_csv.h"
#include "market/tick_csv.h"
#include "market/time_field.h"

namespace livetape::market {
namespace {

std::unique_ptr<LineDecoder> DecoderOf(uint8_t choice) {
  switch (choice % 3) {
    case 0:
      return std::make_unique<BinanceFeed>(std::nullopt);
    case 1:
      return std::make_unique<OhlcvCsv>("FUZZ", std::nullopt);
    default:
      return std::make_unique<TickCsv>("FUZZ", std::nullopt);
  }
}

void CheckLevels(const std::vector<model::BookLevel>& levels) {
  for (const model::BookLevel& level : levels) {
    LT_ASSERT(level.price.positive() && level.price.units() <= kPriceUnitsMax);
    LT_ASSERT(level.quantity.units() >= 0 && level.quantity.units() <= kSizeUnitsMax);
  }
}

// What has been told of one file so far.
class Witness {
 public:
  void See(const model::MarketEvent& event) {
    LT_ASSERT(InFeedRange(event.time));
    if (const auto* listed = std::get_if<model::InstrumentListed>(&event.what)) {
      LT_ASSERT(!listed->instrument.symbol.empty());
      ++listed_;
    } else if (const auto* trade = std::get_if<model::TradeTick>(&event.what)) {
      CheckListed(trade->instrument);
      LT_ASSERT(trade->price.positive() && trade->price.units() <= kPriceUnitsMax);
      LT_ASSERT(trade->size.units() >= 0 && trade->size.units() <= kSizeUnitsMax);
    } else if (const auto* quote = std::get_if<model::QuoteUpdate>(&event.what)) {
      CheckListed(quote->instrument);
      LT_ASSERT(quote->bid.positive() && quote->bid <= quote->ask);
      LT_ASSERT(quote->ask.units() <= kPriceUnitsMax);
      LT_ASSERT(quote->bid_size.units() >= 0 && quote->ask_size.units() >= 0);
    } else if (const auto* book = std::get_if<model::BookUpdate>(&event.what)) {
      CheckListed(book->instrument);
      CheckLevels(book->bids);
      CheckLevels(book->asks);
    }
  }

 private:
  void CheckListed(model::InstrumentId instrument) const {
    LT_ASSERT(instrument.value() < listed_, "{} of {}", instrument.value(), listed_);
  }

  size_t listed_ = 0;
};

void Replay(LineDecoder& decoder, std::string_view text) {
  std::vector<model::MarketEvent> events;
  LineReport report("feed", nullptr);
  Witness witness;
  const auto look = [&] {
    for (const model::MarketEvent& event : events) witness.See(event);
    events.clear();
  };
  uint64_t number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    // Bytes of its own, so that the address sanitizer sees a read past the padding.
    const std::unique_ptr<char[]> line(new char[end + kLinePadding]());
    std::memcpy(line.get(), text.data(), end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (std::string_view(line.get(), end).find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    Decoded out{events, report, number};
    const auto taken = decoder.Take({line.get(), end}, out);
    LT_ASSERT(taken || !taken.error().message.empty());
    look();
  }
  Decoded out{events, report, number};
  while (decoder.Rest(out)) look();
  look();
}

}  // namespace
}  // namespace livetape::market

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace livetape::market;
  if (size == 0) return 0;
  const auto decoder = DecoderOf(data[0]);
  Replay(*decoder, {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
