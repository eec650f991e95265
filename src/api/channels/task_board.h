#pragma once

// TaskBoard: the latest event of each unfinished task and the open alerts, so that a screen that
// opens a channel is right at once (API section 4). A fold over the tape. Thread-safe: written in
// groups by the tape's thread, read by loops.
//
// Invariants: (1) it shows exactly the records up to position(); (2) a task, which is a topic, is
// there once, by its newest record; (3) records and bytes of a channel stay within the limits: the
// least recently updated are forgotten first, which a screen sees again at their next event.

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/body/json_objects.h"
#include "api/channels/channel.h"
#include "tape/record.h"

namespace livetape::api {

class TaskBoard {
 public:
  // Of each channel.
  static constexpr size_t kTasksMax = 1000;
  static constexpr size_t kBytesMax = 8 * 1024 * 1024;
  // Alerts that a new screen gets; more are kept, for when some of these are acknowledged.
  static constexpr size_t kAlertsShown = 100;
  // What one new screen gets, newest first, at most.
  static constexpr size_t kShownBytesMax = 256 * 1024;

  // Records of all kinds, in order; those of other kinds only move the position.
  void Apply(std::span<const tape::RecordRef> records);
  // The alert with this number is shown no more.
  void Acknowledge(uint64_t seq);

  // The number of the last record applied.
  uint64_t position() const;

  struct Copies {
    std::vector<tape::RecordRef> records;  // in order
    uint64_t through = 0;                  // the position that they show
  };
  // None for a channel of state.
  Copies CopiesOf(const Channel& channel) const;

 private:
  // What a channel shows.
  struct Board {
    std::map<uint64_t, tape::RecordRef> records;              // by number
    std::unordered_map<std::string_view, uint64_t> of_topic;  // of tasks; views into records
    size_t bytes = 0;
  };

  void ApplyTask(Board& board, const tape::RecordRef& record);
  static void Add(Board& board, const tape::RecordRef& record);
  static void Remove(Board& board, uint64_t seq);
  Board* BoardOf(const tape::Record& record);

  mutable std::mutex mutex_;
  uint64_t position_ = 0;
  std::array<Board, 3> boards_;  // training, backtest, alerts: the places in Channels()
  JsonObjectReader reader_;
};

}  // namespace livetape::api
