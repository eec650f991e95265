#include "hub/fetch_queue.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {

FetchQueue::FetchQueue(RecordSource& records, RecordRuns& runs, size_t max,
                       std::function<void()> wake)
    : records_(records),
      runs_(runs),
      max_(max),
      wake_(std::move(wake)),
      self_(std::make_shared<FetchQueue*>(this)) {}

void FetchQueue::Ask(base::StreamId stream, const Cohort& cohort, uint64_t after) {
  const auto same = [&](const Wish& wish) {
    return wish.cohort == cohort.number() && wish.after == after;
  };
  auto wish = std::find_if(under_way_.begin(), under_way_.end(), same);
  if (wish != under_way_.end()) return wish->streams.push_back(stream);
  const auto waiting = std::find_if(waiting_.begin(), waiting_.end(), same);
  if (waiting != waiting_.end()) return waiting->streams.push_back(stream);
  waiting_.push_back({.number = ++numbers_,
                      .cohort = cohort.number(),
                      .after = after,
                      .spec = cohort.shared_spec(),
                      .streams = {stream}});
  Start();
}

void FetchQueue::Withdraw(base::StreamId stream) {
  for (Wish& wish : under_way_) std::erase(wish.streams, stream);
  for (Answer& answer : come_) std::erase(answer.streams, stream);
  for (auto wish = waiting_.begin(); wish != waiting_.end(); ++wish) {
    if (std::erase(wish->streams, stream) == 0) continue;
    if (wish->streams.empty()) waiting_.erase(wish);
    return;
  }
}

std::optional<FetchQueue::Answer> FetchQueue::Take() {
  if (come_.empty()) return std::nullopt;
  std::optional<Answer> answer(std::move(come_.front()));
  come_.pop_front();
  Start();
  return answer;
}

void FetchQueue::Start() {
  while (!waiting_.empty() && under_way() < max_) {
    Wish wish = std::move(waiting_.front());
    waiting_.pop_front();
    if (runs_.Find(wish.cohort, wish.after) != nullptr) {
      come_.push_back({std::move(wish.streams), wish.after, true, {}});
      wake_();
      continue;
    }
    const uint64_t number = wish.number, after = wish.after;
    const auto spec = wish.spec;
    under_way_.push_back(std::move(wish));
    records_.Fetch(after, kFetchBytes, spec,
                   [self = std::weak_ptr(self_), number](RecordSource::Fetched fetched) {
                     if (const auto queue = self.lock()) {
                       (*queue)->OnFetched(number, std::move(fetched));
                     }
                   });
  }
}

void FetchQueue::OnFetched(uint64_t number, RecordSource::Fetched fetched) {
  const auto wish = std::find_if(under_way_.begin(), under_way_.end(),
                                 [&](const Wish& w) { return w.number == number; });
  LT_ASSERT(wish != under_way_.end(), "fetch {} done twice", number);
  come_.push_back({std::move(wish->streams), wish->after, false, std::move(fetched)});
  under_way_.erase(wish);
  wake_();
}

}  // namespace livetape::hub
