#pragma once

// For tests of the hub: a log, sockets and a rendering that a test can steer and read.

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "hub/record_source.h"
#include "hub/rendering.h"
#include "hub/shard.h"
#include "hub/transport.h"
#include "metrics/registry.h"

namespace livetape::hub::testing {

// A log whose oldest records a test can put out of memory, so that they must be fetched, or
// forget. Fetches are answered when the test says so.
class FakeLog final : public RecordSource {
 public:
  struct Entry {
    std::string topic, type, data;
    base::WallTime time;
  };

  uint64_t Append(std::string topic, std::string data, std::string type = "message") {
    entries_.push_back({std::move(topic), std::move(type), std::move(data), now});
    return head();
  }
  void ForgetUpTo(uint64_t seq) { forgotten_ = std::max(forgotten_, seq); }
  void EvictUpTo(uint64_t seq) { evicted_ = std::max(evicted_, seq); }
  const Entry& entry(uint64_t seq) const { return entries_[seq - 1]; }
  size_t fetches() const { return fetches_.size(); }
  uint64_t fetches_ever = 0;
  uint64_t forgotten() const { return forgotten_; }
  // The last one that is not in memory.
  uint64_t evicted() const { return std::max(forgotten_, evicted_); }
  // Answers the fetch that waits longest; false if there is none.
  bool AnswerFetch() {
    if (fetches_.empty()) return false;
    const Wish wish = std::move(fetches_.front());
    fetches_.pop_front();
    wish.done(Answer(wish));
    return true;
  }
  bool unreadable = false;  // fetches find nothing out
  base::WallTime now{};     // of what is appended

  uint64_t head() const override { return entries_.size(); }
  uint64_t oldest() const override { return forgotten_ + 1; }
  std::string_view epoch() const override { return "e1"; }
  ReadOutcome Read(uint64_t after, size_t max, std::vector<RecordView>& out) const override {
    if (after < evicted()) return ReadOutcome::kOlder;
    for (uint64_t seq = after + 1; seq <= head() && max > 0; ++seq, --max) out.push_back(View(seq));
    return ReadOutcome::kRead;
  }
  void Fetch(uint64_t after, size_t bytes_max, std::shared_ptr<const StreamSpec> spec,
             std::function<void(Fetched)> done) override {
    ++fetches_ever;
    fetches_.push_back({after, bytes_max, std::move(spec), std::move(done)});
  }

 private:
  struct Wish {
    uint64_t after;
    size_t bytes_max;
    std::shared_ptr<const StreamSpec> spec;
    std::function<void(Fetched)> done;
  };

  RecordView View(uint64_t seq) const {
    const Entry& e = entry(seq);
    return {seq, e.time, e.topic, e.type, e.data, nullptr};
  }
  Fetched Answer(const Wish& wish) const {
    if (unreadable) return {.records = {}, .through = wish.after, .gone = false};
    if (wish.after < forgotten_) return {.records = {}, .through = forgotten_, .gone = true};
    Fetched fetched{.records = {}, .through = wish.after, .gone = false};
    const PatternSet patterns(wish.spec->patterns);
    for (size_t bytes = 0; fetched.through < head() && bytes < wish.bytes_max;) {
      const RecordView record = View(++fetched.through);
      if (!wish.spec->WantsType(record.type)) continue;
      if (!patterns.Matches(record.topic)) continue;
      fetched.records.push_back(record);
      bytes += record.data.size();
    }
    return fetched;
  }

  std::deque<Entry> entries_;
  std::deque<Wish> fetches_;
  uint64_t forgotten_ = 0, evicted_ = 0;
};

// Sockets whose room the test sets. What a stream received stands in `text`.
class FakeSockets final : public Transport {
 public:
  struct Socket {
    std::string text;
    std::string pending;
    size_t room = SIZE_MAX;  // bytes it still takes
    bool refused = false;    // a send was refused: writability is owed
    bool ended = false;
    bool broken = false;
  };

  Socket& operator[](base::StreamId stream) { return sockets_[stream.value()]; }
  uint64_t sends = 0;
  size_t largest_send = 0;  // members in one call

  void Send(const base::ChunkFrame& frame, std::span<const base::StreamId> streams,
            std::vector<base::SendOutcome>& outcomes) override {
    largest_send = std::max(largest_send, streams.size());
    for (const auto stream : streams) outcomes.push_back(SendOne(sockets_[stream.value()], frame));
  }
  void End(base::StreamId stream, std::string_view last) override {
    Socket& socket = sockets_[stream.value()];
    socket.text += std::exchange(socket.pending, {});
    socket.text += last;
    socket.ended = true;
  }
  // Gives the socket room again; true when the shard is owed an OnWritable.
  bool Unblock(base::StreamId stream) {
    Socket& socket = sockets_[stream.value()];
    const bool owed = socket.refused || !socket.pending.empty();
    socket.room = SIZE_MAX;
    socket.text += socket.pending;
    socket.pending.clear();
    socket.refused = false;
    return owed;
  }

 private:
  base::SendOutcome SendOne(Socket& socket, const base::ChunkFrame& frame) {
    ++sends;
    if (socket.broken) return base::SendOutcome::kClosed;
    if (socket.room == 0 || !socket.pending.empty()) {
      socket.refused = true;
      return base::SendOutcome::kRefused;
    }
    const std::string_view body = frame.body();
    const size_t taken = std::min(socket.room, body.size());
    socket.text += body.substr(0, taken);
    socket.room = socket.room == SIZE_MAX ? SIZE_MAX : socket.room - taken;
    if (taken == body.size()) return base::SendOutcome::kAccepted;
    socket.pending = body.substr(taken);
    return base::SendOutcome::kPending;
  }

  std::map<uint64_t, Socket> sockets_;
};

// One line an event: "S topic=value", "D topic" of a deleted key, "R seq topic data",
// "C event json", "P id" for a pulse.
class LineRendering : public Rendering {
 public:
  void State(const StateKey& key, std::string_view value, std::string& out) const override {
    ++renders;
    out += fmt::format("S {}={}\n", key.topic, value);
  }
  void Deleted(const StateKey& key, std::string& out) const override {
    out += fmt::format("D {}\n", key.topic);
  }
  void Record(const RecordView& record, std::string_view, std::string& out) const override {
    ++record_renders;
    out += fmt::format("R {} {} {}\n", record.seq, record.topic, record.data);
  }
  void Control(std::string_view event, std::string_view, std::string_view json,
               std::string& out) const override {
    out += fmt::format("C {} {}\n", event, json);
  }
  void Pulse(std::string_view id, std::string& out) const override {
    out += fmt::format("P {}\n", id);
  }
  mutable int renders = 0;
  mutable int record_renders = 0;
};

// State as elements "topic=value" or "-topic", one line "B element,element..." a batch.
class BatchRendering final : public LineRendering {
 public:
  void State(const StateKey& key, std::string_view value, std::string& out) const override {
    out += fmt::format("{}={}", key.topic, value);
  }
  void Deleted(const StateKey& key, std::string& out) const override {
    out += fmt::format("-{}", key.topic);
  }
  bool batches() const override { return true; }
  void Batch(std::string_view elements, std::string& out) const override {
    out += fmt::format("B {}\n", elements);
  }
};

}  // namespace livetape::hub::testing
