#include "jobs/import/gunzip.h"

#include <gtest/gtest.h>

#include "jobs/import/testing.h"

namespace livetape::jobs {
namespace {

// All of it, read in rooms of `room` bytes; an error stands at the end.
std::string AllOf(const std::string& bytes, size_t chunk, size_t room) {
  MemoryBytes source(bytes, chunk);
  Gunzip gunzip(source);
  std::string all, part(room, '\0');
  for (;;) {
    const auto got = gunzip.Read(part);
    if (!got) return all + "error: " + got.error().message;
    if (*got == 0) {
      EXPECT_EQ(gunzip.bytes_in(), bytes.size());
      return all;
    }
    all.append(part, 0, *got);
  }
}

TEST(Gunzip, PlainBytesPass) {
  for (const std::string text : {"", "a", "\x1f", "date,open\n1,2\n"}) {
    EXPECT_EQ(AllOf(text, 1, 3), text);
    EXPECT_EQ(AllOf(text, 100, 100), text);
  }
}

TEST(Gunzip, GzipIsDecompressedWhateverThePieces) {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += std::to_string(i * 7919) + ",";
  const std::string bytes = GzipOf(text);
  EXPECT_EQ(AllOf(bytes, 1, 1000), text);
  EXPECT_EQ(AllOf(bytes, 1 << 20, 7), text);
  EXPECT_EQ(AllOf(bytes, 777, 1 << 20), text);
}

TEST(Gunzip, MembersInARowAndPaddingAreOneText) {
  const std::string bytes = GzipOf("one ") + GzipOf("") + GzipOf("two") + std::string(5, '\0');
  EXPECT_EQ(AllOf(bytes, 1, 10), "one two");
  EXPECT_EQ(AllOf(bytes, 1000, 10), "one two");
}

TEST(Gunzip, TruncatedAndDamagedDataAreErrors) {
  const std::string damage = "error: the gzip data is damaged";
  const std::string bytes = GzipOf(std::string(100'000, 'a') + "end");
  const std::string cut = AllOf(bytes.substr(0, bytes.size() - 9), 50, 1000);
  EXPECT_NE(cut.find("error: the gzip data ends early"), std::string::npos);
  std::string damaged = bytes;
  damaged[bytes.size() - 6] ^= 1;
  // The checksum at the end is wrong: the whole text comes first, in one piece as in many.
  for (const size_t piece : {50u, 1'000'000u}) {
    EXPECT_TRUE(AllOf(damaged, piece, piece).contains("aend" + damage)) << piece;
  }
  EXPECT_NE(AllOf(bytes + "x", 50, 1000).find("error: behind the end"), std::string::npos);
}

TEST(Gunzip, AnErrorOfTheSourceIsTold) {
  MemoryBytes source(GzipOf("abc").substr(0, 12));
  source.FailAtEnd("the peer is gone");
  Gunzip gunzip(source);
  std::string room(10, '\0');
  auto got = gunzip.Read(room);
  while (got && *got != 0) got = gunzip.Read(room);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message, "the peer is gone");
}

}  // namespace
}  // namespace livetape::jobs
