#include "tape/fetch.h"

#include <algorithm>

namespace livetape::tape {
namespace {

// Blocks that a fetch reads in vain before it lets others have their turn.
constexpr size_t kReadInVainMax = size_t{16} << 20;
// Blocks that it passes over by their summaries before that.
constexpr size_t kSkippedMax = 65'536;

class Step {
 public:
  Step(const Tape::Fetch& fetch, uint64_t head) : fetch_(fetch), head_(head) {
    result_.through = fetch.after;
  }

  BlockReader::Wish Choose(const BlockHead& block) {
    if (block.first_seq > head_ || result_.gone || done_) return BlockReader::Wish::kStop;
    if (block.last_seq <= fetch_.after) return BlockReader::Wish::kSkip;
    if (block.first_seq > result_.through + 1) {
      // Retention was here. What has been found stays good; the next fetch tells of the hole.
      if (result_.through == fetch_.after) {
        result_.gone = true;
        result_.through = block.first_seq - 1;
      }
      return BlockReader::Wish::kStop;
    }
    if (!fetch_.may_match || fetch_.may_match(TopicSummary(block.topics))) {
      return BlockReader::Wish::kRead;
    }
    result_.through = block.last_seq;
    done_ = ++skipped_ >= kSkippedMax;
    return BlockReader::Wish::kSkip;
  }

  bool Take(const BlockHead& block, std::string_view bytes) {
    EachRecord(block, bytes, fetch_.after, [&](const StoredRecord& stored) {
      const bool wanted = stored.seq <= head_ && !stored.topic.empty() &&
                          (!fetch_.matches || fetch_.matches(stored.topic, stored.type));
      if (wanted) {
        result_.records.push_back(MakeRecord(block, stored));
        cost_ += CostOf(stored);
      }
      return true;
    });
    result_.through = std::min(block.last_seq, head_);
    read_ += bytes.size();
    return cost_ < fetch_.bytes_max && read_ < kReadInVainMax;
  }

  Tape::Fetched Finish() && { return std::move(result_); }
  const Tape::Fetched& result() const { return result_; }

 private:
  const Tape::Fetch& fetch_;
  const uint64_t head_;
  Tape::Fetched result_;
  size_t cost_ = 0, read_ = 0, skipped_ = 0;
  bool done_ = false;
};

}  // namespace

Tape::Fetched RunFetch(BlockReader& reader, const Tape::Fetch& fetch, uint64_t head,
                       uint64_t unreadable_through, ReaderMetrics& metrics, base::Log& log) {
  metrics.fetches.Add();
  Step step(fetch, head);
  const auto walked = reader.Walk(
      fetch.after + 1, [&](const BlockHead& block) { return step.Choose(block); },
      [&](const BlockHead& block, std::string_view bytes) { return step.Take(block, bytes); });
  metrics.fetched_records.Add(step.result().records.size());
  // A fault behind what was found is the next fetch's.
  if (walked || step.result().through > fetch.after) return std::move(step).Finish();
  metrics.unreadable.Add();
  if (!walked.error().damage) {
    log.Error("the records after {} cannot be read now: {}", fetch.after, walked.error().message);
    return {.records = {}, .through = fetch.after, .gone = false};
  }
  log.Error("the records after {} are damaged and are passed over: {}", fetch.after,
            walked.error().message);
  return {.records = {}, .through = std::max(fetch.after, unreadable_through), .gone = true};
}

}  // namespace livetape::tape
