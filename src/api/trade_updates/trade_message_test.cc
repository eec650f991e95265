#include "api/trade_updates/trade_message.h"

#include <gtest/gtest.h>

namespace livetape::api {
namespace {

// "auth KEY SECRET", "listen 0", "listen 1", or what is wrong.
std::string Read(std::string_view text) {
  const TradeMessage message = ParseTradeMessage(text);
  if (const auto* const keys = std::get_if<Authenticate>(&message)) {
    return "auth " + keys->key_id + " " + keys->secret;
  }
  if (const auto* const listen = std::get_if<Listen>(&message)) {
    return listen->trade_updates ? "listen 1" : "listen 0";
  }
  return std::get<Misunderstood>(message).why;
}

TEST(TradeMessage, AuthenticatesInBothForms) {
  EXPECT_EQ(Read(R"({"action":"authenticate","data":{"key_id":"K","secret_key":"S"}})"),
            "auth K S");
  EXPECT_EQ(Read(R"({"action":"auth","key":"K","secret":"S"})"), "auth K S");
  EXPECT_EQ(Read(R"({"data":{"secret_key":"","key_id":""},"action":"authenticate"})"), "auth  ");
}

TEST(TradeMessage, ListensToASetOfStreams) {
  EXPECT_EQ(Read(R"({"action":"listen","data":{"streams":["trade_updates"]}})"), "listen 1");
  EXPECT_EQ(Read(R"({"action":"listen","data":{"streams":["x","trade_updates"]}})"), "listen 1");
  EXPECT_EQ(Read(R"({"action":"listen","data":{"streams":["account_updates"]}})"), "listen 0");
  EXPECT_EQ(Read(R"({"action":"listen","data":{"streams":[]}})"), "listen 0");
}

TEST(TradeMessage, SaysWhatItDoesNotUnderstand) {
  EXPECT_EQ(Read(""), "a message must be a JSON object");
  EXPECT_EQ(Read("[]"), "a message must be a JSON object");
  EXPECT_EQ(Read("{\"action\":\"lis"), "a message must be a JSON object");
  EXPECT_EQ(Read(std::string(100'000, '[')), "a message must be a JSON object");
  EXPECT_EQ(Read("{}"), "a message needs an action: authenticate or listen");
  EXPECT_EQ(Read(R"({"action":7})"), "a message needs an action: authenticate or listen");
  EXPECT_EQ(Read(R"({"action":"subscribe"})"),
            "the actions are authenticate and listen, not subscribe");
  EXPECT_EQ(Read(R"({"action":"authenticate","data":{"key_id":"K"}})"),
            "authenticate needs data.key_id and data.secret_key");
  EXPECT_EQ(Read(R"({"action":"authenticate","data":{"key_id":1,"secret_key":2}})"),
            "authenticate needs data.key_id and data.secret_key");
  EXPECT_EQ(Read(R"({"action":"listen","data":{"streams":"trade_updates"}})"),
            "listen needs data.streams, a list such as [\"trade_updates\"]");
  EXPECT_EQ(Read(R"({"action":"listen","data":{"streams":[1]}})"),
            "data.streams must be names of streams");
}

TEST(TradeMessage, AnswersInAlpacasWords) {
  EXPECT_EQ(AuthorizationText(true, "authenticate"),
            R"({"stream":"authorization","data":{"status":"authorized","action":"authenticate"}})");
  EXPECT_EQ(AuthorizationText(false, "listen"),
            R"({"stream":"authorization","data":{"status":"unauthorized","action":"listen"}})");
  EXPECT_EQ(ListeningText(true), R"({"stream":"listening","data":{"streams":["trade_updates"]}})");
  EXPECT_EQ(ListeningText(false), R"({"stream":"listening","data":{"streams":[]}})");
  EXPECT_EQ(
      ErrorText("no \"x\""),
      R"({"stream":"error","action":"error","data":{"error_message":"no \"x\"","error":"no \"x\""}})");
  EXPECT_EQ(TradeUpdateText(R"({"event":"new"})"),
            R"({"stream":"trade_updates","data":{"event":"new"}})");
}

}  // namespace
}  // namespace livetape::api
