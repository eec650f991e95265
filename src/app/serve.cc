#include "app/serve.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "api/backend.h"
#include "api/market_rest.h"
#include "api/market_streams.h"
#include "api/operations.h"
#include "app/floor_agent.h"
#include "app/source_agent.h"
#include "app/stop_request.h"
#include "http/descriptor_limit.h"
#include "market/replay_source.h"
#include "market/symbol_spec.h"
#include "market/synthetic.h"

namespace livetape::app {
namespace {

using std::chrono::milliseconds;

// Requests in flight may take this long at a stop (DESIGN section 6).
constexpr milliseconds kStopPatience{2000};

uint64_t Entropy() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

size_t Threads(const config::Config& config) {
  if (config.server.threads > 0) return config.server.threads;
  return std::max<size_t>(1, std::thread::hardware_concurrency() / 2);
}

http::ServerOptions ServerOptionsOf(const config::Config& config) {
  http::ServerOptions options;
  options.host = config.server.host;
  options.port = config.server.port;
  options.threads = Threads(config);
  options.head_bytes_max = config.limits.head_bytes;
  options.body_bytes_max = config.limits.body_bytes;
  options.hosts = config.server.hosts;
  options.cors_origins = config.server.cors_origins;
  return options;
}

base::Result<std::unique_ptr<market::Source>> OpenReplay(const config::SourceSpec& spec,
                                                         base::Log& log) {
  market::ReplayOptions options;
  options.loop = spec.loop;
  options.log = &log;
  return market::OpenReplay(spec.file, std::move(options));
}

// The source that the configuration asks for; null for `none`.
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

// The floor's thread, from Start to Stop.
class FloorThread {
 public:
  explicit FloorThread(FloorAgent& floor) : floor_(floor) {}
  ~FloorThread() { Stop(); }
  void Start() {
    thread_ = std::thread([this] {
      while (!stopping_) {
        if (!floor_.DoWork()) floor_.Wait();
      }
    });
  }
  void Stop() {
    stopping_ = true;
    floor_.Wake();
    if (thread_.joinable()) thread_.join();
  }

 private:
  FloorAgent& floor_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

// The line that says that it serves; whoever started it may wait for it.
void Announce(const config::Config& config, uint16_t port) {
  const std::string& host = config.server.host;
  fmt::print("livetape: listening on http://{}:{}\n",
             host.find(':') == std::string::npos ? host : "[" + host + "]", port);
  std::fflush(stdout);
}

// The kernel's limit of open files, raised as far as it goes.
void RaiseLimits(const http::ServerOptions& options, base::Log& log) {
  const size_t descriptors = http::RaiseDescriptorLimit(options.connections_max);
  if (descriptors >= options.connections_max) return;
  log.Warning("at most {} open files are allowed, so fewer than {} connections; see ulimit -n",
              descriptors, options.connections_max);
}

}  // namespace

base::Result<void> Serve(const config::Config& config) {
  StopRequest stop;
  const base::RealClock clock;
  base::Log log(config.log.level, config.log.format);
  const http::ServerOptions server_options = ServerOptionsOf(config);
  RaiseLimits(server_options, log);
  metrics::Registry metrics;
  const bool replay = config.market.source.kind == config::SourceSpec::Kind::kReplay;
  market::Pacer pacer(clock, replay ? config.market.source.speed : 1);
  const auto start = clock.Wall();
  if (!replay) pacer.Begin(start);
  auto source = MakeSource(config, start, log);
  if (!source) return std::unexpected(source.error());

  const tape::Ring ring(config.tape.ring);
  // Without durable storage every start is a new epoch.
  const api::RingRecords records(ring, fmt::format("{:08x}", static_cast<uint32_t>(Entropy())));
  market::Instruments instruments;
  market::BarHistory bars;
  const api::Renderings renderings;
  api::StreamLimiter limiter(config.limits.streams_per_address, config.limits.streams);
  std::vector<std::unique_ptr<api::SseLoop>> loops;
  std::atomic<SourceAgent*> waiting_source = nullptr;
  std::atomic<bool> ready = false;
  const api::Backend backend{config, instruments, bars, metrics, renderings, loops, [&] {
                               if (auto* const waiting = waiting_source.load()) waiting->Release();
                             }};
  http::Router router;
  api::AddMarketStreams(router, backend);
  api::AddMarketRest(router, backend);
  api::AddOperations(router, backend, [&ready] { return ready.load(); });
  api::AddOpenApi(router);

  http::Server server(server_options, router, clock, metrics, log);
  if (auto bound = server.Bind(); !bound) return bound;
  std::vector<hub::Shard*> shards;
  for (size_t i = 0; i < server.loop_count(); ++i) {
    loops.push_back(std::make_unique<api::SseLoop>(server.loop(i), config, records, limiter, clock,
                                                   metrics, Entropy()));
    shards.push_back(&loops.back()->shard());
  }

  FloorAgent floor(!replay, instruments, bars, shards, clock, metrics);
  FloorThread floor_thread(floor);
  std::unique_ptr<SourceAgent> feed;
  if (*source) {
    feed = std::make_unique<SourceAgent>(*std::move(source), pacer, floor, log, metrics,
                                         [&stop] { stop.Fail(); });
    if (auto prepared = feed->Prepare(); !prepared) return prepared;
    if (config.market.source.wait) waiting_source = feed.get();
  }

  floor_thread.Start();
  server.Start();
  if (feed) feed->Start(config.market.source.wait);
  ready = true;
  Announce(config, server.port());

  const std::string signal = stop.Wait();
  if (!signal.empty()) log.Info("{}: stopping; a second signal ends at once", signal);
  stop.LetSignalsKill();
  ready = false;
  waiting_source = nullptr;
  server.StopAccepting();
  if (feed) feed->Stop();
  floor_thread.Stop();
  for (size_t i = 0; i < loops.size(); ++i) {
    server.loop(i).Post([loop = loops[i].get()] { loop->Drain(); });
  }
  if (!server.Join(kStopPatience)) log.Warning("some connections had to be cut");
  if (stop.failed()) return base::Fail("the source of market data has failed; see the log");
  return {};
}

}  // namespace livetape::app
