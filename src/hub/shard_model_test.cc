// The shard against a simple model: random publishing, reading, stalling, closing and resuming,
// then what every stream received is compared with what the rules say. The seed is printed.

#include <gtest/gtest.h>

#include <sstream>

#include "base/random.h"
#include "hub/testing.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

constexpr int kTopics = 6;

std::string RecordTopic(uint64_t i) { return fmt::format("r/{}", i); }
std::string StateTopic(uint64_t i) { return fmt::format("s/{}", i); }

class World {
 public:
  explicit World(uint64_t seed)
      : random_(seed),
        shard_({}, log_, sockets_, clock_, metrics_, [] {}),
        inbox_(shard_.AddInbox()) {
    for (uint64_t i = 0; i < kTopics; ++i) {
      keys_.push_back(std::make_shared<StateKey>(StateTopic(i), "q"));
    }
  }

  void Run(int steps) {
    for (int i = 0; i < steps; ++i) Step();
    Quiesce();
    for (const auto& [id, wish] : open_) CheckStream(base::StreamId(id), wish, true);
    for (const auto& [id, wish] : closed_) CheckStream(base::StreamId(id), wish, false);
  }

 private:
  struct Wish {
    std::vector<std::string> patterns;
    bool every = false;  // interval 0
    uint64_t after = 0;  // resume position
    bool apart_ever = false;
    uint64_t state_from = 0;  // values put so far when it began
  };

  void Step() {
    switch (random_.Below(12)) {
      case 0:
      case 1:
        log_.Append(RecordTopic(random_.Below(kTopics)), "x");
        break;
      case 2:
      case 3:
        PutState();
        break;
      case 4:
        inbox_.Mark({tick_ += 1 + random_.Below(3)});
        break;
      case 5:
        Open();
        break;
      case 6:
        Stall();
        break;
      case 7:
        Unstall();
        break;
      case 8:
        if (random_.Below(4) == 0) Close();
        break;
      default:
        for (uint64_t n = random_.Below(4); n > 0; --n) shard_.DoWork();
    }
  }

  // The value is "<count>:<record it follows>".
  void PutState() {
    const uint64_t topic = random_.Below(kTopics);
    const uint64_t after = random_.Below(2) == 0 ? log_.head() : 0;
    const std::string value = fmt::format("{}:{}", ++puts_, after);
    inbox_.Put({keys_[topic], base::SharedBytes::Copy(value), puts_, after, false});
    newest_[StateTopic(topic)] = value;
    put_order_.emplace_back(StateTopic(topic), value);
  }

  void Open() {
    if (open_.size() > 200) return;
    // A slot is reused only after its stream has closed, with a new generation.
    uint64_t id = next_id_++;
    if (!free_slots_.empty() && random_.Below(2) == 0) {
      id = (++generation_ << 32) | free_slots_.back();
      free_slots_.pop_back();
    }
    Wish wish;
    const std::vector<std::vector<std::string>> choices = {
        {"**"}, {"r/*"}, {"s/*"}, {"r/1", "s/1"}, {"s/2", "s/3"}, {"r/*", "s/0"}};
    wish.patterns = choices[random_.Below(choices.size())];
    wish.every = random_.Below(3) == 0;
    // Some cursors are ahead of the shard: they come from one that was faster.
    wish.after = random_.Below(3) == 0 ? random_.Below(log_.head() + 1) : shard_.cursor();
    wish.apart_ever = wish.after > shard_.cursor();
    StreamSpec spec{.patterns = {},
                    .types = {},
                    .rendering = &rendering_,
                    .interval = milliseconds(wish.every ? 0 : 50 + 50 * random_.Below(2)),
                    .minor_updates = false,
                    .repeat = false};
    for (const auto& pattern : wish.patterns) {
      spec.patterns.push_back(*TopicPattern::Parse(pattern));
    }
    const base::StreamId stream(id);
    sockets_[stream] = {};
    sockets_[stream].text = shard_.Subscribe(
        stream, std::move(spec), {.after = wish.after, .gap_reason = "", .requested = ""},
        [](auto) { return std::string(); });
    wish.state_from = puts_;
    shard_.OnWritable(stream);
    open_.emplace(id, wish);
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
    open_[id].apart_ever = true;
  }
  void Unstall() {
    if (open_.empty()) return;
    const base::StreamId stream(AnyOpen());
    if (sockets_.Unblock(stream)) shard_.OnWritable(stream);
  }
  void Close() {
    if (open_.empty()) return;
    const uint64_t id = AnyOpen();
    shard_.OnClosed(base::StreamId(id));
    closed_.emplace(id, open_[id]);
    open_.erase(id);
    free_slots_.push_back(id & 0xffffffff);
  }

  void Quiesce() {
    for (const auto& [id, wish] : open_) {
      if (sockets_.Unblock(base::StreamId(id))) shard_.OnWritable(base::StreamId(id));
    }
    Work();
    inbox_.Mark({tick_ += 400});
    Work();
  }
  void Work() {
    while (shard_.DoWork()) {
    }
  }

  bool Matches(const Wish& wish, std::string_view topic) const {
    for (const auto& pattern : wish.patterns) {
      if (TopicPattern::Parse(pattern)->Matches(topic)) return true;
    }
    return false;
  }

  // `complete`: the stream was open and read to the end.
  void CheckStream(base::StreamId stream, const Wish& wish, bool complete) {
    uint64_t last_record = wish.after;
    std::map<std::string, std::string> seen;
    std::vector<std::pair<std::string, std::string>> live;
    std::istringstream lines(sockets_[stream].text);
    for (std::string line; std::getline(lines, line);) {
      if (!complete && lines.eof()) break;  // a line that the closing cut
      if (line.starts_with("R ")) {
        const uint64_t seq = std::stoull(line.substr(2));
        for (uint64_t skipped = last_record + 1; skipped < seq; ++skipped) {
          ASSERT_FALSE(Matches(wish, log_.entry(skipped).topic)) << "lost record " << skipped;
        }
        ASSERT_GT(seq, last_record) << "record twice or out of order";
        last_record = seq;
      } else if (line.starts_with("S ")) {
        const auto equals = line.find('='), colon = line.find(':');
        ASSERT_NE(colon, std::string::npos) << line;
        const std::string topic = line.substr(2, equals - 2), value = line.substr(equals + 1);
        ASSERT_TRUE(Matches(wish, topic));
        const uint64_t count = std::stoull(value), follows = std::stoull(line.substr(colon + 1));
        const auto before = seen.find(topic);
        ASSERT_TRUE(before == seen.end() || count >= std::stoull(before->second)) << "went back";
        seen[topic] = value;
        if (count > wish.state_from) {
          live.emplace_back(topic, value);
          CheckReleased(wish, last_record, follows);
        }
      } else {
        ASSERT_TRUE(line.starts_with("C slow") || !complete) << line;
        ASSERT_TRUE(wish.apart_ever || !complete) << "told slow but never apart from its cohort";
      }
    }
    if (!complete) return;
    for (uint64_t seq = last_record + 1; seq <= log_.head(); ++seq) {
      ASSERT_FALSE(Matches(wish, log_.entry(seq).topic)) << "lost record " << seq;
    }
    for (const auto& [topic, value] : newest_) {
      ASSERT_TRUE(!Matches(wish, topic) || seen[topic] == value) << "not the newest of " << topic;
    }
    if (wish.every && !wish.apart_ever) CheckEvery(wish, live);
  }

  // No state shows the effect of a record that this stream was not sent before.
  void CheckReleased(const Wish& wish, uint64_t last_record, uint64_t follows) {
    for (uint64_t seq = last_record + 1; seq <= follows; ++seq) {
      ASSERT_FALSE(Matches(wish, log_.entry(seq).topic)) << "state ahead of record " << seq;
    }
  }

  // A stream with interval 0 that kept up got each value, in order.
  void CheckEvery(const Wish& wish, const std::vector<std::pair<std::string, std::string>>& live) {
    std::vector<std::pair<std::string, std::string>> expected;
    for (const auto& put : put_order_) {
      if (std::stoull(put.second) > wish.state_from && Matches(wish, put.first)) {
        expected.push_back(put);
      }
    }
    ASSERT_EQ(live, expected);
  }

  base::Random random_;
  base::ManualClock clock_;
  metrics::Registry metrics_;
  testing::FakeLog log_;
  testing::FakeSockets sockets_;
  testing::LineRendering rendering_;
  Shard shard_;
  Inbox& inbox_;
  std::vector<std::shared_ptr<const StateKey>> keys_;
  uint64_t puts_ = 0, tick_ = 100, next_id_ = 0, generation_ = 0;
  std::map<std::string, std::string> newest_;
  std::vector<std::pair<std::string, std::string>> put_order_;
  std::map<uint64_t, Wish> open_, closed_;
  std::vector<uint64_t> free_slots_;
};

TEST(ShardModel, RandomHistoriesKeepThePromises) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    World(seed).Run(3000);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace livetape::hub
