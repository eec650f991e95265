#include "app/paper/projector.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "api/paper/order_record.h"
#include "base/assert.h"
#include "base/thread_name.h"
#include "store/store_file.h"

namespace livetape::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kRetryPause{200};
constexpr seconds kThinEvery{1};
constexpr size_t kRecordsPerTurn = 4096;
// Rows that are written together share pages of the indexes and a commit: under load what comes so
// soon after a write waits for more, unless somebody asks for it or a turn is full.
constexpr milliseconds kGather{100};
// While the store takes nothing, no more than this is held.
constexpr size_t kRowsMax = 50'000;
constexpr size_t kCheckpointsMax = 120;

constexpr std::string_view kNotWritten = "the store does not take what is written";
constexpr tape::KindSet kRelevant = {tape::RecordKind::kOrderEvent,
                                     tape::RecordKind::kAccountChange};

// Without its record's number and its text.
store::OrderRow RowOf(const model::Order& order, const std::string& account,
                      const std::string& symbol) {
  store::OrderRow row;
  row.id = order.id;
  row.parent = order.parent;
  row.account = account;
  row.symbol = symbol;
  row.side = order.side;
  row.open = !model::Closed(order.status);
  row.submitted = order.created;
  row.client_id = order.client_id.view();
  return row;
}

}  // namespace

Projector::Projector(Surroundings surroundings, metrics::Registry& metrics)
    : around_(std::move(surroundings)),
      lag_(metrics.AddGauge("livetape_store_lag_records",
                            "Records of the tape that the store has not taken yet.")),
      written_(metrics.AddCounter("livetape_store_records_total",
                                  "Records whose effect has been written to the store.")),
      failed_(metrics.AddCounter("livetape_store_failed_writes_total",
                                 "Batches that the store did not take; they are tried again.")) {
  if (around_.bars == nullptr) return;
  around_.bars->SetWake([this] {
    {
      const std::scoped_lock lock(mutex_);
      work_ = true;
    }
    changed_.notify_one();
  });
}

Projector::~Projector() { Stop(); }

base::Result<void> Projector::AddRows(const tape::Record& record) {
  if (record.kind != tape::RecordKind::kOrderEvent) return {};
  auto parsed = api::ParseOrderEvent(record, around_.ids);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  const floor::OrderEvent& event = parsed->event;
  const model::Order& order = event.order;
  store::OrderRow row = RowOf(order, parsed->account, parsed->instrument.symbol);
  row.seq = record.seq;
  // A refused order leaves its name free.
  if (event.kind == floor::OrderEventKind::kRejected) row.client_id.clear();
  row.json = std::move(parsed->order_json);
  batch_.orders.push_back(std::move(row));
  if (floor::IsFill(event.kind)) {
    const floor::Fill& fill = event.fill;
    std::string explain;
    api::AppendExplainJson(explain, fill);
    batch_.fills.push_back({.number = fill.number,
                            .seq = record.seq,
                            .order = order.id,
                            .account = std::move(parsed->account),
                            .symbol = std::move(parsed->instrument.symbol),
                            .side = order.side,
                            .time = event.time,
                            .quantity = fill.quantity,
                            .price = fill.price,
                            .fee = fill.fee,
                            .realized = fill.realized,
                            .partial = event.kind == floor::OrderEventKind::kPartialFill,
                            .leaves = order.leaves(),
                            .cumulative = order.filled,
                            .explain = std::move(explain)});
  }
  written_.Add();
  return {};
}

void Projector::KeepFrom(uint64_t seq) { oldest_needed_ = std::min(oldest_needed_.load(), seq); }

void Projector::BeginFold() { read_ = around_.store.through(); }

base::Result<void> Projector::Fold(const tape::Record& record) {
  if (auto added = AddRows(record); !added) return added;
  read_ = std::max(read_, record.seq);
  newest_relevant_ = read_;
  KeepFrom(record.seq);
  if (batch_.orders.size() < kRecordsPerTurn) return {};
  return FinishFold();
}

base::Result<void> Projector::FoldOrder(const model::Order& order, const std::string& account,
                                        const model::Instrument& instrument) {
  store::OrderRow row = RowOf(order, account, instrument.symbol);
  row.seq = read_;
  api::AppendOrderJson(row.json, order, instrument, around_.ids);
  batch_.orders.push_back(std::move(row));
  if (batch_.orders.size() < kRecordsPerTurn) return {};
  return FinishFold();
}

base::Result<void> Projector::FinishFold() {
  batch_.through = read_;
  auto written = around_.store.Write(batch_);
  if (written) batch_ = {};
  return written;
}

void Projector::Start() {
  // All before has been folded.
  read_ = around_.tape.head();
  through_ = read_;
  thread_ = std::thread([this] { Run(); });
}

void Projector::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (around_.bars != nullptr) around_.bars->Close();
}

void Projector::Follow(std::span<const tape::RecordRef> records) {
  const auto relevant = [](const tape::RecordRef& record) { return kRelevant.Has(record->kind); };
  const auto first = std::find_if(records.begin(), records.end(), relevant);
  {
    const std::scoped_lock lock(mutex_);
    if (first != records.end()) {
      const auto last = std::find_if(records.rbegin(), records.rend(), relevant);
      newest_relevant_ = (*last)->seq;
      if (oldest_needed_ == UINT64_MAX) oldest_needed_ = (*first)->seq;
    } else if (through_ == records.front()->seq - 1) {
      // Nothing to do, and nobody to be woken for it.
      through_ = records.back()->seq;
      if (waiting_.empty()) return;
    }
    work_ = true;
    if (records.back()->seq < wake_at_) return;
  }
  changed_.notify_one();
}

void Projector::Put(Checkpoint checkpoint) {
  {
    const std::scoped_lock lock(mutex_);
    checkpoints_.push_back(std::move(checkpoint));
    // A store that has taken nothing for long: points in between are given up, snapshots are not.
    if (checkpoints_.size() > kCheckpointsMax) {
      Checkpoint oldest = std::move(checkpoints_.front());
      checkpoints_.pop_front();
      Checkpoint& next = checkpoints_.front();
      std::unordered_set<std::string_view> renewed;
      for (const store::AccountRow& row : next.accounts) renewed.insert(row.account);
      std::erase_if(oldest.accounts, [&renewed](const store::AccountRow& row) {
        return renewed.contains(row.account);
      });
      std::move(oldest.accounts.begin(), oldest.accounts.end(), std::back_inserter(next.accounts));
    }
    work_ = true;
  }
  changed_.notify_one();
}

void Projector::Run() {
  base::NameThread("store");
  while (true) {
    const bool more = DoWork();
    std::unique_lock lock(mutex_);
    const bool bars_done = bars_retry_ || NoBars();
    if (stopping_ && !more && (retry_ || (checkpoints_.empty() && bars_done))) break;
    if (stopping_) continue;
    // An import would wait for each of these pauses.
    const bool importing = around_.bars != nullptr && around_.bars->importing();
    if (std::exchange(wrote_, false) && !importing) Gather(lock);
    if (more) continue;
    const bool soon = !waiting_.empty() || bars_wait_;
    const auto pause = soon ? milliseconds(5) : milliseconds(kThinEvery);
    changed_.wait_for(lock, retry_ || bars_retry_ ? std::min(pause, kRetryPause) : pause,
                      [this] { return stopping_ || work_; });
    work_ = false;
  }
  const std::scoped_lock lock(mutex_);
  waiting_.clear();
}

void Projector::Gather(std::unique_lock<std::mutex>& lock) {
  // Long before the tape would wait for this reader of its ring.
  wake_at_ = read_ + std::min<uint64_t>(kRecordsPerTurn, around_.tape.ring().Reach() / 4);
  changed_.wait_for(lock, kGather, [this] {
    return stopping_ || !waiting_.empty() || around_.tape.head() >= wake_at_;
  });
  wake_at_ = 0;
}

bool Projector::DoWork() {
  ReadTape();
  TakeCheckpoints();
  Write();
  Serve();
  const bool more_bars = WriteBars();
  const bool thinning = Thin();
  const uint64_t head = around_.tape.head(), at = through();
  lag_.Set(static_cast<int64_t>(head - std::min(head, at)));
  return !retry_ && (thinning || more_bars || at < head);
}

void Projector::ReadTape() {
  if (batch_.orders.size() >= kRowsMax) return;
  if (retry_ && around_.clock.Mono() < *retry_) return;
  records_.clear();
  read_ = std::max(read_, through());
  if (around_.tape.ring().Read(read_, kRecordsPerTurn, records_)) {
    for (const tape::RecordRef& record : records_) Take(*record);
  } else if (auto read = ReadDisk(); !read) {
    Fail("records cannot be read for the store", read.error());
  }
}

// What has left the ring unread: one request, or one output of the floor, may be larger than a small
// ring.
base::Result<void> Projector::ReadDisk() {
  const uint64_t head = around_.tape.head();
  auto read = around_.tape.FoldAfter(read_, kRelevant, [&](const tape::Record& record) {
    if (record.seq <= head) Take(record);
  });
  if (read) read_ = head;
  return read;
}

void Projector::Take(const tape::Record& record) {
  read_ = record.seq;
  if (auto added = AddRows(record); !added) {
    around_.log.Error("record {} does not go into the store: {}", record.seq,
                      added.error().message);
  }
}

// Those whose records have been read.
void Projector::TakeCheckpoints() {
  // What waits for the disk grows in Put, where there is a limit.
  if (retry_) return;
  const std::scoped_lock lock(mutex_);
  while (!checkpoints_.empty() && checkpoints_.front().through <= read_) {
    Checkpoint& next = checkpoints_.front();
    checkpoint_ = next.through;
    std::move(next.accounts.begin(), next.accounts.end(), std::back_inserter(batch_.accounts));
    std::move(next.points.begin(), next.points.end(), std::back_inserter(batch_.points));
    std::move(next.quotes.begin(), next.quotes.end(), std::back_inserter(batch_.quotes));
    checkpoints_.pop_front();
  }
}

void Projector::Write() {
  if (retry_ && around_.clock.Mono() < *retry_) return;
  const bool empty = batch_.orders.empty() && batch_.fills.empty() && batch_.accounts.empty() &&
                     batch_.points.empty() && batch_.quotes.empty();
  if (!empty) {
    batch_.through = read_;
    batch_.checkpoint = checkpoint_;
    if (auto written = around_.store.Write(batch_); !written)
      return Fail(kNotWritten, written.error());
    wrote_ = true;
    for (const store::EquityPoint& point : batch_.points) {
      newest_point_ = std::max(newest_point_, point.time);
    }
    batch_ = {};
  }
  Recover();
  MoveOn(read_);
}

void Projector::Fail(std::string_view what, const base::Error& error) {
  if (!retry_) around_.log.Error("{}: {}; trying again", what, error.message);
  failed_.Add();
  retry_ = around_.clock.Mono() + kRetryPause;
}

void Projector::Recover() {
  if (std::exchange(retry_, std::nullopt)) around_.log.Info("the store goes on");
}

// A few blocks at a time, so that records never wait long behind them. True when more wait.
bool Projector::WriteBars() {
  bars_wait_ = false;
  if (around_.bars == nullptr || retry_) return false;
  if (bars_retry_ && around_.clock.Mono() < *bars_retry_) return false;
  if (around_.store.behind() && !NoBars() && !stopping()) {
    bars_wait_ = true;
    return false;
  }
  if (bars_.bars.empty() && !bars_.sync) {
    BarQueue::Write next = around_.bars->Next();
    if (next.empty()) return false;
    bars_.bars = std::move(next.bars);
    bars_.sync = next.sync;
  }
  auto written = around_.store.Write(bars_);
  if (!written && store::IsDamage(written.error())) written = WriteEach();
  if (!written) {
    if (!bars_retry_) {
      around_.log.Error("bars are not stored: {}; trying again", written.error().message);
    }
    failed_.Add();
    bars_retry_ = around_.clock.Mono() + kRetryPause;
    return false;
  }
  if (std::exchange(bars_retry_, std::nullopt)) around_.log.Info("bars are stored again");
  bars_ = {};
  around_.bars->Done();
  return true;
}

// Series by series, so that one that is damaged keeps no other one from being stored. Its own bars
// are given up.
base::Result<void> Projector::WriteEach() {
  std::vector<store::BarRows>& left = bars_.bars;
  while (!left.empty()) {
    store::Batch one;
    one.bars.push_back(left.front());
    if (auto written = around_.store.Write(one); !written) {
      if (!store::IsDamage(written.error())) return written;
      const auto& [symbol, timeframe, asset_class, bars] = left.front();
      if (damaged_bars_.emplace(symbol, timeframe).second) {
        around_.log.Error("bars of {} of {} are not stored any more: {}", model::Name(timeframe),
                          symbol, written.error().message);
      }
      around_.bars->Refuse(left.front(), written.error());
    }
    left.erase(left.begin());
  }
  if (!bars_.sync) return {};
  return around_.store.Write({.sync = true});
}

bool Projector::stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

bool Projector::NoBars() const { return around_.bars == nullptr || around_.bars->empty(); }

void Projector::MoveOn(uint64_t through) {
  const std::scoped_lock lock(mutex_);
  through_ = std::max(through_.load(), through);
  if (checkpoint_ == 0) return;
  oldest_needed_ = newest_relevant_ <= checkpoint_ ? UINT64_MAX : checkpoint_ + 1;
  checkpoint_ = 0;
}

bool Projector::Thin() {
  const base::MonoTime now = around_.clock.Mono();
  if (retry_ || newest_point_ == base::WallTime() || now - thinned_ < kThinEvery) return false;
  const auto more = around_.store.ThinEquity(newest_point_);
  if (!more) {
    around_.log.Warning("old equity points stay: {}", more.error().message);
  } else if (*more) {
    return true;
  }
  thinned_ = now;
  return false;
}

}  // namespace livetape::app
