#pragma once

// Submission: one request to the tape, all or nothing; made by any thread, then the tape's.

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "tape/record.h"

namespace livetape::tape {

// Why the tape keeps nothing of a submission.
enum class Refusal : uint8_t {
  kFull,           // too much is queued; later there will be room
  kNotCommitting,  // the disk does not take what is written
  kStopping,       // the tape is being closed
  kNotAdmitted,    // the submission's own Admit() said no
};

class Submission {
 public:
  Submission() = default;
  virtual ~Submission() = default;
  Submission(const Submission&) = delete;
  Submission& operator=(const Submission&) = delete;

  // May be empty: then it only keeps its place in the order. At most 10,000 records and 8 MiB are
  // meant; what exceeds the limits of the queue is always refused kFull. Once it is submitted the
  // tape takes the texts out of here.
  std::vector<NewRecord> records;
  // What it holds besides, for the queue's limit of bytes.
  size_t other_bytes = 0;
  // The effect of what has happened already: it waits as long as the disk fails, and is refused only
  // kStopping. Who submits such ones looks at Tape::HasRoom before the next.
  bool must_be_kept = false;
  // So large that others need not wait for it: those that are not bulky may overtake it, though never
  // for long. The bulky ones keep their order, and so do the others. One that must be kept is not.
  bool bulky = false;

  // The tape's thread, before the records get numbers, in that order; false refuses all of it. May change the records. Once, but for one that must be kept: again after a failure.
  virtual bool Admit() { return true; }
  // The tape's thread, in the same order, after the records are on disk and in the ring. They
  // have the numbers from `first_seq` on; head + 1 if there are none.
  virtual void OnCommitted(uint64_t first_seq, base::WallTime time) = 0;
  // The tape's thread, or the one that stops the tape: nothing of it was kept. After a refusal by
  // Admit() it comes in its place in the order.
  virtual void OnRefused(Refusal why) = 0;
};

}  // namespace livetape::tape
