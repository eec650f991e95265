#pragma once

// AlertBook: the newest alerts and who has acknowledged them. A fold over the tape: alerts are those
// that it keeps, and of these at most kAlertsMax. Thread-safe: written by the tape's thread, read by
// loops.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/body/json_objects.h"
#include "base/clock.h"
#include "tape/record.h"

namespace livetape::api {

// The internal record that acknowledges the alert with this number.
tape::NewRecord AlertAckRecord(uint64_t alert, std::string_view by);
// The alert that it is of; nothing if it cannot be read.
std::optional<uint64_t> AlertOfAck(const tape::Record& record);

struct AlertQuery {
  std::optional<std::string> severity{}, entity_id{};
  std::optional<bool> acknowledged{};
  std::optional<base::WallTime> from{}, to{};  // both inclusive, of the tape's time
  size_t limit = 50, offset = 0;
};

class AlertBook {
 public:
  // Of all; the oldest are forgotten first.
  static constexpr size_t kAlertsMax = 10'000;
  static constexpr size_t kBytesMax = 32 * 1024 * 1024;

  struct Alert {
    tape::RecordRef record;
    std::string severity, entity_id;
    std::optional<base::WallTime> acknowledged_at{};
    std::string acknowledged_by{};  // a token's subject; empty: nobody's
  };

  // Records in order; of other kinds they do nothing.
  void Apply(const tape::RecordRef& record);

  std::optional<Alert> Find(uint64_t seq) const;
  struct Page {
    std::vector<Alert> alerts;  // newest first
    size_t total = 0;           // that match
  };
  Page Read(const AlertQuery& query) const;

 private:
  void Add(const tape::RecordRef& record);
  void Acknowledge(const tape::Record& record);

  mutable std::mutex mutex_;
  std::map<uint64_t, Alert> alerts_;  // by number
  size_t bytes_ = 0;
  JsonObjectReader reader_;
};

}  // namespace livetape::api
