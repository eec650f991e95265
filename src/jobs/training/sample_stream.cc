#include "jobs/training/sample_stream.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::jobs {
namespace {

constexpr size_t kSamplesPerPiece = 4096;

}  // namespace

SampleStream::SampleStream(const WorkerHead& head, const Dataset& data) : samples_(data.samples) {
  const std::string bytes = HeadBytes(head);
  LT_ASSERT(bytes.size() <= kWorkerHeadMax, "{}", bytes.size());
  const auto size = static_cast<uint32_t>(bytes.size());
  piece_.append(reinterpret_cast<const char*>(&size), sizeof size).append(bytes);
}

void SampleStream::Wrote(size_t bytes) {
  at_ += bytes;
  LT_ASSERT(at_ <= piece_.size(), "{} of {}", at_, piece_.size());
  if (at_ == piece_.size()) NextPiece();
}

void SampleStream::NextPiece() {
  piece_.clear();
  at_ = 0;
  const std::span<const Sample> some = samples_.first(std::min(kSamplesPerPiece, samples_.size()));
  samples_ = samples_.subspan(some.size());
  for (const Sample& sample : some) {
    piece_.append(reinterpret_cast<const char*>(sample.features.data()), sizeof(FeatureRow));
    piece_ += sample.up ? '\1' : '\0';
  }
  if (!some.empty() || ended_) return;
  piece_ = kWorkerEnd;
  ended_ = true;
}

}  // namespace livetape::jobs
