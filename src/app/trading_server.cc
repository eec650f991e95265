#include "app/trading_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "api/access/session_endpoint.h"
#include "api/alpaca/alpaca_error.h"
#include "api/alpaca/order_endpoints.h"
#include "api/alpaca_data/alpaca_market.h"
#include "api/backend.h"
#include "api/channels/channel_endpoints.h"
#include "api/events/event_endpoints.h"
#include "api/market/market_rest.h"
#include "api/market/market_streams.h"
#include "api/native/native_stream.h"
#include "api/native/publish_endpoint.h"
#include "api/operations.h"
#include "api/page/page_endpoints.h"
#include "api/paper/account_endpoints.h"
#include "api/risk/alert_endpoints.h"
#include "api/trade_updates/trade_events.h"
#include "app/entropy.h"
#include "app/native_values.h"
#include "http/descriptor_limit.h"

namespace livetape::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Requests in flight may take this long at a stop (DESIGN section 6).
constexpr milliseconds kStopPatience{2000};
constexpr seconds kKeyCheckPeriod{1};
constexpr seconds kClosesPeriod{5};
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

}  // namespace

TradingServer::TradingServer(Ground ground)
    : ground_(std::move(ground)),
      limiter_(ground_.config.limits.streams_per_address, ground_.config.limits.streams),
      channel_renderings_(ground_.clock) {}

TradingServer::~TradingServer() { Stop(); }

base::Result<void> TradingServer::Open() {
  const config::Config& config = ground_.config;
  auto storage =
      OpenStorage(config, ground_.clock, metrics_, ground_.log, [this](const std::string& session) {
        for (const auto& loop : loops_) {
          loop->mailbox().Put([&loop, session] { loop->CloseSession(session); });
        }
      });
  if (!storage) return std::unexpected(std::move(storage.error()));
  storage_ = *std::move(storage);
  if (auto opened = OpenRecording(); !opened) return opened;
  server_ = std::make_unique<http::Server>(ServerOptionsOf(config), router_, ground_.clock,
                                           metrics_, ground_.log);
  if (auto bound = server_->Bind(); !bound) return bound;
  MakeLoops();
  MakePaperTrading();
  JoinTapeAndShards();
  if (auto opened = OpenSource(); !opened) return opened;
  if (auto added = AddEndpoints(); !added) return added;
  AddChores();
  return {};
}

base::Result<void> TradingServer::OpenRecording() {
  const RecordOptions& record = ground_.record;
  if (record.file.empty()) return {};
  auto file = MakeRecordingFile(record.file);
  if (!file) return std::unexpected(std::move(file.error()));
  recorder_ = std::make_unique<FloorRecorder>(
      *std::move(file), FloorRecorder::Limits{.file_bytes = record.limit_mib << 20}, ground_.log,
      metrics_);
  return {};
}

void TradingServer::MakeLoops() {
  for (size_t i = 0; i < server_->loop_count(); ++i) {
    loops_.push_back(std::make_unique<api::SseLoop>(
        server_->loop(i),
        api::SseLoop::Surroundings{ground_.config, *storage_.tape, limiter_, sessions_,
                                   storage_.folds->revoked(), ground_.clock, metrics_},
        Entropy()));
  }
}

// The tape gives its records to every shard, and waits for the slowest.
void TradingServer::JoinTapeAndShards() {
  storage_.tape->SetFollower([this](std::span<const tape::RecordRef> records) {
    storage_.folds->Follow(records);
    paper_->projector().Follow(records);
    trade_updates_->Follow(records);
    for (const auto& loop : loops_) loop->shard().Wake();
    RenewRevocations();
  });
  storage_.tape->SetKeepFrom([this] {
    return std::min(storage_.folds->oldest_needed(), paper_->projector().oldest_needed());
  });
  storage_.tape->SetSlowestReader([this] {
    uint64_t slowest = paper_->projector().through();
    for (const auto& loop : loops_) slowest = std::min(slowest, loop->shard().cursor());
    return slowest;
  });
}

std::vector<api::Mailbox*> TradingServer::Mailboxes() const {
  std::vector<api::Mailbox*> mailboxes;
  mailboxes.reserve(loops_.size());
  for (const auto& loop : loops_) mailboxes.push_back(&loop->mailbox());
  return mailboxes;
}

void TradingServer::MakePaperTrading() {
  std::vector<hub::Shard*> shards;
  shards.reserve(loops_.size());
  for (const auto& loop : loops_) shards.push_back(&loop->shard());
  state_.emplace(shards, metrics_, api::PublishedState::Limits{});
  access_.emplace(ground_.config.auth, *storage_.verifier, storage_.folds->revoked(),
                  ground_.clock);
  paper_ = std::make_unique<PaperTrading>(PaperTrading::Ground{.config = ground_.config,
                                                               .clock = ground_.clock,
                                                               .log = ground_.log,
                                                               .metrics = metrics_,
                                                               .storage = storage_,
                                                               .access = *access_,
                                                               .state = *state_,
                                                               .instruments = instruments_,
                                                               .loops = Mailboxes(),
                                                               .bars = &bar_queue_,
                                                               .recorder = recorder_.get()});
  access_->SetOwners([this](const auth::Claims& claims, std::string_view account) {
    return paper_->directory().MayRead(claims, account);
  });
  std::vector<api::TradeUpdates::Loop> loops;
  loops.reserve(loops_.size());
  for (size_t i = 0; i < loops_.size(); ++i) {
    loops.push_back({server_->loop(i), loops_[i]->mailbox()});
  }
  trade_updates_ = std::make_unique<api::TradeUpdates>(
      api::TradeUpdates::Surroundings{.access = paper_->directory(),
                                      .limiter = limiter_,
                                      .clock = ground_.clock,
                                      .head = [this] { return storage_.tape->head(); }},
      loops);
}

api::Backend TradingServer::MakeBackend() {
  return {.config = ground_.config,
          .clock = ground_.clock,
          .instruments = instruments_,
          .bars = bars_,
          .stored = paper_->projector(),
          .metrics = metrics_,
          .tape = *storage_.tape,
          .folds = *storage_.folds,
          .access = *access_,
          .publisher = *publisher_,
          .tick_floor = *floor_,
          .channels = channels_,
          .sessions = sessions_,
          .renderings = market_renderings_,
          .channel_renderings = channel_renderings_,
          .native_renderings = *native_renderings_,
          .event_rendering = *event_rendering_,
          .loops = loops_,
          .market_stream_opened =
              [this] {
                if (auto* const waiting = waiting_source_.load()) waiting->Release();
              },
          .is_own_job = [this](std::string_view topic) { return jobs_->Owns(topic); },
          .trade_updates = [this](const http::Request& request,
                                  size_t loop) { return trade_updates_->Answer(request, loop); }};
}

base::Result<void> TradingServer::AddEndpoints() {
  publisher_.emplace(api::Publisher::Surroundings{
      *storage_.tape, *state_, storage_.folds->idempotency(), *floor_, ground_.clock, Mailboxes()});
  const api::NativeRendering::Server values = NativeServer(*storage_.tape, *floor_);
  native_renderings_.emplace(ground_.clock, values);
  event_rendering_.emplace(ground_.clock, values.head_id);
  backend_.emplace(MakeBackend());
  trading_.emplace(api::TradingBackend{.server = *backend_,
                                       .access = paper_->directory(),
                                       .desk = *floor_,
                                       .store = paper_->projector(),
                                       .ids = paper_->ids()});
  api::AddMarketStreams(router_, *backend_);
  api::AddMarketRest(router_, *backend_);
  api::AddChannels(router_, *backend_);
  api::AddUserEvents(router_, *backend_);
  api::AddNativeStream(router_, *backend_);
  api::AddPublishing(router_, *backend_);
  api::AddSessions(router_, *backend_);
  AddTradingEndpoints();
  auto jobs = JobCenter::Open({.server = *backend_,
                               .store = *storage_.store,
                               .loops = Mailboxes(),
                               .log = ground_.log,
                               .metrics = metrics_,
                               .bars = bar_queue_,
                               .introduce =
                                   [this](model::Instrument instrument) {
                                     return floor_->Introduce(std::move(instrument));
                                   }},
                              base::Random(Entropy()));
  if (!jobs) return std::unexpected(std::move(jobs.error()));
  jobs_ = *std::move(jobs);
  jobs_->AddEndpoints(router_);
  api::AddOperations(router_, *backend_, [this] { return ready_ && storage_.tape->committing(); });
  api::AddPage(router_, web::kPageFiles);
  api::AddOpenApi(router_, ground_.config.auth.cookie);
  return {};
}

void TradingServer::AddTradingEndpoints() {
  const auto floor_time = [this] { return floor_->FloorTime(); };
  const bool demo = ground_.config.paper.strategy == config::PaperStrategy::kDemo;
  paper_view_.emplace(api::PaperView{.trading = *trading_,
                                     .directory = paper_->directory(),
                                     .rendering = equity_rendering_,
                                     .strategy = demo ? "demo" : "none",
                                     .usual = paper_->floor().usual()});
  account_view_.emplace(api::AlpacaAccountView{
      .trading = *trading_, .directory = paper_->directory(), .floor_time = floor_time});
  router_.SetErrorForm("/v2/", api::AlpacaForm);
  router_.SetErrorForm("/v1beta3/", api::AlpacaForm);
  api::AddPaperTrading(router_, *paper_view_);
  api::AddAccounts(router_, *paper_view_);
  api::AddAlpacaOrders(router_, *trading_);
  api::AddAlpacaAccount(router_, *account_view_);
  api::AddAlpacaData(router_, *backend_, *trading_, paper_->sessions(), floor_time);
  api::AddTradeEvents(router_, *backend_, *trading_);
  closes_.emplace(instruments_, *floor_, bar_queue_, ground_.config.paper.account, ground_.log);
  risk_view_.emplace(
      api::RiskView{.trading = *trading_,
                    .default_account = ground_.config.paper.account,
                    .refresh_closes = [this](store::Reader& reader) { closes_->Refresh(reader); }});
  api::AddRisk(router_, *risk_view_);
  api::AddAlerts(router_, *backend_);
}

// What the first loop looks after now and then.
void TradingServer::AddChores() {
  http::EventLoop& loop = server_->loop(0);
  loop.Every(kKeyCheckPeriod, [this] {
    const auto reloaded = storage_.verifier->ReloadIfChanged();
    if (!reloaded) {
      ground_.log.Error("{}", reloaded.error().message);
    } else if (*reloaded) {
      ground_.log.Info("the keys of tokens have been read again");
    }
  });
  // Limits of risk look at days that have been imported, though nobody asks.
  loop.Every(kClosesPeriod, [this] {
    // When many queries wait, the next time will do.
    (void)storage_.store->Read([this](store::Reader& reader) { closes_->Refresh(reader); });
  });
  if (paper_->demo() != nullptr) loop.Every(seconds(1), [this] { paper_->demo()->Step(); });
}

// Revocations outlive the tape's retention, as tokens do. If the tape takes nothing now, the next
// group tries again; until then it forgets none of them.
void TradingServer::RenewRevocations() {
  if (renewing_) return;
  const auto before = ground_.clock.Wall() - ground_.config.tape.keep / 2;
  std::vector<tape::NewRecord> records;
  for (const std::string& session :
       storage_.folds->RevocationsToRenew(*storage_.tape, before, kRenewalsMax)) {
    records.push_back(api::RevocationRecord(session));
  }
  if (auto limits = storage_.folds->LimitsToRenew(*storage_.tape, before)) {
    records.push_back(*std::move(limits));
  }
  if (records.empty()) return;
  renewing_ = publisher_->Submit(std::move(records), [this](bool) { renewing_ = false; });
}

void TradingServer::Start() {
  storage_.tape->Start();
  storage_.store->Start();
  paper_->projector().Start();
  floor_thread_->Start();
  jobs_->Start();
  server_->Start();
  if (feed_) feed_->Start(ground_.config.market.source.wait);
  ready_ = true;
}

// The tape and the floor go on until every request has its answer; the floor's last word goes to the
// tape, and the tape's to the store.
bool TradingServer::Stop() {
  if (!ready_.exchange(false)) return true;
  waiting_source_ = nullptr;
  server_->StopAccepting();
  if (feed_) feed_->Stop();
  bar_queue_.Close();  // no import waits for a disk that takes nothing
  jobs_->StopJobs();
  for (size_t i = 0; i < loops_.size(); ++i) {
    server_->loop(i).Post([loop = loops_[i].get()] { loop->Drain(); });
  }
  const bool all_answered = server_->Join(kStopPatience);
  floor_thread_->Stop();
  if (recorder_) recorder_->Stop();
  jobs_->Stop();
  bars_.TellOpen(base::WallTime::max());  // they go on after the next start
  storage_.tape->Stop();
  paper_->projector().Stop();
  storage_.store->Stop();
  return all_answered;
}

}  // namespace livetape::app
