// Projector: the queries that wait until the store shows what the tape held when they came.

#include <utility>

#include "app/paper/projector.h"

namespace livetape::app {
namespace {

constexpr std::chrono::milliseconds kReadPatience{100};  // DESIGN section 6

http::Response Later(std::string_view detail) {
  http::Response response = http::Problem(503, detail);
  response.headers.Add("Retry-After", "1");
  return response;
}

}  // namespace

http::Reply Projector::Read(size_t loop,
                            std::move_only_function<http::Response(store::Reader&)> query) {
  auto shared = std::make_shared<decltype(query)>(std::move(query));
  return http::DeferredReply{[this, loop, shared](http::Responder responder) {
    Read(loop, std::move(responder), std::move(*shared));
  }};
}

http::Reply Projector::ReadNow(size_t loop,
                               std::move_only_function<http::Response(store::Reader&)> query) {
  auto shared = std::make_shared<decltype(query)>(std::move(query));
  return http::DeferredReply{[this, loop, shared](http::Responder responder) {
    RunQuery({.head = 0,
              .deadline = {},
              .loop = loop,
              .responder = std::move(responder),
              .query = std::move(*shared)});
  }};
}

void Projector::Read(size_t loop, http::Responder responder,
                     std::move_only_function<http::Response(store::Reader&)> query) {
  Waiting waiting{.head = around_.tape.head(),
                  .deadline = around_.clock.Mono() + kReadPatience,
                  .loop = loop,
                  .responder = std::move(responder),
                  .query = std::move(query)};
  {
    const std::scoped_lock lock(mutex_);
    if (through_ < waiting.head) {
      waiting_.push_back(std::move(waiting));
      work_ = true;
      changed_.notify_one();
      return;
    }
  }
  RunQuery(std::move(waiting));
}

// Queries whose time has come, by either meaning of it.
void Projector::Serve() {
  std::deque<Waiting> ready, late, still;
  {
    const std::scoped_lock lock(mutex_);
    const base::MonoTime now = around_.clock.Mono();
    for (Waiting& one : waiting_) {
      const bool caught_up = one.head <= through_;
      (caught_up ? ready : one.deadline <= now ? late : still).push_back(std::move(one));
    }
    waiting_ = std::move(still);
  }
  for (Waiting& one : ready) RunQuery(std::move(one));
  for (Waiting& one : late) {
    around_.loops[one.loop]->Put([responder = std::move(one.responder)] {
      responder.Send(Later("the books are behind the tape; try again"));
    });
  }
}

void Projector::RunQuery(Waiting waiting) {
  auto shared = std::make_shared<Waiting>(std::move(waiting));
  api::Mailbox* const loop = around_.loops[shared->loop];
  const bool taken = around_.store.Read([shared, loop](store::Reader& reader) {
    loop->Put([shared, response = shared->query(reader)]() mutable {
      shared->responder.Send(std::move(response));
    });
  });
  if (taken) return;
  loop->Put([shared] { shared->responder.Send(Later("too many queries wait; try again")); });
}

}  // namespace livetape::app
