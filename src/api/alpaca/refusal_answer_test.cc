#include "api/alpaca/refusal_answer.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/amount_text.h"

namespace livetape::api {
namespace {

using Reason = floor::RefusalReason;

floor::Refusal Because(Reason reason) {
  floor::Refusal refusal;
  refusal.reason = reason;
  return refusal;
}

boost::json::object Told(const floor::Refusal& refusal) {
  const auto response = RefusalAnswer(refusal, {.symbol = "AAPL", .order = "the-id"});
  EXPECT_EQ(response.content_type, "application/json");
  return boost::json::parse(response.body).as_object();
}

TEST(RefusalAnswer, HasAStatusACodeAMessageAndAReasonForEach) {
  for (int i = 1; i <= static_cast<int>(Reason::kNoPosition); ++i) {
    const auto reason = static_cast<Reason>(i);
    const auto json = Told(Because(reason));
    const unsigned status = StatusOf(reason);
    EXPECT_TRUE(status == 403 || status == 404 || status == 422) << status;
    const int64_t code = json.at("code").as_int64();
    EXPECT_TRUE(code / 100'000 == static_cast<int64_t>(status) || code == 40010001) << code;
    EXPECT_NE(json.at("message"), "the order is refused") << floor::Code(reason);
    EXPECT_EQ(json.at("reason"), std::string(floor::Code(reason)).c_str());
  }
}

TEST(RefusalAnswer, SpeaksAlpacasWords) {
  const auto message = [](Reason reason) { return Told(Because(reason)).at("message"); };
  EXPECT_EQ(message(Reason::kInsufficientBuyingPower), "insufficient buying power");
  EXPECT_EQ(message(Reason::kShortNotAllowed), "account is not allowed to short");
  EXPECT_EQ(message(Reason::kAccountHalted), "account is halted");
  EXPECT_EQ(message(Reason::kAccountReducing), "account is reducing");
  EXPECT_EQ(message(Reason::kDuplicateClientOrderId), "client_order_id must be unique");
  EXPECT_EQ(message(Reason::kBracketMustBeEntry), "bracket orders must be entry orders");
  EXPECT_EQ(message(Reason::kNotCancelable), "order is not cancelable");
  EXPECT_EQ(message(Reason::kNoPrice), "no price for AAPL yet");
  EXPECT_EQ(message(Reason::kNoOrder), "order not found for the-id");
  EXPECT_EQ(message(Reason::kNoPosition), "position does not exist");
}

TEST(RefusalAnswer, HasAlpacasCodes) {
  EXPECT_EQ(CodeOf(Reason::kInsufficientBuyingPower), 40310000);
  EXPECT_EQ(CodeOf(Reason::kNoOrder), 40410000);
  EXPECT_EQ(CodeOf(Reason::kSubPenny), 42210000);
  EXPECT_EQ(CodeOf(Reason::kBadPercentage), 42210000);
  EXPECT_EQ(CodeOf(Reason::kDuplicateClientOrderId), 40010001);
  EXPECT_EQ(StatusOf(Reason::kDuplicateClientOrderId), 422u);
}

TEST(RefusalAnswer, TellsTheQuantities) {
  floor::Refusal refusal = Because(Reason::kInsufficientQuantity);
  refusal.requested = *base::Quantity::Parse("1000");
  refusal.existing = *base::Quantity::Parse("10.5");
  refusal.held = *base::Quantity::Parse("10.5");
  const auto json = Told(refusal);
  EXPECT_EQ(json.at("message"),
            "insufficient qty available for order (requested: 1000, available: 0)");
  EXPECT_EQ(json.at("existing_qty"), "10.5");
  EXPECT_EQ(json.at("held_for_orders"), "10.5");
  EXPECT_EQ(json.at("available"), "0");
  EXPECT_EQ(json.at("symbol"), "AAPL");
}

TEST(RefusalAnswer, TellsTheMoney) {
  floor::Refusal refusal = Because(Reason::kInsufficientBuyingPower);
  refusal.limit = *base::ParseAmount("200000");
  refusal.needed = *base::ParseAmount("200000.000000000000000001");
  const auto json = Told(refusal);
  EXPECT_EQ(json.at("buying_power"), "200000");
  EXPECT_EQ(json.at("cost_basis"), "200000.000000000000000001");
}

TEST(RefusalAnswer, NamesTheAssetThatThereIsNot) {
  const auto response = AssetNotFound("NO\"PE");
  EXPECT_EQ(response.status, 422u);
  const auto json = boost::json::parse(response.body);
  EXPECT_EQ(json.at("code"), 42210000);
  EXPECT_EQ(json.at("message"), "asset \"NO\"PE\" not found");
}

}  // namespace
}  // namespace livetape::api
