#include "api/publishing/tape_folds.h"

#include <algorithm>
#include <chrono>

namespace livetape::api {
namespace {

constexpr std::string_view kRevocationType = "session.revoked";

// Records before it are the oldest quarter.
uint64_t SoonGone(const tape::Tape& tape) {
  const uint64_t oldest = tape.oldest(), head = tape.head();
  return oldest + (head - std::min(head, oldest)) / 4;
}

}  // namespace

// Its data is the session itself: nobody but this reads it.
tape::NewRecord RevocationRecord(std::string_view session) {
  return {.topic = "",
          .type = std::string(kRevocationType),
          .data = std::string(session),
          .kind = tape::RecordKind::kRevocation};
}

base::Result<void> TapeFolds::Restore(tape::Tape& tape, base::WallTime now) {
  using tape::RecordKind;
  auto done = tape.Fold({RecordKind::kRevocation}, base::WallTime::min(),
                        [this](const tape::Record& record) { (void)Revoke(record); });
  if (!done) return done;
  base::Result<void> readable;
  done = tape.Fold({RecordKind::kKeyedAnswer}, now - IdempotencyTable::kLife,
                   [&](const tape::Record& record) {
                     if (readable) readable = idempotency_.Restore(record);
                   });
  if (!done) return done;
  if (!readable) return readable;
  restored_head_ = tape.head();
  return tape.Fold(
      {RecordKind::kJob, RecordKind::kAlert, RecordKind::kAlertAck, RecordKind::kRiskLimits},
      base::WallTime::min(), [this](const tape::Record& record) {
        if (record.kind == RecordKind::kRiskLimits) return ApplyLimits(record);
        const tape::RecordRef one = std::make_shared<const tape::Record>(record);
        tasks_.Apply(std::span(&one, 1));
        ApplyAlert(one);
      });
}

void TapeFolds::ApplyAlert(const tape::RecordRef& record) {
  alerts_.Apply(record);
  if (record->kind != tape::RecordKind::kAlertAck) return;
  if (const auto alert = AlertOfAck(*record)) tasks_.Acknowledge(*alert);
}

void TapeFolds::ApplyLimits(const tape::Record& record) {
  auto limits = ParseRiskLimitsRecord(record.data);
  // One that is written again may come behind a newer one.
  if (!limits || limits->version < limits_.version) return;
  limits_ = *std::move(limits);
  limits_seq_ = record.seq;
  limits_time_ = record.time;
}

void TapeFolds::Follow(std::span<const tape::RecordRef> records) {
  tasks_.Apply(records);
  for (const tape::RecordRef& record : records) {
    if (record->kind == tape::RecordKind::kRiskLimits) ApplyLimits(*record);
    ApplyAlert(record);
    if (record->kind != tape::RecordKind::kRevocation) continue;
    if (Revoke(*record)) on_revoked_(record->data);
  }
}

TaskBoard::Copies TapeFolds::CopiesOf(const Channel& channel) const {
  TaskBoard::Copies copies = tasks_.CopiesOf(channel);
  copies.through = std::max(copies.through, restored_head_);
  return copies;
}

bool TapeFolds::Revoke(const tape::Record& record) {
  const bool is_new = !revoked_.Contains(record.data);
  // The set has room for every session that was let in; one that it has no room for was refused.
  if (!revoked_.Add(record.data)) return false;
  const auto [at, added] = revocation_of_.try_emplace(record.data, record.seq);
  if (!added) {
    revocations_.erase(at->second);
    at->second = record.seq;
  }
  revocations_.emplace(record.seq, Revocation{record.data, record.time});
  return is_new;
}

std::vector<std::string> TapeFolds::RevocationsToRenew(const tape::Tape& tape,
                                                       base::WallTime before, size_t most) const {
  const uint64_t soon_gone = SoonGone(tape);
  std::vector<std::string> sessions;
  for (const auto& [seq, revocation] : revocations_) {
    if (sessions.size() == most || (seq >= soon_gone && revocation.time >= before)) break;
    sessions.push_back(revocation.session);
  }
  return sessions;
}

std::optional<tape::NewRecord> TapeFolds::LimitsToRenew(const tape::Tape& tape,
                                                        base::WallTime before) const {
  if (limits_.version == 0) return std::nullopt;
  if (limits_seq_ >= SoonGone(tape) && limits_time_ >= before) return std::nullopt;
  return RiskLimitsRecord(limits_);
}

uint64_t TapeFolds::oldest_needed() const {
  const uint64_t revocation = revocations_.empty() ? UINT64_MAX : revocations_.begin()->first;
  return std::min(revocation, limits_seq_);
}

}  // namespace livetape::api
