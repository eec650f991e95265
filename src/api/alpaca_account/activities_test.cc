#include "api/alpaca_account/activities.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::api {
namespace {

const TradingIds kIds(7);

BodyResult<ActivitiesWish> Parse(std::string_view query, std::string_view type = "") {
  return ParseActivitiesQuery(http::Query::Parse(query), type, kIds);
}
std::string Fault(std::string_view query) {
  const auto wish = Parse(query);
  return wish ? "" : wish.error().detail;
}

store::FillRow Fill() {
  return {.number = 5,
          .seq = 9,
          .order = model::OrderId(3),
          .account = "paper",
          .symbol = "AAPL",
          .side = model::Side::kSell,
          .time = *base::ParseRfc3339("2026-11-20T15:04:05.678901Z"),
          .quantity = *base::Quantity::Parse("4"),
          .price = *base::Price::Parse("187.35"),
          .partial = true,
          .leaves = *base::Quantity::Parse("6"),
          .cumulative = *base::Quantity::Parse("4")};
}

TEST(Activities, AFillIsToldAsAlpacaDoes) {
  EXPECT_EQ(ActivitiesJson({Fill()}, kIds),
            "[{\"id\":\"20261120150405678::" + kIds.Execution(5) +
                R"(","activity_type":"FILL","transaction_time":"2026-11-20T15:04:05.678901Z",)"
                R"("type":"partial_fill","price":"187.35","qty":"4","side":"sell","symbol":"AAPL",)"
                R"("leaves_qty":"6","order_id":")" +
                kIds.Order(model::OrderId(3)) +
                R"(","cum_qty":"4","order_status":"partially_filled"}])");
  EXPECT_EQ(ActivitiesJson({}, kIds), "[]");
}

TEST(Activities, ThePageTokenIsTheIdOfTheLastOneSeen) {
  const auto wish = Parse("page_size=10&page_token=20261120150405678::" + kIds.Execution(5));
  ASSERT_TRUE(wish) << wish.error().detail;
  EXPECT_EQ(wish->query.after_number, 5U);
  EXPECT_EQ(wish->query.limit, 10U);
  EXPECT_TRUE(wish->query.descending);
}

TEST(Activities, OnlyFillsHappenHere) {
  EXPECT_TRUE(Parse("")->fills);
  EXPECT_TRUE(Parse("activity_types=DIV,FILL")->fills);
  EXPECT_FALSE(Parse("activity_types=DIV,FEE")->fills);
  EXPECT_TRUE(Parse("activity_types=DIV&activity_types=FILL")->fills);
  EXPECT_FALSE(Parse("activity_types=DIV&activity_types=FEE")->fills);
  EXPECT_TRUE(Parse("activity_types=")->fills);
  EXPECT_TRUE(Parse("", "FILL")->fills);
  EXPECT_FALSE(Parse("", "DIV")->fills);
}

TEST(Activities, ADateIsThatWholeDay) {
  const auto wish = Parse("date=2026-11-20");
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->query.from, *base::ParseRfc3339("2026-11-20"));
  EXPECT_EQ(*wish->query.to + std::chrono::nanoseconds(1), *base::ParseRfc3339("2026-11-21"));
}

TEST(Activities, FaultsNameTheField) {
  EXPECT_NE(Fault("page_size=101").find("page_size must be"), std::string::npos);
  EXPECT_NE(Fault("page_size=0").find("page_size must be"), std::string::npos);
  EXPECT_NE(Fault("page_token=5").find("page_token must be"), std::string::npos);
  EXPECT_NE(Fault("page_token=x::" + kIds.Order(model::OrderId(1))).find("page_token"),
            std::string::npos);
  EXPECT_NE(Fault("direction=up").find("direction must be"), std::string::npos);
  EXPECT_NE(Fault("after=noon").find("after is wrong"), std::string::npos);
  EXPECT_NE(Fault("date=2026-11-20&after=2026-11-19").find("date excludes"), std::string::npos);
}

}  // namespace
}  // namespace livetape::api
