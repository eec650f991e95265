#include "floor/refusal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace livetape::floor {
namespace {

TEST(RefusalReason, HasACodeOfItsOwn) {
  std::set<std::string_view> codes;
  for (int i = 0; i <= static_cast<int>(RefusalReason::kNoPosition); ++i) {
    const std::string_view code = Code(static_cast<RefusalReason>(i));
    EXPECT_FALSE(code.empty()) << i;
    EXPECT_TRUE(std::ranges::all_of(code, [](char c) {
      return (c >= 'a' && c <= 'z') || c == '_';
    })) << code;
    EXPECT_TRUE(codes.insert(code).second) << code;
  }
  EXPECT_EQ(Code(static_cast<RefusalReason>(codes.size())), "") << "there are no more";
}

TEST(RefusalReason, CodesAreSnakeCase) {
  EXPECT_EQ(Code(RefusalReason::kInsufficientBuyingPower), "insufficient_buying_power");
  EXPECT_EQ(Code(RefusalReason::kInsufficientQuantity), "insufficient_qty");
  EXPECT_EQ(Code(RefusalReason::kSubPenny), "sub_penny");
  EXPECT_EQ(Code(RefusalReason::kMaxOrderQuantity), "max_order_qty");
  EXPECT_EQ(Code(RefusalReason::kNone), "none");
  EXPECT_EQ(Code(RefusalReason::kLegOnWrongSide), "leg_on_wrong_side");
  EXPECT_EQ(Code(RefusalReason::kNothingToReplace), "nothing_to_replace");
  EXPECT_EQ(Code(RefusalReason::kAccountReducing), "account_reducing");
  EXPECT_EQ(Code(RefusalReason::kAccountTooLarge), "account_too_large");
  EXPECT_EQ(Code(RefusalReason::kNoPosition), "no_position");
}

}  // namespace
}  // namespace livetape::floor
