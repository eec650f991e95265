#include "api/risk/alert_book.h"

#include <gtest/gtest.h>

#include <memory>

namespace livetape::api {
namespace {

using std::chrono::seconds;

class AlertBookTest : public testing::Test {
 protected:
  uint64_t Alert(std::string_view severity, std::string_view entity) {
    return Take({.topic = "alerts/" + std::string(severity),
                 .type = "risk_alert",
                 .data = R"({"alert_type":"x","severity":")" + std::string(severity) +
                         R"(","message":"m","entity_id":")" + std::string(entity) + "\"}",
                 .kind = tape::RecordKind::kAlert});
  }
  uint64_t Take(const tape::NewRecord& made) {
    const uint64_t seq = ++seq_;
    book_.Apply(std::make_shared<tape::Record>(tape::Record{.seq = seq,
                                                            .time = base::WallTime(seconds(seq)),
                                                            .kind = made.kind,
                                                            .topic = made.topic,
                                                            .type = made.type,
                                                            .data = made.data}));
    return seq;
  }
  std::vector<uint64_t> Found(const AlertQuery& query) {
    const AlertBook::Page page = book_.Read(query);
    std::vector<uint64_t> found;
    for (const AlertBook::Alert& alert : page.alerts) found.push_back(alert.record->seq);
    total_ = page.total;
    return found;
  }

  AlertBook book_;
  uint64_t seq_ = 0;
  size_t total_ = 0;
};

using Numbers = std::vector<uint64_t>;

TEST_F(AlertBookTest, NewestFirstByEachFilter) {
  Alert("high", "paper");
  Alert("low", "paper");
  Alert("high", "other");
  EXPECT_EQ(Found({}), (Numbers{3, 2, 1}));
  EXPECT_EQ(Found({.severity = "high"}), (Numbers{3, 1}));
  EXPECT_EQ(Found({.entity_id = "paper"}), (Numbers{2, 1}));
  EXPECT_EQ(Found({.from = base::WallTime(seconds(2)), .to = base::WallTime(seconds(2))}),
            (Numbers{2}));
  EXPECT_EQ(Found({.limit = 1, .offset = 1}), (Numbers{2}));
  EXPECT_EQ(total_, 3U);
  EXPECT_EQ(Found({.offset = 3}), (Numbers{}));
}

TEST_F(AlertBookTest, TheFirstAcknowledgementCounts) {
  const uint64_t alert = Alert("high", "paper");
  const tape::NewRecord ack = AlertAckRecord(alert, "a \"quoted\" name");
  EXPECT_EQ(
      AlertOfAck(
          {.seq = 9, .time = {}, .kind = ack.kind, .topic = "", .type = "", .data = ack.data}),
      alert);
  Take(ack);
  Take(AlertAckRecord(alert, "bob"));
  Take(AlertAckRecord(77, "bob"));
  const auto found = book_.Find(alert);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->acknowledged_by, "a \"quoted\" name");
  EXPECT_EQ(found->acknowledged_at, base::WallTime(seconds(2)));
  EXPECT_EQ(Found({.acknowledged = false}), (Numbers{}));
  EXPECT_EQ(Found({.acknowledged = true}), (Numbers{1}));
}

TEST_F(AlertBookTest, TheOldestAreForgotten) {
  for (size_t i = 0; i <= AlertBook::kAlertsMax; ++i) Alert("low", "x");
  EXPECT_FALSE(book_.Find(1));
  EXPECT_TRUE(book_.Find(2));
  Found({.limit = 1});
  EXPECT_EQ(total_, AlertBook::kAlertsMax);
}

}  // namespace
}  // namespace livetape::api
