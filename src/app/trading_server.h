#pragma once

// TradingServer: all parts of a running server, made, joined, started and stopped in the right
// order. Owned by the main thread.

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "api/alpaca_account/alpaca_account.h"
#include "api/backend.h"
#include "api/paper/paper_endpoints.h"
#include "api/risk/risk_endpoints.h"
#include "api/trade_updates/trade_updates.h"
#include "app/floor_agent.h"
#include "app/jobs/bar_queue.h"
#include "app/jobs/bar_recovery.h"
#include "app/jobs/job_center.h"
#include "app/paper/close_feed.h"
#include "app/paper/paper_trading.h"
#include "app/source_agent.h"
#include "app/storage.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "base/thread_name.h"
#include "config/config.h"
#include "http/server.h"
#include "metrics/registry.h"

namespace livetape::app {

// The floor's thread, from Start to Stop.
class FloorThread {
 public:
  explicit FloorThread(FloorAgent& floor) : floor_(floor) {}
  ~FloorThread() { Stop(); }
  void Start() {
    thread_ = std::thread([this] {
      base::NameThread("floor");
      while (!stopping_) {
        if (!floor_.DoWork()) floor_.Wait();
      }
    });
  }
  void Stop() {
    stopping_ = true;
    floor_.Wake();
    if (!thread_.joinable()) return;
    thread_.join();
    floor_.Finish();
  }

 private:
  FloorAgent& floor_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

class TradingServer {
 public:
  // What it stands on; outlives it. `failed` is called by any thread when the source of market data
  // breaks.
  struct Ground {
    const config::Config& config;
    const base::Clock& clock;
    base::Log& log;
    std::function<void()> failed;
    RecordOptions record{};
  };
  explicit TradingServer(Ground ground);
  ~TradingServer();
  TradingServer(const TradingServer&) = delete;
  TradingServer& operator=(const TradingServer&) = delete;

  // Recovers what is kept, opens the source, binds the port, joins everything. Once; nothing runs
  // yet. The error is one clear line.
  base::Result<void> Open();
  // The bound port. After Open.
  uint16_t port() const { return server_->port(); }
  // After Open; accepts from here on.
  void Start();
  // Finishes requests in flight, writes what is queued, tells every stream when to come back, and
  // ends. False when some connections had to be cut.
  bool Stop();

 private:
  base::Result<void> OpenRecording();
  base::Result<void> OpenSource();
  base::Result<void> PrepareSource(bool replay);
  void GoOnWithBars(BarRecovery& stored, bool replay);
  void MakePaperTrading();
  void MakeLoops();
  std::vector<api::Mailbox*> Mailboxes() const;
  void JoinTapeAndShards();
  api::Backend MakeBackend();
  base::Result<void> AddEndpoints();
  void AddTradingEndpoints();
  void AddChores();
  void RenewRevocations();

  const Ground ground_;
  metrics::Registry metrics_;
  http::Router router_;
  api::StreamLimiter limiter_;
  api::StreamDirectory channels_, sessions_;
  std::vector<std::unique_ptr<api::SseLoop>> loops_;
  Storage storage_;
  bool renewing_ = false;  // the tape's thread: revocations are being written again
  market::Instruments instruments_;
  market::BarHistory bars_;
  BarQueue bar_queue_{instruments_, metrics_};
  const api::MarketRenderings market_renderings_;
  const api::ChannelRenderings channel_renderings_;
  std::unique_ptr<http::Server> server_;
  std::optional<api::Access> access_;
  std::optional<api::PublishedState> state_;
  std::unique_ptr<FloorRecorder> recorder_;
  std::unique_ptr<PaperTrading> paper_;
  std::unique_ptr<api::TradeUpdates> trade_updates_;
  std::unique_ptr<FloorAgent> floor_;
  std::unique_ptr<FloorThread> floor_thread_;
  std::unique_ptr<SourceAgent> feed_;
  std::atomic<SourceAgent*> waiting_source_ = nullptr;
  std::optional<api::NativeRenderings> native_renderings_;
  std::optional<api::EventRendering> event_rendering_;
  std::optional<api::Publisher> publisher_;
  std::optional<api::Backend> backend_;
  std::optional<api::TradingBackend> trading_;
  const api::EquityRendering equity_rendering_;
  std::optional<api::PaperView> paper_view_;
  std::optional<api::AlpacaAccountView> account_view_;
  std::optional<CloseFeed> closes_;
  std::optional<api::RiskView> risk_view_;
  std::unique_ptr<JobCenter> jobs_;
  std::atomic<bool> ready_ = false;
};

}  // namespace livetape::app
