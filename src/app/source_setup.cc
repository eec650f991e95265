#include "app/source_setup.h"

#include "market/replay_source.h"
#include "market/symbol_spec.h"
#include "market/synthetic.h"

namespace livetape::app {
namespace {

base::Result<std::unique_ptr<market::Source>> OpenReplay(const config::SourceSpec& spec,
                                                         base::Log& log) {
  market::ReplayOptions options;
  options.loop = spec.loop;
  options.log = &log;
  return market::OpenReplay(spec.file, std::move(options));
}

}  // namespace

base::Result<std::unique_ptr<market::Source>> MakeSource(const config::Config& config,
                                                         base::WallTime start, base::Log& log) {
  const config::SourceSpec& spec = config.market.source;
  switch (spec.kind) {
    case config::SourceSpec::Kind::kNone:
      return nullptr;
    case config::SourceSpec::Kind::kReplay:
      return OpenReplay(spec, log);
    case config::SourceSpec::Kind::kSynthetic:
      break;
  }
  market::SyntheticOptions options;
  options.seed = config.market.seed;
  options.rate = config.market.rate;
  options.start = start;
  for (const std::string& symbol : config.market.symbols) {
    options.symbols.push_back(market::DefaultSpec(symbol, config.market.seed));
  }
  return market::SyntheticSource::Open(std::move(options));
}

}  // namespace livetape::app
