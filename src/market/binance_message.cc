#include "market/binance_message.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "market/line_reader.h"
#include "market/number_field.h"

namespace livetape::market {
namespace {

using base::Fail;
using base::Result;
using simdjson::dom::element;
using simdjson::dom::object;
using Kind = BinanceMessage::Kind;

static_assert(kLinePadding >= simdjson::SIMDJSON_PADDING);

// The fields of a message's data that have one letter for a name, found in one pass over it: asking
// the object for each by name would walk it every time. Of two with one name the last counts.
class Fields {
 public:
  void Read(const object& data) {
    present_ = 0;
    for (const auto field : data) {
      if (field.key.size() != 1) continue;
      const unsigned letter = static_cast<unsigned char>(field.key.front()) - unsigned{'A'};
      if (letter >= values_.size()) continue;
      values_[letter] = field.value;
      present_ |= uint64_t{1} << letter;
    }
  }

  // Null when the message has no such field.
  const element* Find(char name) const {
    const auto letter = static_cast<unsigned>(name - 'A');
    return (present_ >> letter & 1) != 0 ? &values_[letter] : nullptr;
  }

 private:
  std::array<element, 'z' - 'A' + 1> values_;
  uint64_t present_ = 0;  // bit per value
};

Result<std::string_view> Text(const Fields& data, char name) {
  const element* const field = data.Find(name);
  std::string_view text;
  if (field == nullptr || field->get(text) != simdjson::SUCCESS) {
    return Fail(fmt::format("field '{}' is missing or no string", name));
  }
  return text;
}

Result<uint64_t> IdOf(const element& field, std::string_view name) {
  uint64_t id = 0;
  // The largest number is kept free, so that "the next id" always exists.
  if (field.get(id) != simdjson::SUCCESS || id == std::numeric_limits<uint64_t>::max()) {
    return Fail(fmt::format("field '{}' is missing or no id", name));
  }
  return id;
}

Result<uint64_t> Id(const Fields& data, char name) {
  const element* const field = data.Find(name);
  if (field == nullptr) return Fail(fmt::format("field '{}' is missing or no id", name));
  return IdOf(*field, std::string_view(&name, 1));
}

Result<base::Price> PriceOf(std::string_view text, std::string_view what) {
  const auto units = ParseUnits(text);
  if (!units) return Fail(fmt::format("{}: {}", what, units.error().message));
  return CheckedPrice(*units, what);
}

Result<base::Quantity> SizeOf(std::string_view text, std::string_view what) {
  const auto units = ParseUnits(text);
  if (!units) return Fail(fmt::format("{}: {}", what, units.error().message));
  return CheckedSize(*units, what);
}

// A field of `data` that is a price or a size in a string.
Result<base::Price> PriceField(const Fields& data, char name) {
  const auto text = Text(data, name);
  if (!text) return std::unexpected(text.error());
  return PriceOf(*text, std::string_view(&name, 1));
}

Result<base::Quantity> SizeField(const Fields& data, char name) {
  const auto text = Text(data, name);
  if (!text) return std::unexpected(text.error());
  return SizeOf(*text, std::string_view(&name, 1));
}

// [["61837.63","3.78"],...] to levels.
Result<void> Levels(const element* field, std::string_view key, std::vector<BookLevel>& levels) {
  levels.clear();
  simdjson::dom::array rows;
  if (field == nullptr || field->get(rows) != simdjson::SUCCESS) {
    return Fail(fmt::format("field '{}' is missing or no array", key));
  }
  for (const element row : rows) {
    simdjson::dom::array pair;
    if (row.get(pair) != simdjson::SUCCESS) return Fail(fmt::format("'{}' has a bad level", key));
    auto at = pair.begin();
    std::string_view price_text, quantity_text;
    if (!(at != pair.end()) || (*at).get(price_text) != simdjson::SUCCESS ||
        !(++at != pair.end()) || (*at).get(quantity_text) != simdjson::SUCCESS) {
      return Fail(fmt::format("'{}' has a level that is not [\"price\",\"quantity\"]", key));
    }
    const auto price = PriceOf(price_text, "price of a level");
    if (!price) return std::unexpected(price.error());
    const auto quantity = SizeOf(quantity_text, "quantity of a level");
    if (!quantity) return std::unexpected(quantity.error());
    levels.push_back({*price, *quantity});
  }
  return {};
}

Result<void> ReadSymbol(const Fields& data, BinanceMessage& message) {
  const auto symbol = Text(data, 's');
  if (!symbol) return std::unexpected(symbol.error());
  const bool plain = std::all_of(symbol->begin(), symbol->end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-' || c == '.';
  });
  if (symbol->empty() || symbol->size() > 32 || !plain) {
    return Fail("field 's' is not a symbol of 1 to 32 letters and digits");
  }
  message.symbol = *symbol;
  return {};
}

Result<void> ReadTrade(const Fields& data, BinanceMessage& message) {
  message.kind = Kind::kTrade;
  if (auto read = ReadSymbol(data, message); !read) return read;
  const auto id = Id(data, 't');
  if (!id) return std::unexpected(id.error());
  const auto price = PriceField(data, 'p');
  if (!price) return std::unexpected(price.error());
  const auto quantity = SizeField(data, 'q');
  if (!quantity) return std::unexpected(quantity.error());
  message.id = *id;
  message.price = *price;
  message.quantity = *quantity;
  return {};
}

Result<void> ReadBookTicker(const Fields& data, BinanceMessage& message) {
  message.kind = Kind::kBookTicker;
  if (auto read = ReadSymbol(data, message); !read) return read;
  const auto id = Id(data, 'u');
  if (!id) return std::unexpected(id.error());
  const auto bid = PriceField(data, 'b');
  if (!bid) return std::unexpected(bid.error());
  const auto ask = PriceField(data, 'a');
  if (!ask) return std::unexpected(ask.error());
  const auto bid_size = SizeField(data, 'B');
  if (!bid_size) return std::unexpected(bid_size.error());
  const auto ask_size = SizeField(data, 'A');
  if (!ask_size) return std::unexpected(ask_size.error());
  if (*bid > *ask) {
    return Fail(fmt::format("bid {} is above ask {}", bid->ToString(), ask->ToString()));
  }
  message.id = *id;
  message.top = {{*bid, *bid_size}, {*ask, *ask_size}};
  return {};
}

Result<void> ReadDepth(const Fields& data, BinanceMessage& message) {
  message.kind = Kind::kDepth;
  if (auto read = ReadSymbol(data, message); !read) return read;
  const auto first = Id(data, 'U');
  if (!first) return std::unexpected(first.error());
  const auto last = Id(data, 'u');
  if (!last) return std::unexpected(last.error());
  if (*first > *last) return Fail(fmt::format("'U' {} is above 'u' {}", *first, *last));
  message.first_id = *first;
  message.id = *last;
  if (auto read = Levels(data.Find('b'), "b", message.bids); !read) return read;
  return Levels(data.Find('a'), "a", message.asks);
}

Result<void> ReadSnapshot(const object& data, const element& last_update_id,
                          BinanceMessage& message) {
  message.kind = Kind::kSnapshot;
  const auto id = IdOf(last_update_id, "lastUpdateId");
  if (!id) return std::unexpected(id.error());
  message.id = *id;
  element bids, asks;
  if (data["bids"].get(bids) != simdjson::SUCCESS || data["asks"].get(asks) != simdjson::SUCCESS) {
    return Fail("a snapshot needs the fields 'bids' and 'asks'");
  }
  if (auto read = Levels(&bids, "bids", message.bids); !read) return read;
  return Levels(&asks, "asks", message.asks);
}

}  // namespace

struct BinanceParser::Json {
  simdjson::dom::parser parser{kLineBytesMax + 1};
  Fields fields;
};

BinanceParser::BinanceParser() : json_(std::make_unique<Json>()) {}
BinanceParser::~BinanceParser() = default;

Result<const BinanceMessage*> BinanceParser::Parse(std::string_view json) {
  message_.kind = Kind::kOther;
  message_.symbol = {};
  object root;
  const auto parsed =
      json_->parser.parse(json.data(), json.size(), /*realloc_if_needed=*/false).get(root);
  if (parsed != simdjson::SUCCESS) {
    return Fail(parsed == simdjson::INCORRECT_TYPE
                    ? std::string("is not a JSON object")
                    : fmt::format("is not JSON: {}", simdjson::error_message(parsed)));
  }
  std::string_view stream;
  Result<void> read;
  if (root["stream"].get(stream) == simdjson::SUCCESS) {
    object data;
    if (root["data"].get(data) != simdjson::SUCCESS) return Fail("field 'data' is missing");
    json_->fields.Read(data);
    // "btcusdt@depth@100ms"
    const size_t at = stream.find('@');
    const std::string_view name = at == stream.npos ? std::string_view() : stream.substr(at + 1);
    if (name == "trade") {
      read = ReadTrade(json_->fields, message_);
    } else if (name == "bookTicker") {
      read = ReadBookTicker(json_->fields, message_);
    } else if (name == "depth" || name.starts_with("depth@")) {
      read = ReadDepth(json_->fields, message_);
    }
  } else if (element id; root["lastUpdateId"].get(id) == simdjson::SUCCESS) {
    read = ReadSnapshot(root, id, message_);
  }
  if (!read) return std::unexpected(std::move(read.error()));
  return &message_;
}

}  // namespace livetape::market
