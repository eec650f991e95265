#include "api/body/multipart.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace livetape::api {
namespace {

struct Read {
  std::string file, name, error;
};

// The form in pieces of `step` bytes.
Read ReadForm(std::string_view form, size_t step) {
  Multipart multipart("XX");
  Read read;
  for (size_t at = 0; at < form.size(); at += step) {
    if (auto put = multipart.Put(form.substr(at, step), read.file); !put) {
      return {read.file, multipart.file_name(), put.error().message};
    }
  }
  if (auto finished = multipart.Finish(); !finished) read.error = finished.error().message;
  read.name = multipart.file_name();
  return read;
}

constexpr std::string_view kForm =
    "a preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"symbol\"\r\n\r\nGOOG\r\n"
    "--XX\r\ncontent-type: text/csv\r\nCONTENT-DISPOSITION: form-data; name=\"file\"; "
    "filename=\"a;\\\"b.csv\"\r\n\r\n"
    "date,price\r\n--XY\r\n\r\n--X\r\n"
    "\r\n--XX\r\nContent-Disposition: form-data; name=\"f2\"; filename=\"c.csv\"\r\n\r\nsecond\r\n"
    "--XX--\r\nan epilogue --XX\r\n";

TEST(Multipart, GivesTheFirstFileHoweverItComes) {
  for (size_t step = 1; step <= kForm.size(); ++step) {
    const Read read = ReadForm(kForm, step);
    EXPECT_EQ(read.error, "") << step;
    EXPECT_EQ(read.file, "date,price\r\n--XY\r\n\r\n--X\r\n") << step;
    EXPECT_EQ(read.name, "a;\"b.csv") << step;
  }
}

TEST(Multipart, OfEveryTruncationIsNotWhole) {
  const size_t whole = kForm.find("--XX--") + 6;
  for (size_t length = 0; length < whole; ++length) {
    EXPECT_NE(ReadForm(kForm.substr(0, length), 7).error, "") << length;
  }
  EXPECT_EQ(ReadForm(kForm.substr(0, whole), 7).error, "");
}

TEST(Multipart, SaysWhatIsWrongWithTheForm) {
  const auto error = [](const std::string& form) { return ReadForm(form, 1000).error; };
  EXPECT_EQ(error("--XX\r\n\r\na field\r\n--XX--"),
            "the form has no file: no part of it has a filename");
  EXPECT_EQ(error("--XX and more\r\n"),
            "a boundary of the form is followed neither by a line's end nor by --");
  EXPECT_EQ(error("--XX\r\nno colon\r\n\r\n"),
            "a line in the head of a part of the form has no colon");
  EXPECT_EQ(error("--XX\r\nA: " + std::string(Multipart::kPartHeadBytesMax, 'a')),
            "the head of a part of the form is over 8192 bytes");
  EXPECT_EQ(error("nothing"), "the form has no end: its last boundary is missing");
}

TEST(Multipart, OfAnEmptyFileHasNoBytes) {
  const Read read =
      ReadForm("--XX\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n\r\n--XX--", 3);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.file, "");
  EXPECT_EQ(read.name, "x");
}

TEST(Multipart, BoundaryIsTheContentTypes) {
  EXPECT_EQ(*Multipart::BoundaryOf("Multipart/Form-Data; charset=utf-8; boundary=a-b"), "a-b");
  EXPECT_EQ(*Multipart::BoundaryOf("multipart/form-data; boundary=\"a b'()\""), "a b'()");
  EXPECT_EQ(*Multipart::BoundaryOf("text/csv"), std::nullopt);
  EXPECT_EQ(*Multipart::BoundaryOf(""), std::nullopt);
  for (const char* wrong : {"multipart/form-data", "multipart/form-data; boundary=",
                            "multipart/form-data; boundary=\"a\r\nb\"",
                            "multipart/form-data; boundary=aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbb"
                            "aaaaaaaaaabbbbbbbbbbaaaaaaaaaab"}) {
    EXPECT_FALSE(Multipart::BoundaryOf(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace livetape::api
