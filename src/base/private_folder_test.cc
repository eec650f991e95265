#include "base/private_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>

#include "base/temporary_folder.h"

namespace livetape::base {
namespace {

TEST(PrivateFolder, IsMadeForItsUserAloneWithThoseAbove) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a" / "b";
  ASSERT_TRUE(MakePrivateFolder(path));
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0700u);
  EXPECT_TRUE(MakePrivateFolder(path)) << "again";
}

TEST(PrivateFolder, IsForItsUserAloneHoweverItIsWritten) {
  const TemporaryFolder folder;
  for (const char* const name : {"slash/", "slashes//", "dot/.", "dots/././", "a/b/c/"}) {
    const auto path = folder.path() / name;
    ASSERT_TRUE(MakePrivateFolder(path)) << name;
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all)
        << name;
    EXPECT_TRUE(MakePrivateFolder(path)) << name << " again";
  }
  EXPECT_FALSE(MakePrivateFolder(""));
}

TEST(PrivateFolder, AFileInItsWayIsAFault) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  const auto made = MakePrivateFolder(folder.path() / "file" / "data");
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().message.starts_with("cannot make the folder " + folder.path().string()))
      << made.error().message;
}

}  // namespace
}  // namespace livetape::base
