// The shard against a simple model: random publishing, deleting, reading, stalling, closing and
// resuming, while memory and log forget and fetches come late; then what every stream received is
// compared with what the rules say. The seed is printed.

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "hub/model_history.h"
#include "hub/testing.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;
using testing::ModelStream;

constexpr uint64_t kTopics = 6;

class World {
 public:
  explicit World(uint64_t seed)
      : random_(seed),
        scarce_(random_.Below(3) == 0),
        small_frames_(random_.Below(2) == 0),
        shard_({.heartbeat = milliseconds(15'000),
                .fetches_max = 1 + random_.Below(3),
                .tombstones_max = random_.Below(2) == 0 ? 65'536 : 1 + random_.Below(4),
                .slice_members = random_.Below(2) == 0 ? 128 : 1 + random_.Below(4),
                .slice_bytes = random_.Below(2) == 0 ? 4 << 20 : 1 + random_.Below(200),
                .frame_bytes = small_frames_ ? 1 + random_.Below(60) : 256 << 10,
                .state_bytes = scarce_ ? 1 + random_.Below(100) : 8 << 20,
                .restart_retry = milliseconds(500)},
               log_, sockets_, clock_, metrics_, [] {}),
        inbox_(shard_.AddInbox()),
        history_(log_) {
    for (uint64_t i = 0; i < kTopics; ++i) {
      keys_.push_back(std::make_shared<StateKey>(fmt::format("s/{}", i), "q"));
    }
  }

  void Run(int steps) {
    for (int i = 0; i < steps; ++i) {
      Step();
      Sweep();
    }
    Quiesce();
    for (const auto& [id, stream] : open_) Check(id, stream, true);
    for (const auto& [id, stream] : closed_) Check(id, stream, false);
  }

 private:
  void Step() {
    switch (random_.Below(18)) {
      case 0:
      case 1:
      case 2:
        return Publish();
      case 3:
      case 4:
        return PutState();
      case 5:
        return Delete();
      case 6:
        inbox_.Mark({tick_ += 1 + random_.Below(3)});
        return;
      case 7:
        return Open(random_.Below(3) == 0 ? random_.Below(log_.head() + 1) : shard_.cursor());
      case 8:
        return Stall();
      case 9:
        return Unstall();
      case 10:
        return Disconnect();
      case 11:
        return Forget();
      case 12:
        log_.unreadable = random_.Below(20) == 0;
        log_.AnswerFetch();
        log_.unreadable = false;
        return;
      case 13:
        clock_.Advance(milliseconds(random_.Below(400)));
        return shard_.SendHeartbeats();
      default:
        for (uint64_t n = random_.Below(4); n > 0; --n) shard_.DoWork();
    }
  }

  void Publish() {
    for (uint64_t n = random_.Below(8) == 0 ? 40 : 1; n > 0; --n) {
      const bool internal = random_.Below(10) == 0, large = random_.Below(300) == 0;
      log_.Append(internal ? "" : fmt::format("r/{}", random_.Below(kTopics)),
                  large ? std::string(30'000, 'x') : "x");
    }
  }

  void PutState() {
    const uint64_t topic = random_.Below(kTopics);
    const uint64_t after = random_.Below(2) == 0 ? log_.head() : 0;
    const std::string value = history_.Put(keys_[topic]->topic, after);
    inbox_.Put({keys_[topic], base::SharedBytes::Copy(value), history_.changes(), after, false});
  }
  void Delete() {
    const uint64_t topic = random_.Below(kTopics);
    history_.Delete(keys_[topic]->topic);
    inbox_.Put({keys_[topic], {}, history_.changes(), 0, false});
  }

  // Memory keeps less than the log, and the log not everything.
  void Forget() {
    const uint64_t head = log_.head();
    log_.EvictUpTo(head - std::min(head, random_.Below(400)));
    if (random_.Below(4) == 0) log_.ForgetUpTo(head - std::min(head, random_.Below(800)));
    for (auto& [id, stream] : open_) {
      if (ShardIsBehind()) stream.apart = stream.stalled = true;
    }
  }

  // Its members will have to leave their cohorts.
  bool ShardIsBehind() const { return shard_.cursor() < log_.evicted(); }

  void Open(uint64_t after) {
    if (open_.size() > 100) return;
    // A slot is reused only after its stream has closed, with a new generation.
    uint64_t id = next_id_++;
    if (!free_slots_.empty() && random_.Below(2) == 0) {
      id = (++generation_ << 32) | free_slots_.back();
      free_slots_.pop_back();
    }
    const std::vector<std::vector<std::string>> choices = {
        {"**"}, {"r/*"}, {"s/*"}, {"r/1", "s/1"}, {"s/2", "s/3"}, {"r/*", "s/0"}};
    ModelStream stream{.patterns = choices[random_.Below(choices.size())],
                       .every = random_.Below(3) == 0,
                       .after = after};
    // Some cursors are ahead of the shard: they come from one that was faster.
    stream.stalled = ShardIsBehind();
    // Others of its view may be ahead too, as long as there are records to be read. Where there is no
    // room it may get the newest values only, and so may one whose opening is cut into small frames.
    stream.apart = stream.stalled || after != shard_.cursor() || after != log_.head() || scarce_ ||
                   small_frames_;
    Resume resume{.after = after, .gap_reason = "", .requested = ""};
    if (after < log_.forgotten()) {
      resume = {.after = log_.forgotten(), .gap_reason = "expired", .requested = "old"};
      stream.apart = true;
    }
    StreamSpec spec;
    spec.rendering = &rendering_;
    spec.interval = milliseconds(stream.every ? 0 : 50 + 50 * random_.Below(2));
    if (random_.Below(3) == 0) spec.pulse = milliseconds(1000);
    for (const auto& pattern : stream.patterns) {
      spec.patterns.push_back(*TopicPattern::Parse(pattern));
    }
    const base::StreamId name(id);
    sockets_[name] = {};
    sockets_[name].text = shard_.Subscribe(name, std::move(spec), resume, {});
    stream.state_from = history_.changes();
    shard_.OnWritable(name);
    open_.emplace(id, std::move(stream));
  }

  uint64_t AnyOpen() {
    auto at = open_.begin();
    std::advance(at, static_cast<long>(random_.Below(open_.size())));
    return at->first;
  }
  void Stall() {
    if (open_.empty()) return;
    const uint64_t id = AnyOpen();
    auto& socket = sockets_[base::StreamId(id)];
    if (socket.pending.empty()) socket.room = random_.Below(30);
    open_[id].apart = open_[id].stalled = true;
  }
  void Unstall() {
    if (open_.empty()) return;
    const base::StreamId stream(AnyOpen());
    if (sockets_.Unblock(stream)) shard_.OnWritable(stream);
  }
  // One side ends a stream; often its client comes back with its cursor.
  void Disconnect() {
    if (open_.empty() || random_.Below(3) != 0) return;
    const uint64_t id = AnyOpen();
    const base::StreamId stream(id);
    if (random_.Below(4) == 0) {
      shard_.Close(stream, "auth", "{}");
      ASSERT_TRUE(sockets_[stream].ended);
      ASSERT_TRUE(sockets_[stream].text.ends_with("C auth {}\n"));
      return;  // Sweep does the rest
    }
    shard_.OnClosed(stream);
    MoveToClosed(id);
  }

  void MoveToClosed(uint64_t id) {
    const ModelStream stream = open_[id];
    const uint64_t cursor =
        testing::ModelHistory::Cursor(stream, sockets_[base::StreamId(id)].text);
    closed_.emplace(id, stream);
    open_.erase(id);
    free_slots_.push_back(id & 0xffffffff);
    if (random_.Below(2) == 0) Open(cursor);
  }
  // The streams that the shard has ended.
  void Sweep() {
    std::vector<uint64_t> ended;
    for (const auto& [id, stream] : open_) {
      if (sockets_[base::StreamId(id)].ended) ended.push_back(id);
    }
    for (const uint64_t id : ended) MoveToClosed(id);
  }

  void Quiesce() {
    for (int round = 0; round < 3; ++round) {
      for (const auto& [id, stream] : open_) {
        if (sockets_.Unblock(base::StreamId(id))) shard_.OnWritable(base::StreamId(id));
      }
      do {
        while (shard_.DoWork()) {
        }
        Sweep();
      } while (log_.AnswerFetch());
      inbox_.Mark({tick_ += 400});
    }
    ASSERT_EQ(shard_.fetches().under_way() + shard_.fetches().waiting(), 0u);
  }

  void Check(uint64_t id, const ModelStream& stream, bool complete) {
    SCOPED_TRACE(fmt::format("stream {:x} of {}, every {}, after {}", id,
                             fmt::join(stream.patterns, " "), stream.every, stream.after));
    history_.Check(stream, sockets_[base::StreamId(id)].text, complete);
  }

  base::Random random_;
  const bool scarce_;        // there is so little room for state that windows are late
  const bool small_frames_;  // what a stream begins with takes several
  base::ManualClock clock_;
  metrics::Registry metrics_;
  testing::FakeLog log_;
  testing::FakeSockets sockets_;
  testing::LineRendering rendering_;
  Shard shard_;
  Inbox& inbox_;
  testing::ModelHistory history_;
  std::vector<std::shared_ptr<const StateKey>> keys_;
  uint64_t tick_ = 100, next_id_ = 0, generation_ = 0;
  std::map<uint64_t, ModelStream> open_, closed_;
  std::vector<uint64_t> free_slots_;
};

TEST(ShardModel, RandomHistoriesKeepThePromises) {
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    World(seed).Run(3000);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace livetape::hub
