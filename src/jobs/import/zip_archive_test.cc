#include "jobs/import/zip_archive.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <cstring>
#include <fstream>

#include "base/temporary_folder.h"

namespace livetape::jobs {
namespace {

void AppendNumber(std::string& out, uint64_t value, int bytes) {
  for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xff);
}

// An archive whose members are stored as they are.
std::string ZipOf(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out, list;
  for (const auto& [name, text] : members) {
    std::string fields;
    AppendNumber(fields, 20, 2);  // version
    AppendNumber(fields, 0, 2);   // flags
    AppendNumber(fields, 0, 2);   // stored
    AppendNumber(fields, 0x21'0000, 4);
    AppendNumber(
        fields,
        crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<unsigned>(text.size())),
        4);
    AppendNumber(fields, text.size(), 4);
    AppendNumber(fields, text.size(), 4);
    AppendNumber(fields, name.size(), 2);
    AppendNumber(fields, 0, 2);
    list += "PK\x01\x02";
    AppendNumber(list, 20, 2);
    list += fields;
    AppendNumber(list, 0, 2 + 2 + 2 + 4);
    AppendNumber(list, out.size(), 4);
    list += name;
    out += "PK\x03\x04" + fields + name + text;
  }
  const size_t at = out.size();
  out += list + "PK\x05\x06";
  AppendNumber(out, 0, 4);
  AppendNumber(out, members.size(), 2);
  AppendNumber(out, members.size(), 2);
  AppendNumber(out, list.size(), 4);
  AppendNumber(out, at, 4);
  AppendNumber(out, 0, 2);
  return out;
}

base::Result<std::string> TextOf(ByteSource& source) {
  std::string text;
  std::array<char, 7> room;
  for (;;) {
    const auto got = source.Read(room);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return text;
    text.append(room.data(), *got);
  }
}

TEST(ZipArchive, GivesItsMembersInOrder) {
  const std::string bytes = ZipOf({{"a/one.csv", "first file"}, {"a/", ""}, {"two.csv", "second"}});
  EXPECT_TRUE(ZipArchive::Begins(bytes));
  const auto archive = ZipArchive::OpenBytes(bytes, "x.zip");
  ASSERT_TRUE(archive) << archive.error().message;
  const auto& members = (*archive)->members();
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[0].name, "a/one.csv");
  EXPECT_EQ(members[0].bytes, 10u);
  EXPECT_TRUE(members[1].folder);
  auto source = (*archive)->Read(2);
  ASSERT_TRUE(source);
  EXPECT_EQ(*TextOf(**source), "second");
}

TEST(ZipArchive, OfAFileIsTheSame) {
  const base::TemporaryFolder folder;
  const std::string path = (folder.path() / "x.zip").string();
  std::ofstream(path, std::ios::binary) << ZipOf({{"one.csv", "first"}});
  const auto archive = ZipArchive::Open(path);
  ASSERT_TRUE(archive) << archive.error().message;
  EXPECT_EQ(*TextOf(**(*archive)->Read(0)), "first");
}

TEST(ZipArchive, TellsWhatIsDamaged) {
  std::string bytes = ZipOf({{"one.csv", "first file"}});
  bytes[bytes.find("first")] = 'F';
  const auto archive = ZipArchive::OpenBytes(bytes, "x.zip");
  ASSERT_TRUE(archive);
  const auto text = TextOf(**(*archive)->Read(0));
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().message.find("x.zip: one.csv: cannot be unpacked"), std::string::npos)
      << text.error().message;
  EXPECT_FALSE(ZipArchive::OpenBytes(bytes.substr(0, bytes.size() - 30), "x.zip"));
  EXPECT_FALSE(ZipArchive::OpenBytes("no archive", "x.zip"));
  const auto missing = ZipArchive::Open("/nowhere/x.zip");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("/nowhere/x.zip"), std::string::npos);
}

TEST(ZipArchive, OfEveryTruncationIsRefusedOrGivesAnError) {
  const std::string bytes = ZipOf({{"one.csv", "first file"}, {"two.csv", "second"}});
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto archive = ZipArchive::OpenBytes(bytes.substr(0, length), "x.zip");
    if (!archive) continue;
    for (size_t i = 0; i < (*archive)->members().size(); ++i) {
      const auto source = (*archive)->Read(i);
      EXPECT_TRUE(!source || !TextOf(**source)) << length;
    }
  }
}

}  // namespace
}  // namespace livetape::jobs
