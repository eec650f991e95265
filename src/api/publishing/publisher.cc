#include "api/publishing/publisher.h"

#include <utility>

#include "http/unavailable.h"

namespace livetape::api {
namespace {

// A request of more items lets smaller ones overtake it on their way to the disk.
constexpr size_t kBulkyItems = 64;

http::Response Ok(const std::optional<Receipt>& receipt) {
  http::Response response;
  if (receipt) {
    response.body = receipt->Json();
  } else {
    response.status = 204;
    response.content_type.clear();
  }
  return response;
}

http::Response Refused(tape::Refusal why) {
  switch (why) {
    case tape::Refusal::kFull:
      return http::Unavailable("too much is waiting to be written; try again");
    case tape::Refusal::kNotCommitting:
      return http::Unavailable("the disk does not take what is written; try again");
    case tape::Refusal::kStopping:
      return http::Unavailable("the server is stopping; try again");
    case tape::Refusal::kNotAdmitted:
      break;
  }
  return http::Problem(
      507,
      "there are as many keys of state, or bytes of their values, as there may be; "
      "delete some with \"data\":null");
}

// What a keyed request is told that is not the first of its key.
http::Response AnswerAgain(const IdempotencyTable::Begun& begun, bool has_body) {
  switch (begun.standing) {
    case IdempotencyTable::Standing::kInFlight: {
      http::Response response = http::Problem(
          409, "a request with this Idempotency-Key is under way; try again for its answer",
          "Idempotency-Key");
      response.headers.Add("Retry-After", "1");
      return response;
    }
    case IdempotencyTable::Standing::kOtherBody:
      return http::Problem(
          422, "this Idempotency-Key came with another body before; each request needs its own",
          "Idempotency-Key");
    case IdempotencyTable::Standing::kAnswered:
    case IdempotencyTable::Standing::kNew:
      break;
  }
  http::Response response;
  if (has_body) {
    response.body = begun.answer;
  } else {
    response.status = 204;
    response.content_type.clear();
  }
  return response;
}

}  // namespace

// One request on its way: through the tape, then the floor, then back to its loop.
class Publisher::Submission final : public tape::Submission {
 public:
  Submission(const Surroundings& around, Mailbox& loop, http::Responder responder,
             Publication publication, std::optional<KeyedRequest> keyed)
      : around_(around),
        loop_(loop),
        responder_(std::move(responder)),
        states_(std::move(publication.states)),
        ticks_(std::move(publication.ticks)),
        receipt_(std::move(publication.receipt)),
        keyed_(std::move(keyed)) {
    records = std::move(publication.records);
    if (receipt_) receipt_->epoch = around_.tape.epoch();
    if (keyed_) records.push_back(KeyedAnswerRecord(*keyed_, receipt_.value_or(Receipt())));
    record_count_ = records.size();
    for (const StateChange& change : states_) {
      other_bytes += change.bytes();
    }
    other_bytes += ticks_.size() * sizeof(model::PublishedTick);
    bulky = record_count_ + states_.size() > kBulkyItems;
  }

  // It has nothing for the tape.
  bool ticks_only() const { return record_count_ == 0 && states_.empty(); }

  bool Admit() override {
    reserved_ = around_.state.Reserve(states_);
    return reserved_.has_value();
  }

  void OnCommitted(uint64_t first_seq, base::WallTime time) override {
    if (receipt_) receipt_->first_seq = first_seq;
    if (!states_.empty()) {
      around_.state.Apply(states_, *reserved_, first_seq + record_count_ - 1, time);
    }
    if (keyed_) around_.idempotency.Complete(*keyed_, receipt_.value_or(Receipt()), time);
    GiveTicks();
  }

  void OnRefused(tape::Refusal why) override {
    if (reserved_) around_.state.Release(*reserved_);
    if (!ticks_.empty()) around_.floor.Release(ticks_.size());
    if (keyed_) around_.idempotency.Abandon(*keyed_);
    Answer(Refused(why));
  }

  // Answers when the floor has taken the ticks, if there are any.
  void GiveTicks() {
    if (ticks_.empty()) return Answer(Ok(receipt_));
    around_.floor.Put(std::move(ticks_),
                      [loop = &loop_, responder = responder_, receipt = std::move(receipt_)] {
                        loop->Put([responder, receipt] { responder.Send(Ok(receipt)); });
                      });
  }

 private:
  void Answer(http::Response response) {
    loop_.Put([responder = responder_, response = std::move(response)]() mutable {
      responder.Send(std::move(response));
    });
  }

  const Surroundings& around_;
  Mailbox& loop_;
  const http::Responder responder_;
  size_t record_count_ = 0;
  std::vector<StateChange> states_;
  std::optional<PublishedState::Reservation> reserved_;
  std::vector<model::PublishedTick> ticks_;
  std::optional<Receipt> receipt_;
  const std::optional<KeyedRequest> keyed_;
};

class Publisher::KeptSubmission final : public tape::Submission {
 public:
  KeptSubmission(Mailbox& loop, http::Responder responder, std::vector<tape::NewRecord> kept,
                 std::function<http::Response()> answer)
      : loop_(loop), responder_(std::move(responder)), answer_(std::move(answer)) {
    records = std::move(kept);
  }
  void OnCommitted(uint64_t, base::WallTime) override { Answer(answer_()); }
  void OnRefused(tape::Refusal why) override { Answer(Refused(why)); }

 private:
  void Answer(http::Response response) {
    loop_.Put([responder = responder_, response = std::move(response)]() mutable {
      responder.Send(std::move(response));
    });
  }

  Mailbox& loop_;
  const http::Responder responder_;
  const std::function<http::Response()> answer_;
};

http::Reply Publisher::Keep(size_t loop, std::vector<tape::NewRecord> records,
                            std::function<http::Response()> answer) {
  return http::DeferredReply{[this, loop, records = std::move(records),
                              answer = std::move(answer)](http::Responder responder) {
    std::unique_ptr<tape::Submission> submission = std::make_unique<KeptSubmission>(
        *around_.loops[loop], std::move(responder), records, answer);
    if (const auto refusal = around_.tape.Submit(submission)) submission->OnRefused(*refusal);
  }};
}

// A submission for which nobody waits.
class Publisher::OwnSubmission final : public tape::Submission {
 public:
  OwnSubmission(std::vector<tape::NewRecord> its_records, std::function<void(bool)> done)
      : done_(std::move(done)) {
    records = std::move(its_records);
  }
  void OnCommitted(uint64_t, base::WallTime) override { done_(true); }
  void OnRefused(tape::Refusal) override { done_(false); }

 private:
  const std::function<void(bool)> done_;
};

Publisher::Publisher(Surroundings surroundings) : around_(std::move(surroundings)) {}
Publisher::~Publisher() = default;

http::Reply Publisher::Publish(const http::Request& request, const Caller& caller, size_t loop,
                               Publication publication) {
  std::optional<KeyedRequest> keyed;
  if (const auto key = request.headers.Find("Idempotency-Key")) {
    if (const auto right = CheckIdempotencyKey(*key); !right) {
      return http::Problem(422, "Idempotency-Key " + right.error().message, "Idempotency-Key");
    }
    keyed = KeyedRequest{.subject = std::string(caller.subject()),
                         .method = request.method,
                         .path = request.path,
                         .key = std::string(*key),
                         .body = HashBody(request.body)};
  }
  return http::DeferredReply{[this, loop, keyed = std::move(keyed),
                              publication = std::make_shared<Publication>(std::move(publication))](
                                 http::Responder responder) {
    Begin(*around_.loops[loop], std::move(responder), keyed, std::move(*publication));
  }};
}

void Publisher::Begin(Mailbox& loop, http::Responder responder,
                      const std::optional<KeyedRequest>& keyed, Publication publication) {
  if (keyed) {
    const auto begun = around_.idempotency.Begin(*keyed, around_.clock.Wall());
    if (begun.standing != IdempotencyTable::Standing::kNew) {
      return responder.Send(AnswerAgain(begun, publication.receipt.has_value()));
    }
  }
  const auto refuse = [&](http::Response response) {
    if (keyed) around_.idempotency.Abandon(*keyed);
    responder.Send(std::move(response));
  };
  const size_t ticks = publication.ticks.size();
  if (ticks > 0 && !around_.floor.Reserve(ticks)) {
    return refuse(http::Unavailable("too much market data is waiting; try again"));
  }
  auto submission =
      std::make_unique<Submission>(around_, loop, responder, std::move(publication), keyed);
  if (submission->ticks_only()) return submission->GiveTicks();
  std::unique_ptr<tape::Submission> to_tape = std::move(submission);
  if (const auto refusal = around_.tape.Submit(to_tape)) {
    if (ticks > 0) around_.floor.Release(ticks);
    refuse(Refused(*refusal));
  }
}

bool Publisher::Submit(std::vector<tape::NewRecord> records, std::function<void(bool kept)> done) {
  std::unique_ptr<tape::Submission> submission =
      std::make_unique<OwnSubmission>(std::move(records), std::move(done));
  return !around_.tape.Submit(submission);
}

}  // namespace livetape::api
