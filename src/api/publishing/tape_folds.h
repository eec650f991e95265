#pragma once

// TapeFolds: what the server knows because of records: revoked sessions, answers to keyed requests,
// unfinished tasks, alerts and changed limits of risk. Filled from the tape at start, then by each committed group.
// Written by the main thread before the start and by the tape's thread after it.

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/channels/task_board.h"
#include "api/native/idempotency.h"
#include "api/risk/alert_book.h"
#include "api/risk/risk_settings.h"
#include "auth/revocations.h"
#include "base/clock.h"
#include "base/result.h"
#include "tape/tape.h"

namespace livetape::api {

// The internal record that ends a session.
tape::NewRecord RevocationRecord(std::string_view session);

class TapeFolds {
 public:
  // `revoked` is called on the tape's thread for each session that has been revoked.
  explicit TapeFolds(std::function<void(const std::string& session)> revoked)
      : on_revoked_(std::move(revoked)) {}

  // Before the tape starts: from what it keeps.
  base::Result<void> Restore(tape::Tape& tape, base::WallTime now);
  // The tape's thread: each committed group.
  void Follow(std::span<const tape::RecordRef> records);

  const auth::RevokedSessions& revoked() const { return revoked_; }
  IdempotencyTable& idempotency() { return idempotency_; }

  // What a new screen of the channel is shown, and the position up to which it is right.
  TaskBoard::Copies CopiesOf(const Channel& channel) const;

  const AlertBook& alerts() const { return alerts_; }
  // Before the tape starts: what requests have changed of the limits of risk.
  const RiskOverrides& risk_overrides() const { return limits_; }

  // The tape's thread. The record of the limits, to be written again: it is older than `before` or
  // among the oldest quarter.
  std::optional<tape::NewRecord> LimitsToRenew(const tape::Tape& tape, base::WallTime before) const;

  // The tape's thread. Tokens may live longer than the tape keeps records, so revocations are written
  // again when they come near the tape's end: those of records older than `before` or among the
  // oldest quarter, oldest first, at most `most`.
  std::vector<std::string> RevocationsToRenew(const tape::Tape& tape, base::WallTime before,
                                              size_t most) const;
  // The tape's thread: the oldest record of a revocation or of limits that has not been written
  // again; the tape must not forget it. The largest number if there is none.
  uint64_t oldest_needed() const;

 private:
  struct Revocation {
    std::string session;
    base::WallTime time;
  };
  void ApplyAlert(const tape::RecordRef& record);
  void ApplyLimits(const tape::Record& record);
  // True if it was not revoked before.
  bool Revoke(const tape::Record& record);

  const std::function<void(const std::string&)> on_revoked_;
  auth::RevokedSessions revoked_;
  std::map<uint64_t, Revocation> revocations_;               // by the number of its newest record
  std::unordered_map<std::string, uint64_t> revocation_of_;  // that number by session
  IdempotencyTable idempotency_;
  TaskBoard tasks_;
  AlertBook alerts_;
  RiskOverrides limits_;  // of the newest version
  uint64_t limits_seq_ = UINT64_MAX;
  base::WallTime limits_time_;
  uint64_t restored_head_ = 0;  // the tape's head when it was restored
};

}  // namespace livetape::api
