#pragma once

// LineReader: a text file, plain or gzip, line by line. One thread owns it.
//
// Memory is bounded: a line longer than kLineBytesMax is not kept but told as too long, and reading
// goes on behind it.

#include <zlib.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace livetape::market {

inline constexpr size_t kLineBytesMax = 4 << 20;
// Bytes behind each line that may be read (never interpreted): what simdjson asks for.
inline constexpr size_t kLinePadding = 64;

class LineReader {
 public:
  enum class Read { kLine, kTooLong, kEnd };

  // The error says what is wrong with `path`: missing, a directory, not readable.
  static base::Result<std::unique_ptr<LineReader>> Open(const std::string& path);
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line in `line`, without LF or CRLF, valid until the next call; the last one may lack
  // its line end. An error (the disk's, damaged or truncated gzip) comes after every whole line
  // before it, and ends the file: a line cut short by it is not told.
  base::Result<Read> Next(std::string_view& line);

  // Of the line just told, from 1.
  uint64_t line_number() const { return line_number_; }
  const std::string& path() const { return path_; }
  // Of the file as it is on disk, compressed or not.
  uint64_t bytes_read() const;

  // From now on measures the time spent reading and decompressing.
  void TimeReads(const base::Clock& clock) { clock_ = &clock; }
  std::chrono::nanoseconds read_time() const { return read_time_; }

 private:
  struct CloseFile {
    void operator()(gzFile_s* file) const { gzclose(file); }
  };
  using File = std::unique_ptr<gzFile_s, CloseFile>;

  LineReader(std::string path, File file);
  bool Fill();
  base::Result<Read> AtEnd(std::string_view& line);
  base::Error Fault(int code, const char* text) const;

  const std::string path_;
  const File file_;
  std::vector<char> buffer_;
  size_t begin_ = 0;    // of the unread bytes
  size_t scanned_ = 0;  // no LF in [begin_, scanned_)
  size_t end_ = 0;
  bool discarding_ = false;  // inside a line that is too long
  bool exhausted_ = false;   // the file has no more bytes
  uint64_t line_number_ = 0;
  const base::Clock* clock_ = nullptr;
  std::chrono::nanoseconds read_time_{0};
};

}  // namespace livetape::market
