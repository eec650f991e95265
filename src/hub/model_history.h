#pragma once

// ModelHistory: what was published, and what by the rules of the hub a stream may have received of
// it. For shard_model_test.cc.

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "hub/testing.h"

namespace livetape::hub::testing {

// A stream as its client asked for it.
struct ModelStream {
  std::vector<std::string> patterns;
  bool every = false;       // interval 0
  uint64_t after = 0;       // the last record it has
  uint64_t state_from = 0;  // changes of state so far when it began
  bool apart = false;       // may ever have been outside its cohort
  bool stalled = false;     // may ever have lagged

  bool Wants(std::string_view topic) const {
    if (topic.empty()) return false;
    for (const auto& pattern : patterns) {
      if (TopicPattern::Parse(pattern)->Matches(topic)) return true;
    }
    return false;
  }
};

// The number after "e1-" in the line.
inline uint64_t IdIn(std::string_view line, std::string_view before) {
  return std::stoull(std::string(line.substr(line.find(before) + before.size())));
}

class ModelHistory {
 public:
  explicit ModelHistory(const FakeLog& log) : log_(log) {}

  // The next change of state: a value, which it returns ("<number>:<record it follows>"), or a
  // deletion.
  std::string Put(const std::string& topic, uint64_t follows) {
    const std::string value = fmt::format("{}:{}", ++changes_, follows);
    newest_[topic] = value;
    puts_.emplace_back(topic, value);
    return value;
  }
  void Delete(const std::string& topic) {
    ++changes_;
    if (newest_.erase(topic) > 0) deleted_at_[topic].push_back(changes_);
  }
  uint64_t changes() const { return changes_; }

  // The last position that the text tells its client of.
  static uint64_t Cursor(const ModelStream& stream, const std::string& text) {
    uint64_t cursor = stream.after;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      if (line.starts_with("R ")) cursor = std::stoull(line.substr(2));
      if (line.starts_with("P ")) cursor = IdIn(line, "e1-");
      if (line.starts_with("C gap")) cursor = IdIn(line, "resumed_at\":\"e1-");
    }
    return cursor;
  }

  // `complete`: the stream is open and has been read to its end.
  void Check(const ModelStream& stream, const std::string& text, bool complete) {
    position_ = stream.after;
    seen_.clear();
    shown_.clear();
    live_.clear();
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (lines.eof()) {  // a line that the closing cut
        ASSERT_FALSE(complete) << line;
        break;
      }
      ASSERT_NO_FATAL_FAILURE(CheckLine(stream, line, complete)) << line.substr(0, 200);
    }
    if (!complete) return;
    MoveTo(stream, log_.head() + 1);
    for (const auto& [topic, value] : newest_) {
      ASSERT_TRUE(!stream.Wants(topic) || shown_[topic] == value) << "not the newest of " << topic;
    }
    for (const auto& [topic, value] : shown_) {
      ASSERT_TRUE(newest_.contains(topic)) << "still shows the deleted " << topic;
    }
    if (stream.every && !stream.apart) CheckEvery(stream);
  }

 private:
  void CheckLine(const ModelStream& stream, const std::string& line, bool complete) {
    if (line.starts_with("R ")) {
      const uint64_t seq = std::stoull(line.substr(2));
      ASSERT_GT(seq, position_) << "record twice or out of order";
      ASSERT_TRUE(stream.Wants(log_.entry(seq).topic));
      MoveTo(stream, seq);
      position_ = seq;
    } else if (line.starts_with("S ")) {
      CheckState(stream, line);
    } else if (line.starts_with("D ")) {
      CheckDeletion(stream, line.substr(2));
    } else if (line.starts_with("P ")) {
      const uint64_t id = IdIn(line, "e1-");
      ASSERT_GE(id, position_);
      MoveTo(stream, id + 1);
      position_ = id;
    } else if (line.starts_with("C gap")) {
      const uint64_t id = IdIn(line, "resumed_at\":\"e1-");
      ASSERT_GE(id, position_);
      ASSERT_LE(id, log_.forgotten()) << "a gap over records that are kept";
      position_ = id;
    } else if (line.starts_with("C slow")) {
      ASSERT_TRUE(stream.stalled) << "told slow but never lagged";
    } else if (!line.empty() && !line.starts_with(':')) {
      ASSERT_FALSE(complete) << "an end that did not end it";
    }
  }

  // No record that it wants lies between its position and `next`.
  void MoveTo(const ModelStream& stream, uint64_t next) const {
    for (uint64_t seq = position_ + 1; seq < next; ++seq) {
      ASSERT_FALSE(stream.Wants(log_.entry(seq).topic)) << "lost record " << seq;
    }
  }

  void CheckState(const ModelStream& stream, const std::string& line) {
    const auto equals = line.find('='), colon = line.find(':');
    ASSERT_NE(colon, std::string::npos);
    const std::string topic = line.substr(2, equals - 2), value = line.substr(equals + 1);
    ASSERT_TRUE(stream.Wants(topic));
    const uint64_t number = std::stoull(value), follows = std::stoull(line.substr(colon + 1));
    ASSERT_GE(number, seen_[topic]) << "went back";
    seen_[topic] = number;
    shown_[topic] = value;
    if (number <= stream.state_from) return;
    live_.emplace_back(topic, value);
    // No state shows the effect of a record that this stream was not sent before.
    MoveTo(stream, follows + 1);
  }

  void CheckDeletion(const ModelStream& stream, const std::string& topic) {
    ASSERT_TRUE(stream.Wants(topic));
    const auto& deletions = deleted_at_[topic];
    ASSERT_TRUE(!deletions.empty() && deletions.back() > seen_[topic]) << "deleted out of nothing";
    shown_.erase(topic);
  }

  // A stream with interval 0 that kept up got each value, in order.
  void CheckEvery(const ModelStream& stream) {
    std::vector<std::pair<std::string, std::string>> expected;
    for (const auto& put : puts_) {
      if (std::stoull(put.second) > stream.state_from && stream.Wants(put.first)) {
        expected.push_back(put);
      }
    }
    ASSERT_EQ(live_, expected);
  }

  const FakeLog& log_;
  uint64_t changes_ = 0;
  std::map<std::string, std::string> newest_;
  std::map<std::string, std::vector<uint64_t>> deleted_at_;
  std::vector<std::pair<std::string, std::string>> puts_;

  // Of the stream that is being checked.
  uint64_t position_ = 0;
  std::map<std::string, uint64_t> seen_;
  std::map<std::string, std::string> shown_;
  std::vector<std::pair<std::string, std::string>> live_;
};

}  // namespace livetape::hub::testing
