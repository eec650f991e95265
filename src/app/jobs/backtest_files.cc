#include "app/jobs/backtest_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/time_text.h"
#include "jobs/backtest/result_json.h"

namespace livetape::app {
namespace {

namespace fs = std::filesystem;

base::Result<void> WriteFile(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (out) return {};
  return base::Fail(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
}

base::Result<void> MakeFolder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return {};
  return base::Fail(fmt::format("cannot make the folder {}: {}", folder, error.message()));
}

// A field with a comma, a quote or a line end is put in quotes (RFC 4180).
std::string Field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string NumberText(std::optional<double> value) {
  return value ? fmt::format("{}", *value) : std::string();
}

std::string Begin(const jobs::BacktestRequest& request) {
  std::string out = R"({"version":")" LIVETAPE_VERSION R"(","request":)";
  jobs::AppendRequest(out, request);
  return out;
}

// What both kinds of result know of their bars.
template <typename Result>
void AppendOrigin(std::string& out, const Result& result) {
  fmt::format_to(std::back_inserter(out),
                 R"(,"stopped":{},"bars":{},"first":"{}","last":"{}","days_per_year":{},)"
                 R"("data_hash":"{}")",
                 result.stopped, result.bars, base::FormatRfc3339(result.first),
                 base::FormatRfc3339(result.last), result.days_per_year,
                 jobs::HashText(result.data_hash));
}

template <typename Items, typename Append>
void AppendList(std::string& out, const Items& items, Append append) {
  out += '[';
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    append(items[i]);
  }
  out += ']';
}

std::string EquityCsv(const jobs::EquityCurve& curve) {
  std::string out = "time,equity,drawdown\n";
  base::Amount peak;
  for (size_t i = 0; i < curve.times.size(); ++i) {
    base::AppendRfc3339(out, curve.times[i]);
    out += ',';
    curve.equity[i].AppendTo(out);
    peak = std::max(peak, curve.equity[i]);
    const double drawdown =
        peak.units() > 0 ? curve.equity[i].Approximate() / peak.Approximate() - 1 : 0;
    fmt::format_to(std::back_inserter(out), ",{}\n", drawdown);
  }
  return out;
}

std::string TradesCsv(const std::vector<jobs::Trade>& trades,
                      const std::vector<std::string>& symbols) {
  std::string out =
      "symbol,side,opened,closed,quantity,entry_price,exit_price,profit,fees,return\n";
  for (const jobs::Trade& t : trades) {
    fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{},{},{}\n",
                   Field(symbols[t.symbol.value()]), t.is_long ? "long" : "short",
                   base::FormatRfc3339(t.opened), base::FormatRfc3339(t.closed),
                   t.quantity.ToString(), t.entry.ToString(), t.exit.ToString(),
                   t.profit.ToString(), t.fees.ToString(), t.fraction);
  }
  return out;
}

std::string FillsCsv(const std::vector<jobs::RunFill>& fills,
                     const std::vector<std::string>& symbols) {
  std::string out =
      "time,symbol,side,type,liquidity,quantity,price,source_price,fee,realized_pnl,position_qty,"
      "cash\n";
  for (const jobs::RunFill& f : fills) {
    fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{},{},{},{},{}\n",
                   base::FormatRfc3339(f.time), Field(symbols[f.symbol.value()]),
                   model::Name(f.side), model::Name(f.type), f.maker ? "maker" : "taker",
                   f.quantity.ToString(), f.price.ToString(), f.source_price.ToString(),
                   f.fee.ToString(), f.realized.ToString(), f.position.ToString(),
                   f.cash.ToString());
  }
  return out;
}

std::string MonthsCsv(const std::vector<jobs::MonthReturn>& months) {
  std::string out = "month,return\n";
  for (const jobs::MonthReturn& m : months) {
    fmt::format_to(std::back_inserter(out), "{:04}-{:02},{}\n", static_cast<int>(m.month.year()),
                   static_cast<unsigned>(m.month.month()), m.fraction);
  }
  return out;
}

std::string SweepCsv(const std::vector<jobs::SweepRow>& rows) {
  std::string out;
  for (const auto& [name, value] : rows.front().values) out += name + ',';
  for (const jobs::FigureInfo& figure : jobs::FigureList()) out.append(figure.name).append(",");
  out += "ruined\n";
  for (const jobs::SweepRow& row : rows) {
    for (const auto& [name, value] : row.values) out += Field(jobs::Text(value)) + ',';
    for (const jobs::FigureInfo& figure : jobs::FigureList()) {
      out += figure.kind == jobs::FigureKind::kMoney
                 ? jobs::MoneyOf(row.figures, figure.name).ToString()
                 : NumberText(jobs::FigureOf(row.figures, figure.name));
      out += ',';
    }
    out += row.ruined ? "true\n" : "false\n";
  }
  return out;
}

}  // namespace

base::Result<void> WriteJson(const std::string& path, const jobs::BacktestRequest& request,
                             const jobs::ParameterValues& values,
                             const jobs::BacktestResult& result) {
  std::string out = Begin(request);
  out += R"(,"params":)";
  jobs::AppendParameters(out, values);
  out += R"(,"results":)";
  jobs::AppendFigures(out, result.figures);
  AppendOrigin(out, result);
  fmt::format_to(std::back_inserter(out), R"(,"ruined":{},"refused":{{)", result.ruined);
  for (const auto& [reason, count] : result.refused) {
    fmt::format_to(std::back_inserter(out), R"({}"{}":{})", out.back() == '{' ? "" : ",",
                   floor::Code(reason), count);
  }
  out += R"(},"months":)";
  jobs::AppendMonths(out, result.months);
  out += R"(,"trades":)";
  AppendList(out, result.trades,
             [&](const jobs::Trade& t) { jobs::AppendTrade(out, t, request.symbols); });
  fmt::format_to(std::back_inserter(out), R"(,"fill_count":{},"fills":)", result.fill_count);
  AppendList(out, result.fills,
             [&](const jobs::RunFill& f) { jobs::AppendFill(out, f, request.symbols); });
  out += R"(,"equity":)";
  jobs::AppendEquity(out, result.curve);
  return WriteFile(path, out + "}\n");
}

base::Result<void> WriteJson(const std::string& path, const jobs::BacktestRequest& request,
                             uint64_t skipped, const jobs::SweepResult& result) {
  std::string out = Begin(request);
  AppendOrigin(out, result);
  fmt::format_to(std::back_inserter(out), R"(,"skipped":{},"rows":)", skipped);
  AppendList(out, result.rows, [&](const jobs::SweepRow& row) { jobs::AppendRow(out, row); });
  return WriteFile(path, out + "}\n");
}

base::Result<void> WriteCsv(const std::string& folder, const jobs::BacktestRequest& request,
                            const jobs::BacktestResult& result) {
  if (auto made = MakeFolder(folder); !made) return made;
  const fs::path in(folder);
  for (const auto& [name, text] :
       {std::pair{"equity.csv", EquityCsv(result.curve)},
        std::pair{"trades.csv", TradesCsv(result.trades, request.symbols)},
        std::pair{"fills.csv", FillsCsv(result.fills, request.symbols)},
        std::pair{"months.csv", MonthsCsv(result.months)}}) {
    if (auto written = WriteFile(in / name, text); !written) return written;
  }
  return {};
}

base::Result<void> WriteCsv(const std::string& folder, const jobs::SweepResult& result) {
  if (auto made = MakeFolder(folder); !made) return made;
  if (result.rows.empty()) return {};
  return WriteFile(fs::path(folder) / "sweep.csv", SweepCsv(result.rows));
}

}  // namespace livetape::app
