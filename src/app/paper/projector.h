#pragma once

// Projector: brings what the tape says of paper trading into the store, on a thread of its own, and
// answers queries of the store that must show at least what the tape held when they came.
//
// Invariants: (1) through() is the last record whose effect the store has, or that has none there;
// (2) a checkpoint is written after the records before it; (3) a query runs only when through() has
// reached the head of its arrival.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "api/paper/store_reads.h"
#include "api/paper/trading_ids.h"
#include "api/publishing/mailbox.h"
#include "app/jobs/bar_queue.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "metrics/registry.h"
#include "store/store.h"
#include "tape/tape.h"

namespace livetape::app {

// What the floor knows as of a record: snapshots of changed accounts, points of their equity, marks.
struct Checkpoint {
  uint64_t through = 0;
  std::vector<store::AccountRow> accounts;
  std::vector<store::EquityPoint> points;
  std::vector<store::QuoteRow> quotes;
};

class Projector final : public api::StoreReads {
 public:
  struct Surroundings {
    store::Store& store;
    tape::Tape& tape;
    const api::TradingIds& ids;
    std::vector<api::Mailbox*> loops;  // by loop
    const base::Clock& clock;
    base::Log& log;
    BarQueue* bars = nullptr;  // what else goes into the store; null: nothing
  };
  Projector(Surroundings surroundings, metrics::Registry& metrics);
  ~Projector() override;

  // Before Start, main thread, and before what follows: the store is what the tape can go on from.
  void BeginFold();
  // Before Start, main thread: a record that the store's snapshots lack, so that the next start would
  // want it again.
  void KeepFrom(uint64_t seq);
  // Before Start, main thread: rows of a record that the store may lack.
  base::Result<void> Fold(const tape::Record& record);
  // After all records: an open order whose row the store may lack, as it is now.
  base::Result<void> FoldOrder(const model::Order& order, const std::string& account,
                               const model::Instrument& instrument);
  // Writes what was folded.
  base::Result<void> FinishFold();

  void Start();
  // What the projector's thread does in its loop. True if there is more to do. Tests call it by hand
  // instead of Start.
  bool DoWork();
  // Writes what the tape has and what was checkpointed; the tape has stopped.
  void Stop();

  // The tape's thread: each committed group.
  void Follow(std::span<const tape::RecordRef> records);
  // The tape's thread, in order.
  void Put(Checkpoint checkpoint);

  // Any thread. As a reader of the ring: how far it has read.
  uint64_t through() const { return through_.load(std::memory_order_acquire); }
  // The oldest record that the store's snapshots may lack: the tape must keep it. The largest number
  // if there is none.
  uint64_t oldest_needed() const { return oldest_needed_.load(std::memory_order_acquire); }

  // api::StoreReads
  http::Reply Read(size_t loop,
                   std::move_only_function<http::Response(store::Reader&)> query) override;
  void Read(size_t loop, http::Responder responder,
            std::move_only_function<http::Response(store::Reader&)> query) override;
  http::Reply ReadNow(size_t loop,
                      std::move_only_function<http::Response(store::Reader&)> query) override;

 private:
  struct Waiting {
    uint64_t head;
    base::MonoTime deadline;
    size_t loop;
    http::Responder responder;
    std::move_only_function<http::Response(store::Reader&)> query;
  };

  void Run();
  // Lets more come, so that it is written together. `lock` is of mutex_.
  void Gather(std::unique_lock<std::mutex>& lock);
  base::Result<void> AddRows(const tape::Record& record);
  void ReadTape();
  base::Result<void> ReadDisk();
  void Take(const tape::Record& record);
  void TakeCheckpoints();
  void Write();
  bool WriteBars();
  base::Result<void> WriteEach();
  bool NoBars() const;
  bool stopping();
  void Fail(std::string_view what, const base::Error& error);
  void Recover();
  void MoveOn(uint64_t through);
  void Serve();
  void RunQuery(Waiting waiting);
  bool Thin();

  const Surroundings around_;
  std::thread thread_;
  std::atomic<uint64_t> through_ = 0, oldest_needed_ = UINT64_MAX;

  // The projector's thread.
  store::Batch batch_;                        // what is to be written next
  uint64_t read_ = 0;                         // the last record in it, or before it
  uint64_t checkpoint_ = 0;                   // the newest in it; 0: none
  std::optional<base::MonoTime> retry_;       // a disk does not do its part; when to try again
  store::Batch bars_;                         // likewise, behind it
  std::optional<base::MonoTime> bars_retry_;  // they cannot be stored; when to try again
  std::set<std::pair<std::string, model::Timeframe>> damaged_bars_;  // told in the log
  bool wrote_ = false;                                               // in the last turn
  bool bars_wait_ = false;                                           // for the store to catch up
  base::MonoTime thinned_;
  base::WallTime newest_point_;
  std::vector<tape::RecordRef> records_;  // scratch

  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::deque<Checkpoint> checkpoints_;
  std::deque<Waiting> waiting_;
  uint64_t newest_relevant_ = 0;  // record that concerns the store
  uint64_t wake_at_ = 0;          // the record that ends the gathering
  bool work_ = false, stopping_ = false;

  metrics::Gauge& lag_;
  metrics::Counter &written_, &failed_;
};

}  // namespace livetape::app
