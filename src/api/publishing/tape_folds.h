#pragma once

// TapeFolds: what the server knows because of records: revoked sessions, answers to keyed requests,
// unfinished tasks and open alerts. Filled from the tape at start, then by each committed group.
// Written by the main thread before the start and by the tape's thread after it.

#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/channels/task_board.h"
#include "api/native/idempotency.h"
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

  // Any thread: revocations whose records will soon be kept no more, at most `most`. Written again,
  // they outlive the tape's retention, as tokens do.
  std::vector<std::string> RevocationsToRenew(const tape::Tape& tape, base::WallTime older_than,
                                              size_t most) const;

 private:
  struct Revocation {
    uint64_t seq = 0;  // of its newest record
    base::WallTime time;
  };
  void Revoke(const tape::Record& record);

  const std::function<void(const std::string&)> on_revoked_;
  auth::RevokedSessions revoked_;
  mutable std::mutex mutex_;
  std::map<std::string, Revocation, std::less<>> revocations_;
  IdempotencyTable idempotency_;
  TaskBoard tasks_;
  uint64_t restored_head_ = 0;  // the tape's head when it was restored
};

}  // namespace livetape::api
