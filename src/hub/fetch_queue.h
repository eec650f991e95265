#pragma once

// FetchQueue: the records that a shard's subscribers need and that are not in memory: who waits
// for which, what is being fetched, what has come. Owned by the shard's thread.
//
// Invariants:
//  1. At most `max` fetches are under way or have come and not been taken, so at most
//     max * kFetchBytes or so are held; the others wait in the order in which they were asked for.
//  2. Streams of one cohort that wait for the records after the same one share a fetch.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/stream_id.h"
#include "hub/cohort.h"
#include "hub/record_runs.h"
#include "hub/record_source.h"

namespace livetape::hub {

inline constexpr size_t kFetchBytes = 256 * 1024;

class FetchQueue {
 public:
  // `wake` is called when something has come.
  FetchQueue(RecordSource& records, RecordRuns& runs, size_t max, std::function<void()> wake);

  // The stream, which waits for nothing here yet, needs what its cohort shows after `after`.
  void Ask(base::StreamId stream, const Cohort& cohort, uint64_t after);
  // The stream needs it no more.
  void Withdraw(base::StreamId stream);

  struct Answer {
    std::vector<base::StreamId> streams;
    uint64_t after = 0;
    bool in_runs = false;  // another fetch has brought it into RecordRuns; `fetched` is empty
    RecordSource::Fetched fetched;
  };
  // What has come; its streams wait no more.
  std::optional<Answer> Take();
  bool has_come() const { return !come_.empty(); }

  size_t under_way() const { return under_way_.size() + come_.size(); }
  size_t waiting() const { return waiting_.size(); }

 private:
  struct Wish {
    uint64_t number = 0;
    uint64_t cohort = 0;
    uint64_t after = 0;
    std::shared_ptr<const StreamSpec> spec;
    std::vector<base::StreamId> streams;
  };

  void Start();
  void OnFetched(uint64_t number, RecordSource::Fetched fetched);

  RecordSource& records_;
  RecordRuns& runs_;
  const size_t max_;
  const std::function<void()> wake_;
  // Lets an answer that comes when the shard has gone find nobody.
  const std::shared_ptr<FetchQueue*> self_;
  uint64_t numbers_ = 0;
  std::deque<Wish> waiting_;
  std::vector<Wish> under_way_;
  std::deque<Answer> come_;
};

}  // namespace livetape::hub
