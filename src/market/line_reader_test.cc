#include "market/line_reader.h"

#include <gtest/gtest.h>

#include "market/temporary_file.h"

namespace livetape::market {
namespace {

// The lines, "<too long>" where one was, and the error at the end, if any.
std::vector<std::string> Lines(const std::string& path) {
  std::vector<std::string> lines;
  auto reader = LineReader::Open(path);
  if (!reader) return {reader.error().message};
  std::string_view line;
  for (;;) {
    const auto read = (*reader)->Next(line);
    if (!read) {
      lines.push_back(read.error().message);
      return lines;
    }
    if (*read == LineReader::Read::kEnd) return lines;
    lines.emplace_back(*read == LineReader::Read::kTooLong ? "<too long>" : line);
    EXPECT_EQ((*reader)->line_number(), lines.size());
  }
}

std::vector<std::string> LinesOf(std::string_view content) {
  return Lines(TemporaryFile(content).path());
}

using Strings = std::vector<std::string>;

TEST(LineReader, TakesOffLineEnds) {
  EXPECT_EQ(LinesOf("a\nb\r\n\nlast"), (Strings{"a", "b", "", "last"}));
  EXPECT_EQ(LinesOf("a\n"), (Strings{"a"}));
  EXPECT_EQ(LinesOf(""), Strings{});
}

TEST(LineReader, ReadsGzipAndPlainAlike) {
  std::string content;
  Strings expected;
  for (int i = 0; i < 100'000; ++i) {
    expected.push_back(std::string(static_cast<size_t>(i % 97), 'x') + std::to_string(i));
    content += expected.back() + "\n";
  }
  EXPECT_EQ(LinesOf(content), expected);
  EXPECT_EQ(LinesOf(Gzip(content)), expected);
}

TEST(LineReader, KeepsBytesBehindTheLastLineReadable) {
  const TemporaryFile file("ab");
  auto reader = *LineReader::Open(file.path());
  std::string_view line;
  ASSERT_EQ(*reader->Next(line), LineReader::Read::kLine);
  // Under the address sanitizer this read would be caught.
  volatile char sum = 0;
  for (size_t i = 0; i < kLinePadding; ++i) {
    sum = static_cast<char>(sum ^ line.data()[line.size() + i]);
  }
}

TEST(LineReader, ALineOfFourMebibytesFitsAndALongerOneIsSkipped) {
  const std::string fits(kLineBytesMax, 'x');
  EXPECT_EQ(LinesOf(fits + "\nb\n"), (Strings{fits, "b"}));
  EXPECT_EQ(LinesOf("a\n" + std::string(3 * kLineBytesMax, 'x') + "\nb"),
            (Strings{"a", "<too long>", "b"}));
  EXPECT_EQ(LinesOf("a\n" + std::string(2 * kLineBytesMax, 'x')), (Strings{"a", "<too long>"}));
}

TEST(LineReader, TruncatedGzipTellsItsWholeLinesThenSaysSo) {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += "line " + std::to_string(i * 7919) + "\n";
  const std::string whole = Gzip(content);
  const TemporaryFile file(whole.substr(0, whole.size() / 2), "cut.gz");
  const Strings lines = Lines(file.path());
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back(), file.path() + ": the gzip data ends early, after line " +
                              std::to_string(lines.size() - 1) + ": the file is truncated");
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    EXPECT_EQ(lines[i], "line " + std::to_string(i * 7919));
  }
}

TEST(LineReader, DamagedGzipIsAnError) {
  std::string bytes = Gzip(std::string(1000, 'a') + "\nb\n");
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 0x55);  // its checksum
  const Strings lines = LinesOf(bytes);
  EXPECT_NE(lines.back().find("damaged gzip data"), std::string::npos) << lines.back();
}

TEST(LineReader, SaysWhyAFileCannotBeOpened) {
  EXPECT_EQ(Lines("/no/such/file"),
            (Strings{"/no/such/file: cannot be opened: No such file or directory"}));
  EXPECT_EQ(Lines("/"), (Strings{"/: is a folder, not a file"}));
}

}  // namespace
}  // namespace livetape::market
