#pragma once

// BodyDecoder: takes the HTTP/1.1 framing off one streaming answer, piece by piece as it arrives.
//
// Only what a client of a stream needs: the status, whether the body is chunked (RFC 9112,
// section 7.1), and the body's bytes as slices of what was received, never copied.
// Owned by the load loop's thread; one per connection, so it is kept small.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::bench {

class BodyDecoder {
 public:
  // Takes the next slice of the body off the front of `received`. An empty slice means that
  // `received` is used up and more is needed. An error means that this is not a stream: a status
  // other than 200, a head over 16 KiB, or broken chunk framing.
  base::Result<std::string_view> Next(std::string_view& received);

  bool ended() const { return state_ == State::kEnded; }
  // Chunks whose last byte has been seen: how often the server wrote, if it writes whole chunks.
  uint32_t chunks() const { return chunks_; }

 private:
  enum class State : uint8_t { kHead, kIdentity, kSize, kExtension, kBody, kBodyEnd, kEnded };

  base::Result<bool> TakeHead(std::string_view& received);
  base::Result<bool> TakeSize(std::string_view& received);
  base::Result<bool> TakeBodyEnd(std::string_view& received);
  base::Result<void> ReadHead(std::string_view head);

  std::string head_;   // until the head is complete; then empty
  uint64_t left_ = 0;  // in kSize the size so far, in kBody the bytes still to come
  uint32_t chunks_ = 0;
  State state_ = State::kHead;
  uint8_t digits_ = 0;
};

}  // namespace livetape::bench
