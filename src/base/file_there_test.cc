#include "base/file_there.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/temporary_folder.h"

namespace livetape::base {
namespace {

TEST(FileThere, TellsWhatIsThereFromWhatIsNot) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "file";
  EXPECT_FALSE(*FileThere(file));
  EXPECT_FALSE(*FileThere(folder.path() / "none" / "file"));
  std::ofstream(file) << "x";
  EXPECT_TRUE(*FileThere(file));
  EXPECT_FALSE(*FileThere(file / "below a file"));
}

TEST(FileThere, WhatCannotBeSeenIsNotMissing) {
  const TemporaryFolder folder;
  // A ring of links stands for a folder of another user: the tests may run as root.
  std::filesystem::create_symlink(folder.path() / "b", folder.path() / "a");
  std::filesystem::create_symlink(folder.path() / "a", folder.path() / "b");
  const auto there = FileThere(folder.path() / "a" / "file");
  ASSERT_FALSE(there.has_value());
  EXPECT_NE(there.error().message.find((folder.path() / "a" / "file").string() + " is there: "),
            std::string::npos)
      << there.error().message;
}

}  // namespace
}  // namespace livetape::base
