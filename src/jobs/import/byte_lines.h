#pragma once

// ByteLines: the lines of a source. One thread owns it.
//
// Memory is bounded: a line longer than kLineBytesMax is not kept but told as too long, and reading
// goes on behind it.

#include <cstdint>
#include <string_view>
#include <vector>

#include "jobs/import/byte_source.h"

namespace livetape::jobs {

inline constexpr size_t kLineBytesMax = 64 << 10;

class ByteLines {
 public:
  enum class Read {
    kLine,
    kTooLong,
    kWithin,  // of a line that is too long: no line, but who has to stop learns it here
    kEnd,
  };

  // `source` outlives it.
  explicit ByteLines(ByteSource& source);

  // The next line in `line`, without LF or CRLF, valid until the next call; the last one may lack
  // its line end. An error of the source comes after every whole line before it; a line that it cut
  // short is not told.
  base::Result<Read> Next(std::string_view& line);

  // Of the line just told, from 1.
  uint64_t line_number() const { return line_number_; }
  // How often the source has been asked: it changes about every 256 KiB.
  uint64_t reads() const { return reads_; }

 private:
  base::Result<bool> Fill();
  Read Told(std::string_view& line, size_t end);

  ByteSource& source_;
  std::vector<char> buffer_;
  size_t begin_ = 0;    // of what has not been told
  size_t scanned_ = 0;  // no LF in [begin_, scanned_)
  size_t end_ = 0;
  bool discarding_ = false;  // inside of a line that is too long
  bool exhausted_ = false;   // the source has no more
  uint64_t line_number_ = 0, reads_ = 0;
};

}  // namespace livetape::jobs
