#pragma once

// Multipart: the first file of a multipart/form-data body (RFC 7578), as the body comes. A value of
// one thread.
//
// Strict: lines end in CRLF, a boundary is followed by CRLF or `--` at once, the head of a part has at
// most kPartHeadBytesMax bytes. What is in front of the first part, parts without a file name, parts
// behind the first file and what follows the last part are passed over. Holds no more than a part's
// head or a boundary.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::api {

class Multipart {
 public:
  static constexpr size_t kPartHeadBytesMax = 8192;

  // The boundary that a Content-Type names; nothing: it is not multipart/form-data. The error says
  // what is wrong with a boundary (RFC 2046, section 5.1.1: 1 to 70 characters).
  static base::Result<std::optional<std::string>> BoundaryOf(std::string_view content_type);

  explicit Multipart(std::string_view boundary);

  // Appends to `file` what of `bytes` belongs to the first file. The error says what is wrong with
  // the form; nothing more can be put then.
  base::Result<void> Put(std::string_view bytes, std::string& file);
  // The body is complete: an error if the form is not, or has no file.
  base::Result<void> Finish() const;

  // As the form calls the file; empty until its part begins.
  const std::string& file_name() const { return file_name_; }

 private:
  enum class State { kText, kBoundary, kHead, kEnd };

  bool PassText(std::string& file);
  base::Result<bool> PassBoundary();
  base::Result<bool> PassHead();

  const std::string boundary_;  // with the CRLF and the dashes before it
  std::string rest_ = "\r\n";   // not yet dealt with; the first boundary may lack its CRLF
  State state_ = State::kText;
  bool in_file_ = false, found_ = false;
  std::string file_name_;
};

}  // namespace livetape::api
