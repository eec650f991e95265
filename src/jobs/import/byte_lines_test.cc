#include "jobs/import/byte_lines.h"

#include <gtest/gtest.h>

#include <string>

#include "jobs/import/testing.h"

namespace livetape::jobs {
namespace {

// The lines, "#" for one that is too long, and the error at last.
std::vector<std::string> LinesOf(ByteSource& source) {
  ByteLines lines(source);
  std::vector<std::string> told;
  for (std::string_view line;;) {
    const auto read = lines.Next(line);
    if (!read) {
      told.push_back("error: " + read.error().message);
      return told;
    }
    if (*read == ByteLines::Read::kEnd) {
      EXPECT_EQ(lines.line_number(), told.size());
      return told;
    }
    if (*read == ByteLines::Read::kWithin) continue;
    told.emplace_back(*read == ByteLines::Read::kLine ? line : "#");
  }
}

using List = std::vector<std::string>;

TEST(ByteLines, EndWithLfOrCrLfOrTheBytes) {
  for (const size_t chunk : {1u, 2u, 3u, 100u}) {
    MemoryBytes bytes("a\nbb\r\n\nc\rd\r\nlast", chunk);
    EXPECT_EQ(LinesOf(bytes), (List{"a", "bb", "", "c\rd", "last"})) << chunk;
    MemoryBytes ended("x\n", chunk);
    EXPECT_EQ(LinesOf(ended), List{"x"}) << chunk;
    MemoryBytes empty("", chunk);
    EXPECT_EQ(LinesOf(empty), List{}) << chunk;
  }
}

TEST(ByteLines, ALineThatIsTooLongIsPassedOverInBoundedMemory) {
  const std::string longest(kLineBytesMax, 'x');
  for (const size_t chunk : {1000u, 10'000'000u}) {
    std::string text = longest;
    text.append("\r\n").append(longest).append("y\n").append(3'000'000, 'z').append("\nend\n");
    MemoryBytes bytes(text.append(kLineBytesMax + 1, 'q'), chunk);
    EXPECT_EQ(LinesOf(bytes), (List{longest, "#", "#", "end", "#"})) << chunk;
  }
}

TEST(ByteLines, AnErrorComesBehindTheWholeLinesBeforeIt) {
  MemoryBytes bytes("a\nb\ncut", 2);
  bytes.FailAtEnd("the peer is gone");
  EXPECT_EQ(LinesOf(bytes), (List{"a", "b", "error: the peer is gone"}));
}

}  // namespace
}  // namespace livetape::jobs
