#include "jobs/backtest/result_json.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/assert.h"
#include "base/json_text.h"
#include "base/time_text.h"

namespace livetape::jobs {
namespace {

// Writes the members of one object, with the commas between them.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  ~Members() { out_ += '}'; }
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  // The value is what is appended next.
  std::string& Key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    base::AppendJsonString(out_, name);
    out_ += ':';
    return out_;
  }
  void Text(std::string_view name, std::string_view value) {
    base::AppendJsonString(Key(name), value);
  }
  void Number(std::string_view name, std::optional<double> value) {
    AppendNumber(Key(name), value);
  }
  // A Decimal of any kind, or an Amount.
  template <typename Exact>
  void Number(std::string_view name, const Exact& value)
    requires requires(std::string& out) { value.AppendTo(out); }
  {
    value.AppendTo(Key(name));
  }
  void Flag(std::string_view name, bool value) { Key(name) += value ? "true" : "false"; }
  void Time(std::string_view name, base::WallTime value) {
    Key(name) += '"';
    base::AppendRfc3339(out_, value);
    out_ += '"';
  }

 private:
  std::string& out_;
  bool first_ = true;
};

template <typename Items, typename Append>
void AppendList(std::string& out, const Items& items, Append append) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    append(item);
  }
  out += ']';
}

void AppendValue(std::string& out, const ParameterValue& value) {
  std::visit(
      [&out](const auto& v) {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, double>) {
          AppendNumber(out, v);
        } else if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>) {
          base::AppendJsonString(out, v);
        } else {
          fmt::format_to(std::back_inserter(out), "{}", v);
        }
      },
      value);
}

const std::string& NameOf(Symbol symbol, std::span<const std::string> symbols) {
  LT_ASSERT(symbol.value() < symbols.size(), "symbol {}", symbol.value());
  return symbols[symbol.value()];
}

}  // namespace

void AppendNumber(std::string& out, std::optional<double> value) {
  if (value && std::isfinite(*value)) {
    fmt::format_to(std::back_inserter(out), "{}", *value);
  } else {
    out += "null";
  }
}

void AppendFigures(std::string& out, const BacktestFigures& figures) {
  Members members(out);
  for (const FigureInfo& figure : FigureList()) {
    if (figure.kind == FigureKind::kMoney) {
      members.Number(figure.name, MoneyOf(figures, figure.name));
    } else {
      members.Number(figure.name, FigureOf(figures, figure.name));
    }
  }
}

void AppendParameters(std::string& out, const ParameterValues& values) {
  Members members(out);
  for (const auto& [name, value] : values) AppendValue(members.Key(name), value);
}

void AppendEquity(std::string& out, const EquityCurve& curve) {
  out += '[';
  for (size_t i = 0; i < curve.times.size(); ++i) {
    if (i > 0) out += ',';
    Members members(out);
    members.Time("time", curve.times[i]);
    members.Number("equity", curve.equity[i]);
  }
  out += ']';
}

void AppendMonths(std::string& out, std::span<const MonthReturn> months) {
  AppendList(out, months, [&out](const MonthReturn& month) {
    Members members(out);
    members.Text("month", fmt::format("{:04}-{:02}", static_cast<int>(month.month.year()),
                                      static_cast<unsigned>(month.month.month())));
    members.Number("return", month.fraction);
  });
}

void AppendTrade(std::string& out, const Trade& trade, std::span<const std::string> symbols) {
  Members members(out);
  members.Text("symbol", NameOf(trade.symbol, symbols));
  members.Text("side", trade.is_long ? "long" : "short");
  members.Time("opened", trade.opened);
  members.Time("closed", trade.closed);
  members.Number("quantity", trade.quantity);
  members.Number("entry_price", trade.entry);
  members.Number("exit_price", trade.exit);
  members.Number("profit", trade.profit);
  members.Number("fees", trade.fees);
  members.Number("return", std::optional(trade.fraction));
}

void AppendFill(std::string& out, const RunFill& fill, std::span<const std::string> symbols) {
  Members members(out);
  members.Time("time", fill.time);
  members.Text("symbol", NameOf(fill.symbol, symbols));
  members.Text("side", model::Name(fill.side));
  members.Text("type", model::Name(fill.type));
  members.Text("liquidity", fill.maker ? "maker" : "taker");
  members.Number("quantity", fill.quantity);
  members.Number("price", fill.price);
  members.Number("source_price", fill.source_price);
  members.Number("fee", fill.fee);
  members.Number("realized_pnl", fill.realized);
  members.Number("position_qty", fill.position);
  members.Number("cash", fill.cash);
}

void AppendRow(std::string& out, const SweepRow& row) {
  Members members(out);
  AppendParameters(members.Key("params"), row.values);
  AppendFigures(members.Key("results"), row.figures);
  members.Flag("ruined", row.ruined);
}

void AppendRequest(std::string& out, const BacktestRequest& request) {
  Members members(out);
  const BacktestSpec& spec = request.spec;
  members.Text("strategy", request.strategy);
  {
    Members params(members.Key("params"));
    for (const auto& [name, values] : request.params) {
      std::string& text = params.Key(name);
      if (values.size() == 1) {
        AppendValue(text, values.front());
      } else {
        AppendList(text, values, [&text](const ParameterValue& v) { AppendValue(text, v); });
      }
    }
  }
  std::string& symbols = members.Key("symbols");
  AppendList(symbols, request.symbols,
             [&symbols](const std::string& symbol) { base::AppendJsonString(symbols, symbol); });
  if (spec.range.from) members.Time("from", *spec.range.from);
  if (spec.range.to) members.Time("to", *spec.range.to);
  members.Text("timeframe", model::Name(request.timeframe));
  members.Number("cash", spec.cash);
  members.Number("fee", spec.fees.rate);
  members.Number("slippage_bps", spec.slippage_bps);
  members.Number("fee_per_share", spec.fees.per_share);
  members.Number("fee_min", spec.fees.minimum);
  members.Text("close_at_end", Name(spec.close_at_end));
  members.Flag("fractional", spec.fractional);
  members.Text("rank_by", request.rank_by);
}

std::string HashText(uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace livetape::jobs
