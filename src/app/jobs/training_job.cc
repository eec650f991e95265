#include "app/jobs/training_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/jobs/training_body.h"
#include "app/jobs/stored_bars.h"
#include "base/json_text.h"
#include "base/time_text.h"
#include "jobs/backtest/result_json.h"
#include "jobs/rate.h"
#include "jobs/training/model_file.h"

namespace livetape::app {
namespace {

using jobs::JobContext;
using jobs::RoundFigures;
using model::JobEnd;

// New rounds in one event, at most (API section 10).
constexpr size_t kRoundsPerEvent = 200;

std::string RoundMembers(const RoundFigures& round) {
  return fmt::format(R"("round":{},"loss":{},"accuracy":{},"val_loss":{},"val_accuracy":{})",
                     round.round, round.loss, round.accuracy, round.val_loss, round.val_accuracy);
}

std::string RoundJson(const RoundFigures& round) { return "{" + RoundMembers(round) + "}"; }

// The rounds from `first` on; where there are too many, evenly spread ones and the last.
std::string RoundsJson(const std::vector<RoundFigures>& rounds, size_t first) {
  const size_t count = rounds.size() - first, shown = std::min(count, kRoundsPerEvent);
  std::string out = "[";
  for (size_t i = 1; i <= shown; ++i) {
    if (i > 1) out += ',';
    out += RoundJson(rounds[first + count * i / shown - 1]);
  }
  return out + "]";
}

// Tells of each round, or of some together when they come quickly.
class RoundTeller {
 public:
  RoundTeller(JobContext& context, uint32_t rounds, const base::Clock& clock)
      : context_(context), total_(rounds), rate_(clock) {}

  void Add(const RoundFigures& round) {
    rounds_.push_back(round);
    if (!context_.Due()) return;
    const jobs::Rate rate = rate_.At(round.round, total_);
    context_.Report(
        rate.percent, round.round, jobs::RateText(rate, "rounds"),
        fmt::format(R"({},"metrics":{{{},"rounds":{}}})", jobs::RateMembers(rate, "rounds"),
                    RoundMembers(round), RoundsJson(rounds_, told_)));
    told_ = rounds_.size();
  }
  const std::vector<RoundFigures>& rounds() const { return rounds_; }
  size_t told() const { return told_; }

 private:
  JobContext& context_;
  const uint32_t total_;
  jobs::RateMeter rate_;
  std::vector<RoundFigures> rounds_;
  size_t told_ = 0;
};

std::string ImportanceJson(const jobs::ModelFacts& facts) {
  std::string out = "{";
  for (size_t i = 0; i < jobs::kFeatures; ++i) {
    out +=
        fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", jobs::kFeatureNames[i], facts.importance[i]);
  }
  return out + "}";
}

JobEnd EndOf(const jobs::ModelFacts& facts, const RoundTeller& teller) {
  JobEnd end{.state = model::JobState::kCompleted};
  end.records = facts.rounds_run;
  end.message =
      fmt::format("{} rounds, the best is {}: val_loss {:.4f}, val_accuracy {:.4f}",
                  facts.rounds_run, facts.best.round, facts.best.val_loss, facts.best.val_accuracy);
  const std::string metrics = RoundMembers(facts.best);
  end.result = fmt::format(R"({{"metrics":{{{}}},"rounds_run":{},"importance":{},"symbols":[)",
                           metrics, facts.rounds_run, ImportanceJson(facts));
  for (const std::string& symbol : facts.symbols) {
    if (end.result.back() != '[') end.result += ',';
    base::AppendJsonString(end.result, symbol);
  }
  end.result += fmt::format(
      R"(],"timeframe":"{}","from":"{}","to":"{}","split":"{}","bars":{},"training_samples":{},)"
      R"("validation_samples":{},"validation_up":{},"seed":{},"data_hash":"{}","version":"{}"}})",
      Name(facts.timeframe), base::FormatRfc3339(facts.first), base::FormatRfc3339(facts.last),
      base::FormatRfc3339(facts.split), facts.bars, facts.training_samples,
      facts.validation_samples, facts.validation_up, facts.parameters.seed,
      jobs::HashText(facts.data_hash), LIVETAPE_VERSION);
  end.members = fmt::format(R"("metrics":{{{},"rounds":{}}})", metrics,
                            RoundsJson(teller.rounds(), teller.told()));
  return end;
}

}  // namespace

JobEnd RunTrainingJob(JobContext& context, const JobGround& ground) {
  const auto request = api::ParseTrainingBody(context.job().request);
  if (!request) return JobEnd::Failed("the request cannot be read: " + request.error().detail);
  const auto spec = jobs::Check(*request);
  if (!spec) return JobEnd::Failed(spec.error().message);
  auto reader = OpenStoreReader(ground.folder);
  if (!reader) return JobEnd::Failed(reader.error().message);
  std::vector<std::unique_ptr<StoredBars>> bars;
  std::vector<jobs::TrainingSymbol> symbols;
  const jobs::TimeRange& range = spec->range;
  for (const std::string& symbol : request->symbols) {
    bars.push_back(
        std::make_unique<StoredBars>(**reader, symbol, spec->timeframe, range.from, range.to));
    symbols.push_back({.name = symbol, .bars = bars.back().get()});
  }
  RoundTeller teller(context, spec->rounds, ground.clock);
  const jobs::TrainingHooks hooks{
      .round = [&teller](const RoundFigures& round) { teller.Add(round); }, .stop = context.stop()};
  const auto trained = jobs::Train(*spec, symbols, {}, ground.clock, hooks);
  if (!trained) return JobEnd::Failed(trained.error().message);
  if (!*trained) return JobEnd::Cancelled();
  model::ResultRows rounds{.name = "rounds"};
  for (const RoundFigures& round : teller.rounds()) rounds.rows.push_back(RoundJson(round));
  if (const auto kept = context.KeepRows(std::move(rounds)); !kept) {
    return JobEnd::Failed(kept.error().message);
  }
  const auto file = jobs::ModelFile(ground.folder, context.job().id);
  if (auto written = jobs::WriteModel(file, **trained); !written) {
    return JobEnd::Failed(written.error().message);
  }
  return EndOf((*trained)->facts, teller);
}

}  // namespace livetape::app
