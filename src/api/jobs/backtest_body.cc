#include "api/jobs/backtest_body.h"

#include <fmt/format.h>

#include <utility>

#include "api/body/json_objects.h"
#include "api/body/member_values.h"
#include "api/jobs/request_members.h"

namespace livetape::api {
namespace {

constexpr std::string_view kFields =
    "strategy, params, symbols, from, to, timeframe, cash, fee, slippage_bps, fee_per_share, "
    "fee_min, close_at_end, fractional, rank_by";

constexpr base::Decimal Whole(int64_t value) {
  return base::Decimal::FromUnits(value * base::kDecimalScale);
}

BodyResult<void> Read(const JsonMember& member, jobs::BacktestRequest& request) {
  jobs::BacktestSpec& spec = request.spec;
  if (member.name == "strategy") return Put(TextOf(member), request.strategy);
  if (member.name == "params") return Put(ParamsOf(member), request.params);
  if (member.name == "symbols") return Put(SymbolsOf(member), request.symbols);
  if (member.name == "from") return Put(RangeEndOf(member, false), spec.range.from);
  if (member.name == "to") return Put(RangeEndOf(member, true), spec.range.to);
  if (member.name == "cash") return Put(CashOf(member), spec.cash);
  if (member.name == "fee") return Put(DecimalOf(member, Whole(1)), spec.fees.rate);
  if (member.name == "fee_per_share") {
    return Put(DecimalOf(member, Whole(1'000'000)), spec.fees.per_share);
  }
  if (member.name == "fee_min") return Put(DecimalOf(member, Whole(1'000'000)), spec.fees.minimum);
  if (member.name == "slippage_bps") return Put(DecimalOf(member, Whole(9999)), spec.slippage_bps);
  if (member.name == "fractional") return Put(FlagOf(member), spec.fractional);
  if (member.name == "rank_by") return Put(TextOf(member), request.rank_by);
  if (member.name == "timeframe") return Put(TimeframeOf(member), request.timeframe);
  if (member.name == "close_at_end") {
    const auto place = ChoiceOf(member, jobs::kCloseAtEndNames);
    if (!place) return std::unexpected(place.error());
    spec.close_at_end = static_cast<jobs::CloseAtEnd>(*place);
    return {};
  }
  return BadField(std::string(member.name), fmt::format("is unknown; there are {}", kFields));
}

}  // namespace

BodyResult<jobs::BacktestRequest> ParseBacktestBody(std::string_view body) {
  JsonObjectReader reader;
  const auto object = reader.ReadOne(body);
  if (!object) return std::unexpected(object.error());
  jobs::BacktestRequest request;
  for (const JsonMember& member : object->members) {
    if (member.kind == JsonKind::kNull) continue;
    if (auto read = Read(member, request); !read) return std::unexpected(std::move(read.error()));
  }
  if (request.strategy.empty()) {
    std::string names;
    for (const jobs::StrategyInfo& strategy : jobs::Strategies()) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", strategy.name);
    }
    return BadField("strategy", "is missing; there are " + names);
  }
  if (request.symbols.empty()) {
    return BadField("symbols", "is missing: a list of symbols whose bars are stored");
  }
  return request;
}

}  // namespace livetape::api
