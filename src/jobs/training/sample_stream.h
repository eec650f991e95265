#pragma once

// SampleStream: a data set as the bytes that the worker reads, a piece at a time. One thread owns it.

#include <span>
#include <string>
#include <string_view>

#include "jobs/training/dataset.h"
#include "jobs/training/worker_protocol.h"

namespace livetape::jobs {

class SampleStream {
 public:
  // `data` outlives it.
  SampleStream(const WorkerHead& head, const Dataset& data);

  // What is to be written next; empty: all has been.
  std::string_view Rest() const { return std::string_view(piece_).substr(at_); }
  // So many bytes of Rest() have been written.
  void Wrote(size_t bytes);

 private:
  void NextPiece();

  std::span<const Sample> samples_;  // that are still to come
  std::string piece_;
  size_t at_ = 0;
  bool ended_ = false;
};

}  // namespace livetape::jobs
