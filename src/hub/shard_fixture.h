#pragma once

// ShardFixture: a shard between a log, an inbox and sockets, with the verbs of its tests.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "hub/testing.h"

namespace livetape::hub::testing {

class ShardFixture : public ::testing::Test {
 protected:
  static constexpr std::chrono::milliseconds kWindow{100};

  explicit ShardFixture(Shard::Options options = {})
      : shard_(options, log_, sockets_, clock_, metrics_, [this] { ++wakes_; }),
        inbox_(shard_.AddInbox()) {}

  static Resume From(uint64_t after) { return {.after = after, .gap_reason = "", .requested = ""}; }
  StreamSpec Spec(std::string_view pattern, std::chrono::milliseconds interval = kWindow) const {
    StreamSpec spec;
    spec.patterns = {*TopicPattern::Parse(pattern)};
    spec.rendering = &rendering_;
    spec.interval = interval;
    return spec;
  }
  base::StreamId Open(StreamSpec spec, std::optional<Resume> from = std::nullopt,
                      const Shard::Opening& opening = {}) {
    const base::StreamId stream{next_slot_++};
    sockets_[stream].text =
        shard_.Subscribe(stream, std::move(spec), from ? *from : From(shard_.cursor()), opening);
    return stream;
  }
  base::StreamId Subscribe(std::string_view pattern, std::chrono::milliseconds interval = kWindow,
                           std::optional<Resume> from = std::nullopt, bool repeat = false) {
    StreamSpec spec = Spec(pattern, interval);
    spec.repeat = repeat;
    return Open(std::move(spec), std::move(from));
  }
  // The same, and its socket takes all that it is given.
  base::StreamId Replay(std::string_view pattern, uint64_t after) {
    const auto stream = Subscribe(pattern, kWindow, From(after));
    shard_.OnWritable(stream);
    return stream;
  }

  void Put(std::string_view topic, std::string_view value, uint64_t after_seq = 0,
           bool minor = false) {
    inbox_.Put({KeyOf(topic), base::SharedBytes::Copy(value), ++version_, after_seq, minor});
  }
  void Delete(std::string_view topic) { inbox_.Put({KeyOf(topic), {}, ++version_}); }
  void Tick() { inbox_.Mark({tick_ += 2}); }  // 100 ms
  void Work() {
    while (shard_.DoWork()) {
    }
  }
  void TickAndWork() {
    Tick();
    Work();
  }
  // All that the shard has to do, its fetches included.
  void Settle() {
    do {
      Work();
    } while (log_.AnswerFetch());
  }
  void Pass(std::chrono::milliseconds time) {
    clock_.Advance(time);
    shard_.SendHeartbeats();
    Work();
  }
  void Unstall(base::StreamId stream) {
    if (sockets_.Unblock(stream)) shard_.OnWritable(stream);
    Work();
  }
  std::string Take(base::StreamId stream) { return std::exchange(sockets_[stream].text, ""); }
  // "R <first> topic data" ... "R <last> ...".
  static std::string Records(uint64_t first, uint64_t last, std::string_view topic,
                             std::string_view data) {
    std::string text;
    for (uint64_t seq = first; seq <= last; ++seq) {
      text += fmt::format("R {} {} {}\n", seq, topic, data);
    }
    return text;
  }
  uint64_t Metric(std::string_view name) const {
    const std::string text = metrics_.Text();
    const size_t at = text.find(fmt::format("\n{} ", name));
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + name.size() + 2));
  }

  base::ManualClock clock_;
  metrics::Registry metrics_;
  FakeLog log_;
  FakeSockets sockets_;
  LineRendering rendering_;
  BatchRendering batches_;
  int wakes_ = 0;
  Shard shard_;
  Inbox& inbox_;
  std::map<std::string, std::shared_ptr<const StateKey>> keys_;
  uint64_t version_ = 0, tick_ = 100;
  uint64_t next_slot_ = 0;

 private:
  std::shared_ptr<const StateKey> KeyOf(std::string_view topic) {
    auto& key = keys_[std::string(topic)];
    if (!key) key = std::make_shared<StateKey>(std::string(topic), "quote");
    return key;
  }
};

}  // namespace livetape::hub::testing
