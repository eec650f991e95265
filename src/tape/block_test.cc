#include "tape/block.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "tape/topic_summary.h"

namespace livetape::tape {
namespace {

std::vector<RecordRef> RandomRecords(base::Random& random, size_t count, size_t data_max) {
  std::vector<RecordRef> records;
  records.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    records.push_back(std::make_shared<const Record>(
        Record{.seq = 1000 + i,
               .time = base::WallTime(std::chrono::seconds(7)),
               .kind = static_cast<RecordKind>(random.Below(6)),
               .topic = random.Below(10) == 0 ? "" : "user/u" + std::to_string(random.Below(50)),
               .type = std::string(random.Below(20), 't'),
               .data = std::string(random.Below(data_max), 'd')}));
  }
  return records;
}

TEST(Block, GivesBackWhatWasPutIn) {
  base::Random random(1);
  std::vector<std::unique_ptr<Block>> blocks;
  const auto records = RandomRecords(random, 10'000, 400);
  EncodeBlocks(records, blocks);
  ASSERT_GE(blocks.size(), 3u);
  size_t at = 0;
  for (const auto& block : blocks) {
    ASSERT_EQ(FaultOf(block->head), std::nullopt);
    ASSERT_EQ(FaultOf(block->head, block->bytes), std::nullopt);
    ASSERT_LE(block->head.count(), kBlockRecordsMax);
    EachRecord(block->head, block->bytes, 0, [&](const StoredRecord& stored) {
      const RecordRef got = MakeRecord(block->head, stored);
      const Record &wanted = *records[at++], &record = *got;
      EXPECT_EQ(record.seq, wanted.seq);
      EXPECT_EQ(record.time, wanted.time);
      EXPECT_EQ(record.kind, wanted.kind);
      EXPECT_TRUE(block->head.kinds.Has(wanted.kind));
      EXPECT_EQ(record.topic, wanted.topic);
      EXPECT_EQ(record.type, wanted.type);
      EXPECT_EQ(record.data, wanted.data);
      return true;
    });
  }
  EXPECT_EQ(at, records.size());
}

TEST(Block, ChecksumOfNoTopicsIsTheSameWhereverTheyWouldStand) {
  std::vector<std::unique_ptr<Block>> blocks;
  EncodeBlocks(std::vector{std::make_shared<const Record>(
                   Record{.seq = 1, .time = {}, .topic = "", .type = "t", .data = "d"})},
               blocks);
  BlockHead& head = blocks[0]->head;
  ASSERT_EQ(FaultOf(head), std::nullopt);
  head.topics = std::string_view();  // as SQLite gives an empty blob
  EXPECT_EQ(FaultOf(head), std::nullopt);
}

TEST(Block, ReadsFromTheMiddle) {
  base::Random random(2);
  std::vector<std::unique_ptr<Block>> blocks;
  EncodeBlocks(RandomRecords(random, 10, 10), blocks);
  std::vector<uint64_t> seqs;
  EachRecord(blocks[0]->head, blocks[0]->bytes, 1004, [&](const StoredRecord& stored) {
    seqs.push_back(stored.seq);
    return seqs.size() < 3;
  });
  EXPECT_EQ(seqs, (std::vector<uint64_t>{1005, 1006, 1007}));
}

TEST(Block, AnyChangedBitIsAFault) {
  constexpr uint64_t kSeed = 3;
  base::Random random(kSeed);
  std::vector<std::unique_ptr<Block>> blocks;
  EncodeBlocks(RandomRecords(random, 20, 30), blocks);
  const Block& block = *blocks[0];
  const auto flip = [&](std::string& bytes) {
    char& byte = bytes[random.Below(bytes.size())];
    byte = static_cast<char>(byte ^ (1 << random.Below(8)));
  };
  for (int i = 0; i < 500; ++i) {
    std::string bytes = block.bytes, topics = block.topics;
    flip(bytes);
    EXPECT_TRUE(FaultOf(block.head, bytes)) << "seed " << kSeed;
    flip(topics);
    BlockHead head = block.head;
    head.topics = topics;
    EXPECT_TRUE(FaultOf(head)) << "seed " << kSeed;
  }
  BlockHead head = block.head;
  ++head.last_seq;
  EXPECT_TRUE(FaultOf(head));
  EXPECT_TRUE(FaultOf(block.head, ""));
}

TEST(TopicSummary, KnowsEveryBeginningThatIsThereAndFewOthers) {
  constexpr int kTopics = 1000;
  TopicSummaryBuilder builder;
  for (int i = 0; i < kTopics; ++i) builder.Add("user/u" + std::to_string(i) + "/import");
  builder.Add("");
  const std::string bits = builder.Finish();
  EXPECT_LE(bits.size(), 4096u);
  const TopicSummary summary(bits);
  EXPECT_TRUE(summary.MayBeginWith("user"));
  EXPECT_FALSE(summary.MayBeginWith("jobs"));
  int wrong = 0;
  for (int i = 0; i < kTopics; ++i) {
    EXPECT_TRUE(summary.MayBeginWith("user/u" + std::to_string(i)));
    wrong += summary.MayBeginWith("user/v" + std::to_string(i)) ? 1 : 0;
  }
  EXPECT_LE(wrong, kTopics * 3 / 100);
}

TEST(TopicSummary, OfInternalRecordsAloneMatchesNothing) {
  TopicSummaryBuilder builder;
  builder.Add("");
  const std::string bits = builder.Finish();
  EXPECT_FALSE(TopicSummary(bits).MayBeginWith("user"));
}

}  // namespace
}  // namespace livetape::tape
