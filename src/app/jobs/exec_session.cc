#include "app/jobs/exec_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "api/alpaca/order_body.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "jobs/backtest/result_json.h"
#include "jobs/backtest/sizing.h"

namespace livetape::app {
namespace {

using api::BodyResult;
using api::JsonKind;
using api::JsonMember;
using api::JsonObject;
using jobs::Stance;

constexpr double kWarmUpMax = 1'000'000;
// Wishes of one moment; more are a fault.
constexpr size_t kIntentsMax = 10'000;

// A whole number from 1 to `most`.
std::optional<uint32_t> Whole(const JsonMember& member, double most) {
  if (member.kind != JsonKind::kNumber) return std::nullopt;
  const std::optional<double> number = api::NumberOf(member.json);
  if (!number || *number < 1 || *number > most || *number != std::floor(*number)) {
    return std::nullopt;
  }
  return static_cast<uint32_t>(*number);
}

std::optional<Stance> StanceOf(const JsonMember& member) {
  if (member.text == "long") return Stance::kLong;
  if (member.text == "short") return Stance::kShort;
  if (member.text == "flat") return Stance::kFlat;
  return std::nullopt;
}

// The one strategy of the run: all else is the session's.
class ExecStrategy final : public jobs::Strategy {
 public:
  explicit ExecStrategy(ExecSession& session) : session_(session) {}
  void OnBars(std::span<const jobs::SymbolBar> bars, const jobs::Holdings& holdings,
              std::vector<jobs::Intent>& intents) override {
    session_.OnBars(bars, holdings, intents);
  }

 private:
  ExecSession& session_;
};

}  // namespace

base::Result<std::unique_ptr<ExecSession>> ExecSession::Start(const ExecOptions& options,
                                                              const jobs::BacktestRequest& request,
                                                              const base::Clock& clock,
                                                              std::stop_source stop) {
  auto program = ChildProcess::Start(options.command, clock);
  if (!program) return std::unexpected(program.error());
  std::unique_ptr<ExecSession> session(
      new ExecSession(options, request, *std::move(program), std::move(stop)));
  if (auto greeted = session->Greet(options, request); !greeted) {
    return std::unexpected(std::move(greeted.error()));
  }
  return session;
}

ExecSession::ExecSession(const ExecOptions& options, const jobs::BacktestRequest& request,
                         std::unique_ptr<ChildProcess> program, std::stop_source stop)
    : command_(options.command),
      symbols_(request.symbols),
      timeout_(options.timeout),
      stop_(std::move(stop)),
      program_(std::move(program)) {}

jobs::StrategyPlan ExecSession::Plan() {
  return {.portfolio = true, .warm_up = warm_up_, .make = [this](size_t) {
            return std::make_unique<ExecStrategy>(*this);
          }};
}

base::Error ExecSession::FaultOf(std::string_view what) const {
  return base::Error{fmt::format("the program '{}' {}", command_, what)};
}

base::Result<void> ExecSession::Greet(const ExecOptions& options,
                                      const jobs::BacktestRequest& request) {
  line_ = R"({"type":"start","params":{)";
  for (const auto& [name, value] : options.params) {
    if (line_.back() != '{') line_ += ',';
    base::AppendJsonString(line_, name);
    line_ += ':';
    base::AppendJsonString(line_, value);
  }
  line_ += R"(},"request":)";
  jobs::AppendRequest(line_, request);
  line_ += '}';
  const auto answer = program_->Exchange(line_, timeout_, stop_.get_token());
  if (!answer) return std::unexpected(FaultOf(answer.error().message));
  const BodyResult<JsonObject> object = reader_.ReadOne(*answer, "the answer to start");
  if (!object) return std::unexpected(FaultOf("wrote: " + object.error().detail));
  for (const JsonMember& member : object->members) {
    const auto bars = member.name == "warm_up" ? Whole(member, kWarmUpMax) : std::nullopt;
    if (!bars) {
      return std::unexpected(FaultOf(
          fmt::format("answered the start with '{}'; right is {{}} or {{\"warm_up\":30}}, the bars "
                      "until it can first decide, at most {}",
                      answer->substr(0, 200), kWarmUpMax)));
    }
    warm_up_ = *bars;
  }
  return {};
}

void ExecSession::Describe(std::span<const jobs::SymbolBar> bars, const jobs::Holdings& holdings) {
  line_ = R"({"type":"bars","time":")";
  base::AppendRfc3339(line_, bars.front().bar->start);
  line_ += R"(","bars":[)";
  for (const jobs::SymbolBar& b : bars) {
    if (line_.back() != '[') line_ += ',';
    line_ += R"({"symbol":)";
    base::AppendJsonString(line_, symbols_[b.symbol.value()]);
    const auto add = [this](std::string_view name, const auto& value) {
      line_.append(name);
      value.AppendTo(line_);
    };
    add(R"(,"open":)", b.bar->open);
    add(R"(,"high":)", b.bar->high);
    add(R"(,"low":)", b.bar->low);
    add(R"(,"close":)", b.bar->close);
    add(R"(,"volume":)", b.bar->volume);
    line_ += '}';
  }
  line_ += R"(],"cash":)";
  holdings.cash().AppendTo(line_);
  line_ += R"(,"equity":)";
  holdings.equity().AppendTo(line_);
  line_ += R"(,"positions":{)";
  for (uint32_t i = 0; i < symbols_.size(); ++i) {
    const base::Quantity quantity = holdings.PositionIn(jobs::Symbol(i));
    if (quantity.zero()) continue;
    if (line_.back() != '{') line_ += ',';
    base::AppendJsonString(line_, symbols_[i]);
    line_ += ':';
    quantity.AppendTo(line_);
  }
  line_ += "}}";
}

void ExecSession::OnBars(std::span<const jobs::SymbolBar> bars, const jobs::Holdings& holdings,
                         std::vector<jobs::Intent>& intents) {
  if (fault_ || stop_.stop_requested()) return;
  Describe(bars, holdings);
  const auto answer = program_->Exchange(line_, timeout_, stop_.get_token());
  // Who was asked to stop is no longer to answer.
  if (!answer && stop_.stop_requested()) return;
  const size_t before = intents.size();
  const auto taken = answer ? TakeAnswer(*answer, intents)
                            : base::Result<void>(std::unexpected(FaultOf(answer.error().message)));
  if (taken) return;
  fault_ = base::Error{fmt::format("{}; at the bar of {}", taken.error().message,
                                   base::FormatRfc3339(bars.front().bar->start))};
  intents.resize(before, jobs::CancelOpen{});
  stop_.request_stop();
}

base::Result<void> ExecSession::TakeAnswer(std::string_view line,
                                           std::vector<jobs::Intent>& intents) {
  if (line.empty())
    return std::unexpected(FaultOf("answered with an empty line; right is [] for nothing"));
  size_t count = 0;
  const auto read = reader_.ReadEach(
      line, "the answer",
      [&](std::optional<size_t>, const JsonObject& wish) -> std::optional<api::BodyError> {
        if (++count > kIntentsMax) {
          return api::BodyError{.detail = fmt::format("more than {} wishes", kIntentsMax)};
        }
        BodyResult<jobs::Intent> intent = IntentOf(wish);
        if (!intent) return std::move(intent.error());
        intents.push_back(*std::move(intent));
        return std::nullopt;
      });
  if (read) return {};
  return std::unexpected(
      FaultOf(fmt::format("answered '{}': {}", line.substr(0, 200), read.error().detail)));
}

BodyResult<jobs::Symbol> ExecSession::SymbolOf(std::optional<std::string_view> name) const {
  if (!name) {
    if (symbols_.size() == 1) return jobs::Symbol(0);
    return api::BadField("symbol", "is missing: there is more than one");
  }
  const auto it = std::ranges::find(symbols_, *name);
  if (it == symbols_.end()) {
    return api::BadField("symbol", "must be one of those of the backtest");
  }
  return jobs::Symbol(static_cast<uint32_t>(it - symbols_.begin()));
}

// {"symbol", "target", "parts"}, {"symbol", "cancel": true} or {"order": {"symbol", ...}}.
BodyResult<jobs::Intent> ExecSession::IntentOf(const JsonObject& wish) const {
  constexpr std::array kFields = {"symbol", "target", "parts", "cancel", "order"};
  for (const JsonMember& member : wish.members) {
    if (std::ranges::find(kFields, member.name) == kFields.end()) {
      return api::BadField(std::string(member.name),
                           "is unknown; there are: symbol, target, parts, cancel, order");
    }
  }
  const JsonMember* const target = wish.Find("target");
  const JsonMember* const cancel = wish.Find("cancel");
  const JsonMember* const order = wish.Find("order");
  const JsonMember* const parts = wish.Find("parts");
  if ((target != nullptr) + (cancel != nullptr) + (order != nullptr) != 1 ||
      (parts != nullptr && target == nullptr)) {
    return std::unexpected(api::BodyError{
        .detail = "a wish has exactly one of target (with parts, if wanted), cancel and order"});
  }
  if (order != nullptr) return OrderOf(order->json);
  const JsonMember* const named = wish.Find("symbol");
  const auto symbol = SymbolOf(named != nullptr ? std::optional(named->text) : std::nullopt);
  if (!symbol) return std::unexpected(symbol.error());
  if (cancel != nullptr) {
    if (cancel->json != "true") return api::BadField("cancel", "must be true");
    return jobs::Intent(jobs::CancelOpen{*symbol});
  }
  const auto stance = StanceOf(*target);
  if (!stance) return api::BadField("target", "must be \"long\", \"short\" or \"flat\"");
  const auto share = parts != nullptr ? Whole(*parts, jobs::kPartsMax) : uint32_t{1};
  if (!share) {
    return api::BadField("parts",
                         fmt::format("must be a whole number from 1 to {}", jobs::kPartsMax));
  }
  return jobs::Intent(jobs::Target{*symbol, *stance, *share});
}

BodyResult<jobs::Intent> ExecSession::OrderOf(std::string_view json) const {
  auto body = api::ParseOrderBody(json);
  if (!body) return std::unexpected(std::move(body.error()));
  const auto symbol = SymbolOf(body->symbol);
  if (!symbol) return std::unexpected(symbol.error());
  body->request.instrument = *symbol;
  return jobs::Intent(body->request);
}

}  // namespace livetape::app
