#pragma once

// AnswerReader: finds the end of one answer to a publish or an order, and whether it acknowledges.
//
// Only what a publisher needs to go on: the status, Content-Length, and how the body begins. A body
// is counted, not kept. Owned by the loop's thread; one per connection.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::bench {

class AnswerReader {
 public:
  // Takes the next bytes; true once the answer is complete. An error when it is none: a head over
  // 16 KiB or without Content-Length, or bytes behind its end.
  base::Result<bool> Take(std::string_view received);
  // Makes ready for the next answer.
  void Reset();

  // Of the complete answer: a status of success, and its body begins so.
  bool Acknowledges(std::string_view beginning) const {
    return status_ / 100 == 2 && body_start_.starts_with(beginning);
  }
  int status() const { return status_; }
  // Of the complete answer: "not now", with the time after which to come again.
  bool busy() const { return status_ == 503 && retry_after_; }
  // The beginning of the body, for a message: at most 200 bytes.
  const std::string& body_start() const { return body_start_; }

 private:
  base::Result<void> ReadHead();

  std::string head_;
  std::string body_start_;
  bool in_body_ = false;
  size_t body_left_ = 0;
  int status_ = 0;
  bool retry_after_ = false;
};

}  // namespace livetape::bench
