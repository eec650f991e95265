#include "api/alpaca/order_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/time_text.h"

namespace livetape::api {
namespace {

constexpr size_t kSymbolsMax = 1000;

// Nothing: absent or empty.
std::optional<std::string_view> Value(const http::Query& query, std::string_view name) {
  const auto value = query.Find(name);
  return value && !value->empty() ? value : std::nullopt;
}

std::unexpected<BodyError> NotOneOf(std::string_view name,
                                    std::initializer_list<std::string_view> allowed,
                                    std::string_view given) {
  return BadField(std::string(name), fmt::format("must be one of {}, got '{}'",
                                                 fmt::join(allowed, ", "), given.substr(0, 64)));
}

BodyResult<std::optional<bool>> OpenOf(const http::Query& query) {
  const std::string_view status = Value(query, "status").value_or("open");
  if (status == "open") return true;
  if (status == "closed") return false;
  if (status == "all") return std::nullopt;
  return NotOneOf("status", {"open", "closed", "all"}, status);
}

BodyResult<size_t> LimitOf(const http::Query& query) {
  const auto text = Value(query, "limit");
  if (!text) return store::OrderQuery{}.limit;
  size_t limit = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (code != std::errc() || end != text->data() + text->size() || limit < 1 ||
      limit > kOrdersMax) {
    return BadField("limit", fmt::format("must be a whole number from 1 to {}, got '{}'",
                                         kOrdersMax, text->substr(0, 64)));
  }
  return limit;
}

BodyResult<std::optional<base::WallTime>> TimeOf(const http::Query& query, std::string_view name) {
  const auto text = Value(query, name);
  if (!text) return std::nullopt;
  const auto time = base::ParseRfc3339Bound(*text);
  if (!time) return BadField(std::string(name), fmt::format("is wrong: {}", time.error().message));
  return *time;
}

BodyResult<std::optional<model::OrderId>> OrderOf(const http::Query& query, std::string_view name,
                                                  const TradingIds& ids) {
  const auto text = Value(query, name);
  if (!text) return std::nullopt;
  const auto id = ids.ParseOrder(*text);
  if (!id) {
    return BadField(std::string(name),
                    fmt::format("must be the id of an order, got '{}'", text->substr(0, 64)));
  }
  return id;
}

BodyResult<std::optional<model::Side>> SideOf(const http::Query& query) {
  const auto text = Value(query, "side");
  if (!text) return std::nullopt;
  const auto side = model::ParseName<model::Side>(model::kSideNames, *text);
  if (!side) return NotOneOf("side", {"buy", "sell"}, *text);
  return side;
}

// The pieces of all values of `name`, each a comma list.
std::vector<std::string_view> ListOf(const http::Query& query, std::string_view name) {
  std::vector<std::string_view> pieces;
  for (std::string_view text : query.All(name)) {
    while (!text.empty()) {
      const std::string_view piece = text.substr(0, text.find(','));
      text.remove_prefix(std::min(piece.size() + 1, text.size()));
      if (!piece.empty()) pieces.push_back(piece);
    }
  }
  return pieces;
}

BodyResult<std::vector<std::string>> SymbolsOf(const http::Query& query,
                                               const market::Instruments& instruments) {
  std::vector<std::string> symbols;
  for (const std::string_view symbol : ListOf(query, "symbols")) {
    if (symbols.size() == kSymbolsMax) {
      return BadField("symbols", fmt::format("must be at most {}", kSymbolsMax));
    }
    const auto found = instruments.Find(symbol);
    symbols.push_back(found ? found->instrument.symbol : std::string(symbol));
  }
  return symbols;
}

// Leaves those of `symbols` that are of a class that `asset_class` names; all symbols of these, if
// there are no `symbols`.
BodyResult<void> KeepClasses(const http::Query& query, const market::Instruments& instruments,
                             std::vector<std::string>& symbols) {
  bool equity = false, crypto = false;
  const auto names = ListOf(query, "asset_class");
  for (const std::string_view name : names) {
    // What is not traded here has no orders.
    if (name != "us_equity" && name != "crypto" && name != "us_option" && name != "crypto_perp" &&
        name != "all") {
      return NotOneOf("asset_class", {"us_equity", "us_option", "crypto", "all"}, name);
    }
    equity = equity || name == "us_equity" || name == "all";
    crypto = crypto || name == "crypto" || name == "all";
  }
  if (names.empty() || (equity && crypto)) return {};
  std::vector<std::string> kept;
  for (const model::Instrument& instrument : instruments.All()) {
    const bool wanted = instrument.asset_class == model::AssetClass::kCrypto ? crypto : equity;
    const bool named = symbols.empty() || std::find(symbols.begin(), symbols.end(),
                                                    instrument.symbol) != symbols.end();
    if (wanted && named) kept.push_back(instrument.symbol);
  }
  // None at all is no order: a symbol that nothing has.
  if (kept.empty()) kept.emplace_back();
  symbols = std::move(kept);
  return {};
}

}  // namespace

BodyResult<bool> SwitchOf(const http::Query& query, std::string_view name) {
  const auto text = Value(query, name);
  if (!text) return false;
  std::string lower(*text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "true" || lower == "1") return true;
  if (lower == "false" || lower == "0") return false;
  return NotOneOf(name, {"true", "false"}, *text);
}

BodyResult<OrdersWish> ParseOrdersQuery(const http::Query& query,
                                        const market::Instruments& instruments,
                                        const TradingIds& ids) {
  OrdersWish wish;
  // The first fault counts.
  std::optional<BodyError> fault;
  const auto take = [&fault](auto& into, auto value) {
    if (value) {
      into = *std::move(value);
    } else if (!fault) {
      fault = std::move(value.error());
    }
  };
  store::OrderQuery& orders = wish.query;
  take(orders.open, OpenOf(query));
  take(orders.limit, LimitOf(query));
  take(orders.after, TimeOf(query, "after"));
  take(orders.until, TimeOf(query, "until"));
  take(wish.nested, SwitchOf(query, "nested"));
  take(orders.side, SideOf(query));
  take(orders.after_order, OrderOf(query, "after_order_id", ids));
  take(orders.before_order, OrderOf(query, "before_order_id", ids));
  take(orders.symbols, SymbolsOf(query, instruments));
  if (fault) return std::unexpected(*std::move(fault));

  const std::string_view direction = Value(query, "direction").value_or("desc");
  if (direction != "asc" && direction != "desc") {
    return NotOneOf("direction", {"desc", "asc"}, direction);
  }
  orders.descending = direction == "desc";
  if (auto kept = KeepClasses(query, instruments, orders.symbols); !kept) {
    return std::unexpected(std::move(kept.error()));
  }
  return wish;
}

}  // namespace livetape::api
