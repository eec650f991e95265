// The market's source, and what there is from before it begins.

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "app/source_setup.h"
#include "app/trading_server.h"

namespace livetape::app {
namespace {

constexpr size_t kMadeBarsMax = 10'000;  // of one series, more than any source makes up

}  // namespace

base::Result<void> TradingServer::OpenSource() {
  const config::Config& config = ground_.config;
  const bool replay = config.market.source.kind == config::SourceSpec::Kind::kReplay;
  market::Pacer pacer(ground_.clock, replay ? config.market.source.speed : 1);
  const auto start = ground_.clock.Wall();
  if (!replay) pacer.Begin(start);
  auto source = MakeSource(config, start, ground_.log);
  if (!source) return std::unexpected(source.error());
  std::vector<hub::Shard*> shards;
  shards.reserve(loops_.size());
  for (const auto& loop : loops_) shards.push_back(&loop->shard());
  floor_ = std::make_unique<FloorAgent>(!replay,
                                        FloorAgent::Surroundings{.instruments = instruments_,
                                                                 .bars = bars_,
                                                                 .paper = paper_->floor(),
                                                                 .sessions = paper_->sessions(),
                                                                 .tape = *storage_.tape,
                                                                 .clock = ground_.clock},
                                        shards, metrics_);
  floor_thread_ = std::make_unique<FloorThread>(*floor_);
  if (!*source) return PrepareSource(replay);
  feed_ = std::make_unique<SourceAgent>(*std::move(source), pacer, *floor_, ground_.log, metrics_,
                                        ground_.failed);
  if (config.market.source.wait) waiting_source_ = feed_.get();
  return PrepareSource(replay);
}

// What there is from before the source begins: its own history, accounts, bars.
base::Result<void> TradingServer::PrepareSource(bool replay) {
  auto stored = BarRecovery::Read(ground_.config.server.data_dir);
  if (!stored) return std::unexpected(std::move(stored.error()));
  bars_.SetOnClosed([this](model::InstrumentId instrument, const market::ClosedBar& closed) {
    bar_queue_.AddClosed(instrument, closed.timeframe, closed.bar);
  });
  if (feed_) {
    floor_->SetHasBars([&stored](const model::Instrument& instrument, model::Timeframe timeframe) {
      return stored->HasHistory(instrument, timeframe);
    });
    if (auto prepared = feed_->Prepare(); !prepared) return prepared;
    floor_->SetHasBars(nullptr);
  }
  auto named = stored->NameAsListed(instruments_, *storage_.store, [this](auto from, auto to) {
    ground_.log.Info("the bars of {} are those of {}, as the source calls it", from, to);
  });
  if (!named) return named;
  if (auto recovered = paper_->Recover(*floor_); !recovered) return recovered;
  GoOnWithBars(*stored, replay);
  return {};
}

// A recording begins anew at each start, and its bars with it.
void TradingServer::GoOnWithBars(BarRecovery& stored, bool replay) {
  for (uint32_t i = 0; i < instruments_.size() && !replay; ++i) {
    const model::InstrumentId id(i);
    for (const model::Timeframe timeframe : model::kTimeframes) {
      if (stored.Has(instruments_.At(id).symbol, timeframe)) continue;
      for (const model::Bar& bar :
           bars_.Read(id, timeframe, base::WallTime::min(), base::WallTime::max(), kMadeBarsMax)) {
        bar_queue_.AddClosed(id, timeframe, bar);
      }
    }
  }
  stored.ForEachInstrument(kInstrumentsMax, [this](const model::Instrument& instrument) {
    if (instruments_.size() < kInstrumentsMax) floor_->Recall(instrument);
  });
  if (replay) return;
  BarRecovery::Asked asked;
  asked.find = [this](std::string_view symbol) -> std::optional<model::InstrumentId> {
    const auto found = instruments_.Find(symbol);
    if (!found || found->instrument.symbol != symbol) return std::nullopt;
    return found->id;
  };
  asked.skipped = [this](std::string_view symbol, const base::Error& error) {
    ground_.log.Error("the bars of {} begin anew: {}", symbol, error.message);
  };
  stored.Continue(ground_.clock.Wall(), asked, bars_, bar_queue_);
}

}  // namespace livetape::app
