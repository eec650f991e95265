#include "api/publishing/tape_folds.h"

#include <algorithm>
#include <chrono>

namespace livetape::api {
namespace {

constexpr std::string_view kRevocationType = "session.revoked";

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
                        [this](const tape::Record& record) { Revoke(record); });
  if (!done) return done;
  base::Result<void> readable;
  done = tape.Fold({RecordKind::kKeyedAnswer}, now - IdempotencyTable::Limits().life,
                   [&](const tape::Record& record) {
                     if (readable) readable = idempotency_.Restore(record);
                   });
  if (!done) return done;
  if (!readable) return readable;
  restored_head_ = tape.head();
  return tape.Fold({RecordKind::kJob, RecordKind::kAlert}, base::WallTime::min(),
                   [this](const tape::Record& record) {
                     const tape::RecordRef one = std::make_shared<const tape::Record>(record);
                     tasks_.Apply(std::span(&one, 1));
                   });
}

void TapeFolds::Follow(std::span<const tape::RecordRef> records) {
  for (const tape::RecordRef& record : records) {
    if (record->kind != tape::RecordKind::kRevocation) continue;
    Revoke(*record);
    on_revoked_(record->data);
  }
  tasks_.Apply(records);
}

TaskBoard::Copies TapeFolds::CopiesOf(const Channel& channel) const {
  TaskBoard::Copies copies = tasks_.CopiesOf(channel);
  copies.through = std::max(copies.through, restored_head_);
  return copies;
}

void TapeFolds::Revoke(const tape::Record& record) {
  // The set has room for every session that was let in; one that it has lost room for was refused.
  if (!revoked_.Add(record.data)) return;
  const std::scoped_lock lock(mutex_);
  revocations_.insert_or_assign(record.data, Revocation{record.seq, record.time});
}

std::vector<std::string> TapeFolds::RevocationsToRenew(const tape::Tape& tape,
                                                       base::WallTime older_than,
                                                       size_t most) const {
  const uint64_t oldest = tape.oldest(), head = tape.head();
  const uint64_t soon_gone = oldest + (head - oldest) / 4;
  std::vector<std::string> sessions;
  const std::scoped_lock lock(mutex_);
  for (const auto& [session, revocation] : revocations_) {
    if (sessions.size() == most) break;
    if (revocation.seq < soon_gone || revocation.time < older_than) sessions.push_back(session);
  }
  return sessions;
}

}  // namespace livetape::api
