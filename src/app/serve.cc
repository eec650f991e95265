#include "app/serve.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "api/access/session_endpoint.h"
#include "api/backend.h"
#include "api/channels/channel_endpoints.h"
#include "api/events/event_endpoints.h"
#include "api/market/market_rest.h"
#include "api/market/market_streams.h"
#include "api/native/native_stream.h"
#include "api/native/publish_endpoint.h"
#include "api/operations.h"
#include "app/entropy.h"
#include "app/floor_agent.h"
#include "app/native_values.h"
#include "app/source_agent.h"
#include "app/source_setup.h"
#include "app/stop_request.h"
#include "app/storage.h"
#include "http/descriptor_limit.h"

namespace livetape::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Requests in flight may take this long at a stop (DESIGN section 6).
constexpr milliseconds kStopPatience{2000};
constexpr seconds kKeyCheckPeriod{1};
constexpr seconds kRenewalPeriod{10};
constexpr size_t kRenewalsMax = 1000;

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
  options.trusted_proxies = config.server.trusted_proxies;
  options.log_requests = config.log.requests;
  options.log_streams = config.log.streams;
  return options;
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

// What the first loop looks after now and then.
void AddChores(http::EventLoop& loop, const config::Config& config, const base::Clock& clock,
               Storage& storage, api::Publisher& publisher, base::Log& log) {
  loop.Every(kKeyCheckPeriod, [&storage, &log] {
    const auto reloaded = storage.verifier->ReloadIfChanged();
    if (!reloaded) log.Error("{}; the keys read before stay in force", reloaded.error().message);
    if (reloaded && *reloaded) log.Info("the keys of tokens have been read again");
  });
  // Revocations outlive the tape's retention, as tokens do.
  loop.Every(kRenewalPeriod, [&config, &clock, &storage, &publisher] {
    const auto older_than = clock.Wall() - config.tape.keep / 2;
    std::vector<tape::NewRecord> records;
    for (const std::string& session :
         storage.folds->RevocationsToRenew(*storage.tape, older_than, kRenewalsMax)) {
      records.push_back(api::RevocationRecord(session));
    }
    if (!records.empty() && !publisher.Submit(std::move(records))) {
      // The tape takes nothing now: the next round tries again.
      return;
    }
  });
}

// The tape gives its records to every shard, and waits for the slowest.
void JoinTapeAndShards(Storage& storage, const std::vector<hub::Shard*>& shards) {
  storage.tape->SetFollower([&storage, shards](std::span<const tape::RecordRef> records) {
    storage.folds->Follow(records);
    for (hub::Shard* const shard : shards) shard->Wake();
  });
  storage.tape->SetSlowestReader([shards] {
    uint64_t slowest = UINT64_MAX;
    for (const hub::Shard* const shard : shards) slowest = std::min(slowest, shard->cursor());
    return slowest;
  });
}

}  // namespace

base::Result<void> Serve(const config::Config& config) {
  StopRequest stop;
  const base::RealClock clock;
  base::Log log(config.log.level, config.log.format);
  const http::ServerOptions server_options = ServerOptionsOf(config);
  RaiseLimits(server_options, log);
  metrics::Registry metrics;

  std::vector<std::unique_ptr<api::SseLoop>> loops;
  auto storage = OpenStorage(config, clock, metrics, log, [&loops](const std::string& session) {
    for (const auto& loop : loops) {
      loop->mailbox().Put([&loop, session] { loop->CloseSession(session); });
    }
  });
  if (!storage) return std::unexpected(std::move(storage.error()));
  tape::Tape& tape = *storage->tape;

  const bool replay = config.market.source.kind == config::SourceSpec::Kind::kReplay;
  market::Pacer pacer(clock, replay ? config.market.source.speed : 1);
  const auto start = clock.Wall();
  if (!replay) pacer.Begin(start);
  auto source = MakeSource(config, start, log);
  if (!source) return std::unexpected(source.error());

  http::Router router;
  http::Server server(server_options, router, clock, metrics, log);
  if (auto bound = server.Bind(); !bound) return bound;
  api::StreamLimiter limiter(config.limits.streams_per_address, config.limits.streams);
  api::StreamDirectory channels, sessions;
  std::vector<hub::Shard*> shards;
  std::vector<api::Mailbox*> mailboxes;
  for (size_t i = 0; i < server.loop_count(); ++i) {
    loops.push_back(std::make_unique<api::SseLoop>(
        server.loop(i), api::SseLoop::Surroundings{config, tape, limiter, sessions, clock, metrics},
        Entropy()));
    shards.push_back(&loops.back()->shard());
    mailboxes.push_back(&loops.back()->mailbox());
  }
  JoinTapeAndShards(*storage, shards);

  market::Instruments instruments;
  market::BarHistory bars;
  FloorAgent floor(!replay, instruments, bars, shards, clock, metrics);
  FloorThread floor_thread(floor);
  std::atomic<SourceAgent*> waiting_source = nullptr;
  std::unique_ptr<SourceAgent> feed;
  if (*source) {
    feed = std::make_unique<SourceAgent>(*std::move(source), pacer, floor, log, metrics,
                                         [&stop] { stop.Fail(); });
    if (auto prepared = feed->Prepare(); !prepared) return prepared;
    if (config.market.source.wait) waiting_source = feed.get();
  }

  api::PublishedState state(shards, metrics);
  api::Publisher publisher(
      {tape, state, storage->folds->idempotency(), floor, clock, std::move(mailboxes)});
  const api::Access access(config.auth, *storage->verifier, storage->folds->revoked(), clock);
  const api::MarketRenderings market_renderings;
  const api::ChannelRenderings channel_renderings(clock);
  const api::NativeRenderings native_renderings(clock, NativeServer(tape, floor));
  const api::EventRendering event_rendering;
  std::atomic<bool> ready = false;
  const api::Backend backend{.config = config,
                             .clock = clock,
                             .instruments = instruments,
                             .bars = bars,
                             .metrics = metrics,
                             .tape = tape,
                             .folds = *storage->folds,
                             .access = access,
                             .publisher = publisher,
                             .tick_floor = floor,
                             .channels = channels,
                             .sessions = sessions,
                             .renderings = market_renderings,
                             .channel_renderings = channel_renderings,
                             .native_renderings = native_renderings,
                             .event_rendering = event_rendering,
                             .loops = loops,
                             .market_stream_opened = [&] {
                               if (auto* const waiting = waiting_source.load()) waiting->Release();
                             }};
  api::AddMarketStreams(router, backend);
  api::AddMarketRest(router, backend);
  api::AddChannels(router, backend);
  api::AddUserEvents(router, backend);
  api::AddNativeStream(router, backend);
  api::AddPublishing(router, backend);
  api::AddSessions(router, backend);
  api::AddOperations(router, backend, [&ready, &tape] { return ready && tape.committing(); });
  api::AddOpenApi(router);
  AddChores(server.loop(0), config, clock, *storage, publisher, log);

  tape.Start();
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
  tape.Stop();
  floor_thread.Stop();
  for (size_t i = 0; i < loops.size(); ++i) {
    server.loop(i).Post([loop = loops[i].get()] { loop->Drain(); });
  }
  if (!server.Join(kStopPatience)) log.Warning("some connections had to be cut");
  if (stop.failed()) return base::Fail("the source of market data has failed; see the log");
  return {};
}

}  // namespace livetape::app
