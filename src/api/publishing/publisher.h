#pragma once

// Publisher: takes what a request publishes to the tape and the floor and answers when it is
// durable. The one way from HTTP into the tape. Thread-safe.
//
// A request is kept as a whole or not at all. With an Idempotency-Key its answer is kept on the tape
// beside its records, in one transaction: the same request again, even after a crash, gets the first
// answer and publishes nothing (API section 6).

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "api/access/access.h"
#include "api/native/idempotency.h"
#include "api/native/receipt.h"
#include "api/publishing/mailbox.h"
#include "api/publishing/published_state.h"
#include "api/publishing/tick_floor.h"
#include "http/router.h"
#include "model/published_tick.h"
#include "tape/tape.h"

namespace livetape::api {

// What one request publishes.
struct Publication {
  std::vector<tape::NewRecord> records;
  std::vector<StateChange> states;  // follow the records
  std::vector<model::PublishedTick> ticks;
  // The answer: 200 with these ids, or without any 204. One item of it for each record and each
  // state or tick, in the request's order.
  std::optional<Receipt> receipt;
};

class Publisher {
 public:
  // What it works with; outlives it. `loops`: one mailbox per event loop.
  struct Surroundings {
    tape::Tape& tape;
    PublishedState& state;
    IdempotencyTable& idempotency;
    TickFloor& floor;
    const base::Clock& clock;
    std::vector<Mailbox*> loops;
  };
  explicit Publisher(Surroundings surroundings);
  ~Publisher();

  // The answer to `request`, which comes when `publication` is durable and, where it has ticks, the
  // floor has taken them. 503 with Retry-After when the tape or the floor takes nothing, 507 when
  // there are too many keys of state.
  http::Reply Publish(const http::Request& request, const Caller& caller, size_t loop,
                      Publication publication);

  // The same for records of which the client gets no ids: `answer` makes the answer when they are
  // durable, on the tape's thread, after all folds have them.
  http::Reply Keep(size_t loop, std::vector<tape::NewRecord> records,
                   std::function<http::Response()> answer);

  // Records of the server's own, for which nobody waits. `done` is called on the tape's thread when
  // they are kept, or refused; false, and no call, when the tape takes nothing now.
  bool Submit(std::vector<tape::NewRecord> records, std::function<void(bool kept)> done);

 private:
  class Submission;
  class OwnSubmission;
  class KeptSubmission;

  void Begin(Mailbox& loop, http::Responder responder, const std::optional<KeyedRequest>& keyed,
             Publication publication);

  const Surroundings around_;
};

}  // namespace livetape::api
