#include "jobs/result_list.h"

#include <gtest/gtest.h>

namespace livetape::jobs {
namespace {

class ResultListTest : public testing::Test {
 protected:
  base::ManualClock clock_;
  std::vector<model::ResultRows> parts_;
  bool full_ = false;
  JobContext context_{{},
                      {},
                      [](const model::Job&, const std::string&) {},
                      [this](model::ResultRows rows) -> base::Result<void> {
                        if (full_) return base::Fail("full");
                        parts_.push_back(std::move(rows));
                        return {};
                      },
                      clock_};
};

TEST_F(ResultListTest, GoesInPartsThatFollowOneAnother) {
  ResultList list(context_, "trades");
  const size_t of_a_part = 4, rows = 3 * of_a_part + 1;
  for (size_t i = 0; i < rows; ++i) {
    ASSERT_TRUE(list.Add(std::string(ResultList::kPartBytes / of_a_part, 'x')));
    EXPECT_EQ(parts_.size(), (i + 1) / of_a_part);
  }
  ASSERT_TRUE(list.Flush());
  ASSERT_TRUE(list.Flush());
  ASSERT_EQ(parts_.size(), 4U);
  size_t next = 0;
  for (const model::ResultRows& part : parts_) {
    EXPECT_EQ(part.name, "trades");
    EXPECT_EQ(part.first, next);
    next += part.rows.size();
  }
  EXPECT_EQ(next, rows);
}

TEST_F(ResultListTest, OfNothingIsNothing) {
  ResultList list(context_, "trades");
  ASSERT_TRUE(list.Flush());
  EXPECT_TRUE(parts_.empty());
}

TEST_F(ResultListTest, SaysWhyAPartCouldNotBeKept) {
  full_ = true;
  ResultList list(context_, "trades");
  ASSERT_TRUE(list.Add("{}"));
  const auto flushed = list.Flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().message, "full");
}

}  // namespace
}  // namespace livetape::jobs
