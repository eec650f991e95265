#include "jobs/import/file_bytes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

namespace livetape::jobs {
namespace {

// What is left of it, read in pieces of `room`.
std::string Rest(FileBytes& bytes, size_t room) {
  std::string all, piece(room, '\0');
  for (;;) {
    const auto got = bytes.Read(piece);
    EXPECT_TRUE(got) << got.error().message;
    if (!got || *got == 0) return all;
    all.append(piece, 0, *got);
  }
}

class PipeOf {
 public:
  PipeOf() { EXPECT_EQ(pipe(ends_.data()), 0); }
  ~PipeOf() {
    close(ends_[0]);
    End();
  }
  void Write(std::string_view text) const {
    EXPECT_EQ(write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void End() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", ends_[0]); }

 private:
  std::array<int, 2> ends_{-1, -1};
};

TEST(FileBytes, WhatHasBeenLookedAtIsReadAllTheSame) {
  PipeOf pipe;
  // The bytes come one by one: one more before each read.
  std::string_view coming = "abcdef";
  const auto wait = [&](int) {
    if (coming.empty()) {
      pipe.End();
    } else {
      pipe.Write(coming.substr(0, 1));
      coming.remove_prefix(1);
    }
    return true;
  };
  const auto bytes = FileBytes::Open(pipe.path(), wait);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_FALSE((*bytes)->regular());
  EXPECT_EQ((*bytes)->size(), 0);
  EXPECT_EQ((*bytes)->Peek(4), "abcd");
  EXPECT_EQ((*bytes)->Peek(2), "ab");
  EXPECT_EQ(Rest(**bytes, 3), "abcdef");
}

TEST(FileBytes, LookingFartherThanTheEnd) {
  PipeOf pipe;
  pipe.Write("ab");
  pipe.End();
  const auto bytes = FileBytes::Open(pipe.path());
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ((*bytes)->Peek(4), "ab");
  EXPECT_EQ(Rest(**bytes, 1), "ab");
}

TEST(FileBytes, APipeThatNobodyWaitsForAnyMoreFails) {
  PipeOf pipe;
  pipe.Write("abc");
  bool wanted = true;
  const auto bytes = FileBytes::Open(pipe.path(), [&](int) { return wanted; });
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ((*bytes)->Peek(2), "ab");
  wanted = false;
  std::array<char, 2> room{};
  EXPECT_EQ((*bytes)->Read(room), 2);
  EXPECT_FALSE((*bytes)->Read(room));
}

TEST(FileBytes, AFolderIsNoFile) {
  const auto bytes = FileBytes::Open("/proc/self");
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().message, "/proc/self: is a folder, not a file");
}

}  // namespace
}  // namespace livetape::jobs
