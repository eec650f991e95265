#pragma once

// TapeRecords: the tape as one loop's shard reads it: new records from memory, older ones from disk
// by the tape's reader threads. Owned by its loop's thread.

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "api/publishing/mailbox.h"
#include "hub/record_source.h"
#include "tape/tape.h"

namespace livetape::api {

class TapeRecords final : public hub::RecordSource {
 public:
  // The references outlive it.
  TapeRecords(tape::Tape& tape, Mailbox& mailbox) : tape_(tape), mailbox_(mailbox) {}

  uint64_t head() const override { return tape_.head(); }
  uint64_t oldest() const override { return tape_.oldest(); }
  std::string_view epoch() const override { return tape_.epoch(); }
  ReadOutcome Read(uint64_t after, size_t max, std::vector<hub::RecordView>& out) const override;
  void Fetch(uint64_t after, size_t bytes_max, std::shared_ptr<const hub::StreamSpec> spec,
             std::function<void(Fetched)> done) override;

 private:
  tape::Tape& tape_;
  Mailbox& mailbox_;
  mutable std::vector<tape::RecordRef> batch_;  // scratch
};

// As the hub sees it; the view keeps the record alive.
hub::RecordView ViewOf(tape::RecordRef record);

}  // namespace livetape::api
