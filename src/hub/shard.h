#pragma once

// Shard: one core thread's part of the hub. It reads records from the ring and state from its
// inboxes, and sends each cohort of its subscribers what they asked for. docs/hub.md tells the
// rules in sentences.
//
// Owned by its loop's thread, which calls DoWork when woken; a test calls it by hand.
//
// Invariants:
//  1. Every subscriber is a member of its cohort or apart. A member has been sent what
//     Cohort says; one apart has its own record cursor and state stamp.
//  2. A subscriber gets each matching record after its cursor once, in order, whether member or
//     apart. State it misses is never sent late: it gets the newest value of each key.
//  3. State that follows from record r enters the table only when the cursor has reached r, and
//     record flushes go before state flushes: no state shows an effect of a record not yet sent.
//     After each round of records, one slice of state (or a look at the inboxes and at those apart)
//     comes next, so that neither starves the other.
//  4. Flushes of a cohort leave in the order in which they began. Records are read on only when no
//     record flush is under way, the inboxes only when no flush is: what waits is bounded by the
//     inboxes, and of the frames that are made of it there are Options::slice_bytes of records and
//     state_bytes of state at a time, however many cohorts get it. While a flush of records takes
//     turns, small cohorts without one are sent at once what has come after the cursor
//     (Cohort::ahead), so that a crowd delays nobody else.
//  5. A subscriber apart owns no bytes here: its memory is its slot. What waits for its socket is
//     counted (Options::held_bytes). What it needs that is not in memory is fetched, once for all
//     that need the same.
//  6. A deletion is forgotten only when every cohort that shows the key has begun to flush it. Who
//     is apart and has older state by then begins afresh.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/first_waiting.h"
#include "base/stream_id.h"
#include "hub/cohort.h"
#include "hub/event_id.h"
#include "hub/fetch_queue.h"
#include "hub/inbox.h"
#include "hub/record_runs.h"
#include "hub/record_source.h"
#include "hub/record_texts.h"
#include "hub/state_table.h"
#include "hub/state_text.h"
#include "hub/topic_index.h"
#include "hub/transport.h"
#include "metrics/registry.h"
#include "metrics/stage.h"

namespace livetape::hub {

// Where a subscription begins.
struct Resume {
  uint64_t after = 0;      // the last record that the subscriber has, at most the head
  std::string gap_reason;  // "expired", "unknown_epoch", "malformed", "future"; or empty
  std::string requested;   // the cursor as the client sent it, for the gap event
};

class Shard {
 public:
  struct Options {
    std::chrono::milliseconds heartbeat{15'000};
    size_t fetches_max = 16;  // under way at once
    // Tombstones of deleted keys kept for those who have not been told yet.
    size_t tombstones_max = 65'536;
    // At most so many sockets, and about so many bytes, are sent something in one turn.
    size_t slice_members = 128;
    size_t slice_bytes = 4 * 1024 * 1024;
    // A frame of records or state, and the opening of a stream, has little more; another one follows.
    size_t frame_bytes = 256 * 1024;
    // Frames of state that wait have little more: then windows end later, and who wants every update
    // gets the newest of each key.
    size_t state_bytes = 8 * 1024 * 1024;
    // Of what waits for sockets and is shared by none or few: openings, what subscribers catch up with,
    // frames that a socket has taken a part of. Beyond it frames are small.
    size_t held_bytes = 64 * 1024 * 1024;
    // The loop's time for subscribers apart: after a turn they rest for so many times as long, so
    // that when thousands come back at once live records, publishers and other threads go on.
    int rest_factor = 6;
    // What a record may need from its time to its reading: so long after StreamEnd::before no
    // earlier one comes.
    std::chrono::milliseconds commit_time{250};
    // `retry:` of a stream that is ended because it must start afresh; spread up to twice that.
    std::chrono::milliseconds restart_retry{500};
  };
  // How a stream begins.
  struct Opening {
    // First bytes; called with the id of the stream's position.
    std::function<std::string(std::string_view id)> greeting;
    // Null, or appends what comes after the current state and before replayed records.
    std::function<void(std::string& out)> copies;
    bool snapshot = true;  // with the current state
  };

  // `wake` may be called by any thread and makes the owner call DoWork soon. References outlive
  // the shard.
  Shard(Options options, RecordSource& records, Transport& transport, const base::Clock& clock,
        metrics::Registry& metrics, std::function<void()> wake);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  // Before work starts: the inbox of one more writing thread. Lives as long as the shard.
  Inbox& AddInbox();
  // Any thread: there is a new record, or something new in an inbox.
  void Wake();
  // The same, of work that DoWork has left.
  void Continue();
  // Writers: there are streams that want every update at once, not at the next window, and show a
  // key.
  bool eager() const { return eager_.load(std::memory_order_relaxed) > 0; }

  // Does a bounded piece of what there is to do; true when there is more. Subscribers apart are
  // served for a part of the time only: what is left may be for them alone, and rest() says how long
  // they wait for their next turn.
  bool DoWork();
  // After a DoWork that was true: zero, or how long nothing but subscribers apart is to be served.
  std::chrono::nanoseconds rest() const;
  // Sends heartbeats and pulses that are due, and lets go of what was kept for those who caught
  // up. To be called a few times a second.
  void SendHeartbeats();

  // Ends the streams that have been sent all before their StreamSpec::end. To be called ten times a
  // second or so.
  void EndStreams();
  std::chrono::milliseconds commit_time() const { return options_.commit_time; }

  // Adds a subscriber and returns the bytes that open its stream: the greeting, the gap if any,
  // the current state, the copies, the first records to replay. What does not fit (256 KiB of
  // state, 16 KiB of records; less state when much waits for sockets) follows when the socket has taken
  // these.
  std::string Subscribe(base::StreamId stream, StreamSpec spec, const Resume& resume,
                        const Opening& opening);
  // The stream's socket has taken all it was given.
  void OnWritable(base::StreamId stream);
  // The stream is gone.
  void OnClosed(base::StreamId stream);
  // Ends the stream with the control event, after what its socket has still to take. Harmless
  // when the stream has gone.
  void Close(base::StreamId stream, std::string_view event, std::string_view json);
  // Ends every stream with a `drain` event; `after_ms` and the `retry:` of each come from
  // `retry_ms`.
  void Drain(const std::function<long long()>& retry_ms);

  // Takes in what has arrived, without sending, so that `table` is as new as can be.
  void Refresh();
  const StateTable& table() const { return table_; }
  const RecordRuns& runs() const { return runs_; }
  const FetchQueue& fetches() const { return fetches_; }
  size_t subscribers() const { return subscribers_; }
  size_t cohorts() const { return cohorts_.size(); }
  // Any thread: the last record read.
  uint64_t cursor() const { return cursor_.load(std::memory_order_acquire); }

 private:
  enum class Phase : uint8_t {
    kFree,      // no subscriber in this slot
    kMember,    // of its cohort
    kWaiting,   // apart, until its socket takes more
    kReady,     // apart, to be served
    kFetching,  // apart, until its next records have come
    kGone,      // broken; OnClosed follows
  };
  struct Subscriber {
    base::StreamId stream;
    Cohort* cohort = nullptr;
    uint64_t cursor = 0;       // while apart: the last record sent
    uint64_t stamp = 0;        // while apart: state up to here has been sent
    uint64_t events_seen = 0;  // while apart: Cohort::state_events up to here have been sent
    uint64_t born = 0;         // the stamp when it came: it knows of no key deleted before
    uint32_t place = 0;        // while a member
    Phase phase = Phase::kFree;
    bool joined = false;    // ever: what it is not sent while it begins is not skipped
    uint16_t held_kib = 0;  // its share of what its socket has still to take
  };
  static_assert(sizeof(Subscriber) <= 56);
  // A record of a batch that a cohort gets; those of a cohort are chained.
  struct Match {
    uint32_t record = 0;
    uint32_t next = Cohort::kNowhere;
  };
  // Records that were read together. It stays until its flushes are over.
  struct Batch {
    explicit Batch(std::string_view epoch) : texts(epoch) {}
    std::vector<RecordView> records;
    size_t bytes = 0;  // of their data
    std::vector<Match> matches;
    std::vector<Cohort*> matched;  // which get some of them; scratch
    RecordTexts texts;
  };
  // What is on its way to the members of a cohort, in slices: one frame, or one after the other of a
  // batch, each made when its turn has come.
  struct Flush {
    Cohort* cohort = nullptr;
    base::ChunkFrame frame = {};
    size_t next = 0, end = 0;  // places that are still to be sent the frame
    Batch* batch = nullptr;
    uint32_t rest = Cohort::kNowhere;  // of its matches: what follows the frame
    uint64_t events = 0;
    // What a member has been sent before and after this frame.
    uint64_t cursor_before = 0, cursor_after = 0;
    uint64_t stamp_before = 0, stamp_after = 0;
    uint64_t seen_before = 0, seen_after = 0;
    base::MonoTime begun{};
  };
  struct Writer {
    Inbox inbox;
    std::optional<StateUpdate> held;  // waits for its record to be read
  };
  // An update of this turn, for the cohorts that want each.
  struct Change {
    StateTable::Index index;
    base::SharedBytes value;
    uint64_t stamp;
    bool minor;
  };

  // The cohorts of one interval that show a key; the last window cut of that interval.
  struct Windows {
    uint64_t last_tick = 0;
    std::vector<Cohort*> cohorts;
  };
  enum class Replay : uint8_t { kDone, kMore, kNotInMemory };

  // shard.cc: the turn, records, flushes.
  void ReadRecords();
  bool ReadBatch(Batch& batch, uint64_t after, size_t bytes_max);
  void MatchRecords(Batch& batch, bool overtaking);
  void FlushRecords(Cohort& cohort, Batch& batch, std::deque<Flush>& queue);
  bool NextFrame(Flush& flush);
  bool RecordsTakeTurns();
  size_t Slice(const Flush& flush) const;
  void Overtake();
  // The last record that members of the cohort have been sent, or a flush under way brings them.
  uint64_t SentThrough(const Cohort& cohort) const {
    return std::max<uint64_t>(cursor_, cohort.ahead);
  }
  void FallenBehind();
  void BeginFlush(std::deque<Flush>& queue, Flush flush, std::string_view body);
  void EndFlush(std::deque<Flush>& queue);
  void RunSlices(std::deque<Flush>& queue, bool records);
  size_t RunSlice(Flush& flush, bool records, size_t members_max);
  void NoteHub();

  // shard_state.cc: the inboxes and what they lead to.
  bool DrainInboxes();
  bool DrainInbox(Writer& writer);
  void ApplyUpdate(const StateUpdate& update);
  void CutWindows(uint64_t tick);
  void FlushWindow(Cohort& cohort);
  void FlushLateWindows();
  bool StateWaits() const;
  void FlushChanges();
  void FlushChanges(Cohort& cohort);
  void FlushPiece(Cohort& cohort, uint64_t stamp_after, uint64_t events);
  bool forgetting() const;
  void ForgetDeletions();
  Windows& WindowsOf(const Cohort& cohort);
  void EnterWindows(Cohort& cohort);
  void LeaveWindows(Cohort& cohort);

  // shard_subscribers.cc: who comes, stays and goes.
  Subscriber& At(base::StreamId stream);
  Subscriber* Find(base::StreamId stream);
  void SetPhase(Subscriber& subscriber, Phase phase);
  void MakeReady(Subscriber& subscriber);
  void Leave(Subscriber& subscriber, const Flush& flush, bool records, base::SendOutcome outcome);
  void JoinOrWait(Subscriber& subscriber);
  void Hold(Subscriber& subscriber, size_t bytes);
  size_t FrameBytes() const;
  void EndWithRetry(Subscriber& subscriber, long long retry_ms);
  bool IsOver(const Cohort& cohort) const;
  void Forget(Subscriber& subscriber);
  Cohort& CohortOf(StreamSpec spec);
  void DropIfUnused(Cohort& cohort);
  void DropUnused();
  void Drop(Cohort& cohort);

  // shard_catch_up.cc: subscribers apart.
  bool ServeReady();
  void ServeFetched(const FetchQueue::Answer& answer);
  void CatchUp(Subscriber& subscriber);
  Replay TakeRecords(Cohort& cohort, uint64_t& cursor, std::string& body, base::ChunkFrame& frame);
  bool AppendState(const Subscriber& subscriber, uint64_t& stamp, std::string& body,
                   uint64_t& events);
  void AppendGap(const Cohort& cohort, std::string_view reason, std::string_view requested,
                 uint64_t resumed_at, std::string& body);
  void TellGap(Subscriber& subscriber, uint64_t resumed_at);
  bool SendTo(Subscriber& subscriber, const base::ChunkFrame& frame);
  void PulseFetching();
  void StartAfresh(Subscriber& subscriber);

  const Options options_;
  RecordSource& records_;
  Transport& transport_;
  const base::Clock& clock_;
  const std::function<void()> wake_;
  std::atomic<bool> wake_pending_ = false;
  base::FirstWaiting waiting_;  // of what the shard was woken for
  base::MonoTime turn_{};       // when this turn began: one clock read for all that it begins
  std::atomic<int> eager_ = 0;

  std::deque<Writer> writers_;
  StateTable table_;
  std::atomic<uint64_t> cursor_;
  base::MonoTime last_cut_{};
  base::MonoTime last_tidy_{};
  base::MonoTime next_catch_up_{};  // when those apart are served again
  bool only_catch_ups_ = false;     // the last DoWork left nothing else
  bool state_is_owed_ = false;      // records have had a whole round: something else goes next
  std::unordered_map<std::string, std::unique_ptr<Cohort>> cohorts_;  // by their specs
  std::deque<Cohort*> unused_;        // to be dropped, unless they are used again before
  std::vector<Cohort*> all_cohorts_;  // the same
  uint64_t cohort_numbers_ = 0;
  size_t ending_cohorts_ = 0;     // whose spec has an end
  base::WallTime newest_time_{};  // of the last record read
  TopicIndex index_;
  std::array<Windows, kIntervals.size()> windows_;
  uint64_t forget_through_ = 0;  // deletions up to this stamp are being forgotten; 0: none
  std::vector<Subscriber> by_slot_;
  size_t subscribers_ = 0;
  size_t held_kib_ = 0;  // of all subscribers
  std::deque<base::StreamId> ready_;
  std::deque<Flush> record_flushes_, state_flushes_;
  std::deque<Flush> overtaking_;      // empty between turns
  size_t state_bytes_ = 0;            // of state_flushes_
  std::deque<Cohort*> late_windows_;  // to be flushed when those have gone
  uint64_t looked_ahead_ = 0;         // records up to there have been looked at by Overtake
  std::vector<Change> changes_;       // of this turn
  RecordRuns runs_;
  FetchQueue fetches_;
  // Those apart that wait for records, or have: when they were last sent something, or began to.
  std::unordered_map<base::StreamId, base::MonoTime> fetching_;
  uint64_t sending_work_ = 0;  // grows by about the nanoseconds that sends to those apart took

  // Scratch, kept for its memory.
  EventIds ids_;
  Batch batch_, batch_ahead_;  // the latter of Overtake
  std::vector<StateTable::Index> gathered_;
  std::vector<base::StreamId> slice_;
  std::vector<base::SendOutcome> outcomes_;
  std::string body_, fragment_, elements_;
  uint64_t handed_ = 0;  // events in what one subscriber is about to be sent

  struct Metrics {
    explicit Metrics(metrics::Registry& registry);
    metrics::Counter &updates_in, &stale_updates, &records_in, &events_out, &flushes, &overtaking,
        &windows_skipped, &fell_behind, &slow_told, &gaps_told, &fetches, &started_afresh,
        &cohorts_asked;
    metrics::Gauge &subscribers, &apart, &cohorts, &keys;
    metrics::Stage hub, send;
  };
  Metrics metrics_;
};

}  // namespace livetape::hub
