#include "market/tick_csv.h"

#include <fmt/format.h>

#include <utility>

#include "market/append_event.h"
#include "market/csv_time.h"
#include "market/number_field.h"

namespace livetape::market {

using base::Fail;
using base::Price;
using base::Quantity;
using base::Result;

namespace {

// An empty size is unknown: 0.
Result<Quantity> SizeField(std::string_view text, std::string_view what) {
  return text.empty() ? Quantity() : ReadSize(text, what);
}

}  // namespace

Result<bool> TickCsv::Take(std::string_view line, Decoded& out) {
  if (!columns_) {
    const CsvColumns columns = CsvColumns::Parse(line);
    if (!columns.MakesTicks()) {
      return Fail("comes before a header with time and price, or time, bid and ask");
    }
    columns_ = columns;
    return false;
  }
  SplitCsvRow(line, fields_);
  const auto time = ReadCsvTime(fields_, *columns_);
  if (!time) return std::unexpected(time.error());
  auto quote = ReadQuote();
  if (!quote) return std::unexpected(std::move(quote.error()));
  auto trade = ReadTrade();
  if (!trade) return std::unexpected(std::move(trade.error()));
  if (!*quote && !*trade) return Fail("has neither a price nor a bid and an ask");
  const std::string_view symbol =
      columns_->symbol ? Field(fields_, columns_->symbol) : std::string_view(symbol_);
  if (!IsSymbol(symbol)) return Fail(fmt::format("'{}' is not a symbol", symbol.substr(0, 64)));
  const auto instrument = instruments_.Find(symbol, *time, out.events);
  if (!instrument) return std::unexpected(instrument.error());
  if (*quote) {
    (*quote)->instrument = *instrument;
    Append(out.events, *time, **quote);
  }
  if (*trade) {
    (*trade)->instrument = *instrument;
    Append(out.events, *time, **trade);
  }
  return true;
}

Result<std::optional<model::TradeTick>> TickCsv::ReadTrade() const {
  const std::string_view text = Field(fields_, columns_->price);
  if (text.empty()) return std::nullopt;
  const auto price = ReadPrice(text, "price");
  if (!price) return std::unexpected(price.error());
  const auto size = SizeField(Field(fields_, columns_->size), "size");
  if (!size) return std::unexpected(size.error());
  return model::TradeTick{{}, *price, *size};
}

Result<std::optional<model::QuoteUpdate>> TickCsv::ReadQuote() const {
  const std::string_view bid_text = Field(fields_, columns_->bid);
  const std::string_view ask_text = Field(fields_, columns_->ask);
  if (bid_text.empty() && ask_text.empty()) return std::nullopt;
  const auto bid = ReadPrice(bid_text, "bid");
  if (!bid) return std::unexpected(bid.error());
  const auto ask = ReadPrice(ask_text, "ask");
  if (!ask) return std::unexpected(ask.error());
  if (*bid > *ask) {
    return Fail(fmt::format("bid {} is above ask {}", bid->ToString(), ask->ToString()));
  }
  const auto bid_size = SizeField(Field(fields_, columns_->bid_size), "bid size");
  if (!bid_size) return std::unexpected(bid_size.error());
  const auto ask_size = SizeField(Field(fields_, columns_->ask_size), "ask size");
  if (!ask_size) return std::unexpected(ask_size.error());
  return model::QuoteUpdate{{}, *bid, *ask, *bid_size, *ask_size};
}

}  // namespace livetape::market
