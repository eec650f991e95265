#include "api/native/market_tick.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/native/topic_owner.h"
#include "base/assert.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

using base::Price;
using base::Quantity;
using model::PublishedTick;

constexpr std::string_view kFields =
    "price, size, bid, ask, bid_size, ask_size, volume, time and asset_class";

BodyResult<std::string> SymbolOf(std::string_view topic, std::string_view path) {
  const auto wrong = [&](std::string_view what) {
    return BadField(FieldPath(path, "topic"),
                    fmt::format("'{}' {}; market data goes to market/<symbol>", topic, what));
  };
  const size_t slash = topic.find('/');
  if (slash == std::string_view::npos || topic.find('/', slash + 1) != std::string_view::npos) {
    return wrong("has not exactly two segments");
  }
  std::string symbol = DecodeTopicSegment(topic.substr(slash + 1));
  if (symbol.size() > kSymbolBytesMax) {
    return wrong(fmt::format("has a symbol longer than {} bytes", kSymbolBytesMax));
  }
  const bool known = std::all_of(symbol.begin(), symbol.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/:").find(c) != std::string_view::npos;
  });
  if (!known) return wrong("has a symbol with a byte outside A-Za-z0-9._-/:");
  return symbol;
}

// Reads the members of one tick; after the first fault the others are passed over.
class TickReader {
 public:
  explicit TickReader(std::string_view path) : path_(FieldPath(path, "data")) {}

  void Read(const JsonMember& member) {
    if (error_) return;
    if (member.name == "price") {
      Decimal(member, tick_.price, 1);
    } else if (member.name == "size") {
      Decimal(member, tick_.size, 0);
    } else if (member.name == "bid") {
      Decimal(member, tick_.bid, 1);
    } else if (member.name == "ask") {
      Decimal(member, tick_.ask, 1);
    } else if (member.name == "bid_size") {
      Decimal(member, tick_.bid_size, 0);
    } else if (member.name == "ask_size") {
      Decimal(member, tick_.ask_size, 0);
    } else if (member.name == "volume") {
      Decimal(member, tick_.volume, 0);
    } else if (member.name == "time") {
      Time(member);
    } else if (member.name == "asset_class") {
      AssetClass(member);
    } else {
      Fail(member.name, fmt::format("is not known; market data has {}", kFields));
    }
  }

  BodyResult<PublishedTick> Finish(std::string symbol) {
    if (!error_) CheckWhole();
    if (error_) return std::unexpected(std::move(*error_));
    tick_.symbol = std::move(symbol);
    return std::move(tick_);
  }

 private:
  void Fail(std::string_view field, std::string_view what) {
    error_ = BadField(FieldPath(path_, field), what).error();
  }

  template <typename T>
  bool Once(const JsonMember& member, const std::optional<T>& value) {
    if (value) Fail(member.name, "is given twice");
    return !value;
  }

  // A number or a string; null counts as missing. At least `least` units.
  template <typename Number>
  void Decimal(const JsonMember& member, std::optional<Number>& out, int64_t least) {
    if (member.kind == JsonKind::kNull || !Once(member, out)) return;
    base::Result<Number> number = base::Fail("must be a number or a string with one");
    if (member.kind == JsonKind::kString) {
      number = Number::Parse(member.text);
    } else if (member.kind == JsonKind::kNumber) {
      const auto value = NumberOf(member.json);
      number = value ? Number::FromDouble(*value) : base::Fail("the number is out of range");
    }
    if (!number) return Fail(member.name, "is wrong: " + number.error().message);
    if (number->units() < least) {
      return Fail(member.name,
                  fmt::format("must be {}, got {}", least > 0 ? "positive" : "at least 0",
                              number->ToString()));
    }
    out = *number;
  }

  void Time(const JsonMember& member) {
    if (member.kind == JsonKind::kNull || !Once(member, tick_.time)) return;
    if (member.kind != JsonKind::kString) {
      return Fail(member.name,
                  fmt::format("must be a string such as \"2026-11-20T15:04:05.123Z\", got {}",
                              Name(member.kind)));
    }
    const auto time = base::ParseRfc3339(member.text);
    if (!time) return Fail(member.name, "is wrong: " + time.error().message);
    tick_.time = *time;
  }

  void AssetClass(const JsonMember& member) {
    if (member.kind == JsonKind::kNull || !Once(member, tick_.asset_class)) return;
    for (const auto known : {model::AssetClass::kCrypto, model::AssetClass::kUsEquity}) {
      if (member.text == model::Name(known)) tick_.asset_class = known;
    }
    if (!tick_.asset_class) Fail(member.name, "must be \"crypto\" or \"us_equity\"");
  }

  // What no field shows alone.
  void CheckWhole() {
    if (tick_.bid.has_value() != tick_.ask.has_value()) {
      return Fail(tick_.bid ? "ask" : "bid", "is missing; a quote has both bid and ask");
    }
    if (tick_.bid && *tick_.bid > *tick_.ask) {
      return Fail("bid", fmt::format("{} is above ask {}; a quote has bid <= ask",
                                     tick_.bid->ToString(), tick_.ask->ToString()));
    }
    if ((tick_.bid_size || tick_.ask_size) && !tick_.bid) {
      return Fail("bid", "is missing; a size of a quote goes with its bid and ask");
    }
    if (tick_.size && !tick_.price) {
      return Fail("price", "is missing; the size of a trade goes with its price");
    }
    if (!tick_.price && !tick_.bid && !tick_.volume) {
      error_ =
          BadField(path_, "needs a price (a trade), bid and ask (a quote) or a volume").error();
    }
  }

  std::string path_;
  PublishedTick tick_;
  std::optional<BodyError> error_;
};

}  // namespace

BodyResult<PublishedTick> ParseMarketTick(JsonObjectReader& reader, std::string_view topic,
                                          std::string_view data, std::string_view path) {
  auto symbol = SymbolOf(topic, path);
  if (!symbol) return std::unexpected(std::move(symbol.error()));
  TickReader tick(path);
  const std::string data_path = FieldPath(path, "data");
  auto object = reader.ReadOne(data, data_path);
  if (!object) {
    return BadField(data_path, "must be an object with market data, such as {\"price\":187.34}");
  }
  for (const JsonMember& member : object->members) tick.Read(member);
  return tick.Finish(std::move(*symbol));
}

}  // namespace livetape::api
