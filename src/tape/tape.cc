#include "tape/tape.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/thread_name.h"
#include "tape/block_log.h"
#include "tape/fetch.h"
#include "tape/folder_lock.h"
#include "tape/readers.h"
#include "tape/sequencer.h"
#include "tape/sqlite_block_log.h"
#include "tape/submission_queue.h"
#include "tape/tape_file.h"
#include "tape/tape_metrics.h"

namespace livetape::tape {
namespace {

constexpr size_t kReaderThreads = 2;
constexpr std::chrono::seconds kDrainTime{2};
// Anybody may send cursors of no epoch at all: a look at one must be short.
constexpr size_t kEpochsOfCursorsMax = 1000;

}  // namespace

Tape::Tape(Options options, const base::Clock& clock, metrics::Registry& metrics, base::Log& log)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      ring_(options_.ring_records, options_.ring_bytes),
      queue_(
          std::make_unique<SubmissionQueue>(options_.queue_records, options_.queue_bytes, metrics)),
      metrics_(std::make_unique<TapeMetrics>(metrics)) {}

base::Result<std::unique_ptr<Tape>> Tape::Open(Options options, const base::Clock& clock,
                                               base::Random random, metrics::Registry& metrics,
                                               base::Log& log) {
  auto lock = FolderLock::Take(options.folder);
  if (!lock) return std::unexpected(lock.error());
  std::unique_ptr<Tape> tape(new Tape(std::move(options), clock, metrics, log));
  tape->lock_ = *std::move(lock);
  const Options& chosen = tape->options_;
  if (auto finished = FinishRepair(chosen.folder); !finished) {
    return std::unexpected(finished.error());
  }
  auto blocks = SqliteBlockLog::Open(chosen.folder, chosen.sync, chosen.vfs, random, log);
  if (!blocks) return std::unexpected(blocks.error());
  tape->blocks_ = *std::move(blocks);
  tape->epochs_ = tape->blocks_->epochs();
  tape->oldest_ = tape->blocks_->extent().oldest;
  // Until all is well: nothing to stop, and no word that it was closed cleanly.
  tape->stopped_ = true;
  if (auto primed = tape->PrimeRing(); !primed) {
    return std::unexpected(WithAdvice(primed.error(), chosen.folder));
  }
  auto readers = Readers::Open(*tape->blocks_, kReaderThreads, metrics);
  if (!readers) return std::unexpected(readers.error());
  tape->readers_ = *std::move(readers);
  tape->sequencer_ = std::make_unique<Sequencer>(
      Sequencer::Options{.keep = {.records = chosen.keep_records,
                                  .bytes = chosen.keep_bytes,
                                  .age = chosen.keep_age},
                         .patience = chosen.patience},
      *tape->blocks_, tape->ring_, *tape->queue_, tape->oldest_, clock, *tape->metrics_, log);
  tape->stopped_ = false;
  return tape;
}

// The newest records into the ring.
base::Result<void> Tape::PrimeRing() {
  const LogExtent& extent = blocks_->extent();
  const auto reader = blocks_->OpenReader();
  if (!reader) return std::unexpected(reader.error());
  const auto from = (*reader)->StartOfNewest(options_.ring_records, options_.ring_bytes);
  if (!from) return std::unexpected(from.error());
  // Of the newest block at least, so that the ring's head is the tape's.
  const uint64_t first = std::min(*from, std::max<uint64_t>(extent.head, 1));
  std::vector<RecordRef> records;
  auto walked = (*reader)->Walk(
      first, [](const BlockHead&) { return BlockReader::Wish::kRead; },
      [&](const BlockHead& head, std::string_view bytes) {
        records.clear();
        EachRecord(head, bytes, first - 1, [&](const StoredRecord& stored) {
          records.push_back(MakeRecord(head, stored));
          return true;
        });
        ring_.Append(records);
        return true;
      });
  if (!walked) return walked;
  if (ring_.head() == extent.head) return {};
  return base::Fail("the tape ends at another record than it says");
}

Tape::~Tape() { Stop(); }

std::optional<Refusal> Tape::Submit(std::unique_ptr<Submission>& submission) {
  return queue_->Push(submission);
}

bool Tape::HasRoom() const { return queue_->has_room(); }

bool Tape::committing() const { return queue_->committing(); }

std::optional<uint64_t> Tape::LastOf(std::string_view of) const {
  return tape::LastOf(of,
                      {.epoch = epoch(), .oldest = oldest(), .head = head(), .epochs = epochs_});
}

Resumption Tape::Resolve(std::string_view cursor) const {
  const std::span<const Epoch> newest =
      std::span(epochs_).last(std::min(epochs_.size(), kEpochsOfCursorsMax));
  return ResolveCursor(cursor,
                       {.epoch = epoch(), .oldest = oldest(), .head = head(), .epochs = newest});
}

void Tape::FetchOlder(Fetch fetch) {
  readers_->Post(
      [this, fetch = std::move(fetch)](BlockReader& reader, ReaderMetrics& metrics) mutable {
        Fetched fetched = RunFetch(reader, fetch, head(), ring_.oldest() - 1, metrics, log_);
        fetch.done(std::move(fetched));
      });
}

void Tape::SeekTime(base::WallTime time, SoughtTime done) {
  readers_->Post(
      [this, time, done = std::move(done)](BlockReader& reader, ReaderMetrics& metrics) mutable {
        const uint64_t in_ring = ring_.LastBefore(time);
        if (in_ring >= ring_.oldest()) return done(Sought{.last_before = in_ring});
        const auto on_disk = reader.LastBefore(time);
        if (on_disk) {
          const uint64_t before = std::min(*on_disk, in_ring), gone = oldest() - 1;
          return done(Sought{.last_before = std::max(before, gone),
                             .all_kept = before > gone || gone == 0});
        }
        metrics.unreadable.Add();
        log_.Error("a time cannot be looked up: {}", on_disk.error().message);
        done(std::unexpected(on_disk.error()));
      });
}

base::Result<void> Tape::Fold(KindSet kinds, base::WallTime since,
                              const std::function<void(const Record&)>& take) {
  return Fold(0, since, kinds, take);
}

base::Result<void> Tape::FoldAfter(uint64_t after, KindSet kinds,
                                   const std::function<void(const Record&)>& take) {
  return Fold(after, base::WallTime::min(), kinds, take);
}

base::Result<void> Tape::Fold(uint64_t after, base::WallTime since, KindSet kinds,
                              const std::function<void(const Record&)>& take) {
  const auto reader = blocks_->OpenReader();
  if (!reader) return std::unexpected(reader.error());
  auto walked = (*reader)->Walk(
      std::max(oldest(), after + 1),
      [&](const BlockHead& head) {
        return head.time >= since && head.kinds.Intersects(kinds) ? BlockReader::Wish::kRead
                                                                  : BlockReader::Wish::kSkip;
      },
      [&](const BlockHead& head, std::string_view bytes) {
        EachRecord(head, bytes, after, [&](const StoredRecord& stored) {
          if (kinds.Has(stored.kind)) take(*MakeRecord(head, stored));
          return true;
        });
        return true;
      });
  if (!walked) return std::unexpected(WithAdvice(walked.error(), options_.folder));
  return {};
}

void Tape::SetFollower(std::function<void(std::span<const RecordRef>)> follower) {
  sequencer_->SetFollower(std::move(follower));
}

void Tape::SetSlowestReader(std::function<uint64_t()> slowest) {
  sequencer_->SetSlowestReader(std::move(slowest));
}

void Tape::SetKeepFrom(std::function<uint64_t()> keep_from) {
  sequencer_->SetKeepFrom(std::move(keep_from));
}

void Tape::Start() {
  LT_ASSERT(!thread_.joinable() && !stopped_);
  blocks_->Start();
  readers_->Start();
  thread_ = std::thread([this] { Run(); });
}

void Tape::Run() {
  base::NameThread("tape");
  while (!queue_->closed()) {
    if (!sequencer_->Step()) sequencer_->Wait();
  }
  sequencer_->Drain(clock_.Mono() + kDrainTime);
}

bool Tape::DoWork() { return sequencer_->Step(); }

void Tape::Stop() {
  if (std::exchange(stopped_, true)) return;
  queue_->Close();
  if (thread_.joinable()) {
    thread_.join();
  } else if (sequencer_) {
    sequencer_->Drain(clock_.Mono() + kDrainTime);
  }
  if (readers_) readers_->Stop();
  if (!blocks_) return;
  if (auto closed = blocks_->CloseCleanly(); !closed) {
    log_.Error("the tape could not be closed cleanly: {}", closed.error().message);
  }
  lock_.reset();
}

}  // namespace livetape::tape
