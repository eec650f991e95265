#pragma once

// TopicSummary: which topics a block may hold, in a few bytes, so that a filtered replay skips
// blocks. A Bloom filter over the first segment and the first two segments of every topic.
// A value; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace livetape::tape {

class TopicSummary {
 public:
  // `bits` as TopicSummaryBuilder made it: 0 bytes or a power of two. Must outlive this.
  explicit TopicSummary(std::string_view bits) : bits_(bits) {}

  // False only if no topic of the block begins with `prefix`: one or two whole segments without
  // wildcards, "jobs" or "jobs/training". Exact but for 1 in 100 blocks or so.
  bool MayBeginWith(std::string_view prefix) const;

 private:
  std::string_view bits_;
};

// Gathers the topics of one block.
class TopicSummaryBuilder {
 public:
  // An empty topic adds nothing.
  void Add(std::string_view topic);
  // The filter's bytes: 10 to 20 bits for each distinct beginning, at most 16 KiB.
  std::string Finish();

 private:
  std::vector<uint64_t> hashes_;
  std::string last_topic_;
};

}  // namespace livetape::tape
