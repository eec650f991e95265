#include "http/message.h"

#include <gtest/gtest.h>

namespace livetape::http {
namespace {

TEST(Headers, AreFoundWithoutRegardToCaseFirstOneFirst) {
  Headers headers;
  headers.Add("Last-Event-ID", "a");
  headers.Add("last-event-id", "b");
  EXPECT_EQ(headers.Find("LAST-EVENT-ID"), "a");
  EXPECT_EQ(headers.Find("Last-Event"), std::nullopt);
}

TEST(PercentDecode, DecodesHexOfEitherCase) {
  EXPECT_EQ(PercentDecode("BTC%2FUSD%2f"), "BTC/USD/");
  EXPECT_EQ(PercentDecode("%C3%BC"), "\xC3\xBC");
  EXPECT_EQ(PercentDecode("%00"), std::string(1, '\0'));
}

TEST(PercentDecode, LeavesBrokenEscapesAlone) {
  for (const std::string text : {"%", "%2", "%zz", "100%", "%%", "%2g", "a%-1b"}) {
    EXPECT_EQ(PercentDecode(text), text);
  }
  EXPECT_EQ(PercentDecode("%%41"), "%A");
}

TEST(PercentDecode, LeavesPlusAlone) { EXPECT_EQ(PercentDecode("a+b"), "a+b"); }

TEST(Query, KeepsParametersInOrder) {
  const Query query = Query::Parse("a=1&b=2&a=3");
  EXPECT_EQ(query.Find("a"), "1");
  EXPECT_EQ(query.All("a"), (std::vector<std::string_view>{"1", "3"}));
  EXPECT_EQ(query.Find("c"), std::nullopt);
  EXPECT_TRUE(query.All("c").empty());
}

TEST(Query, DecodesNamesAndValues) {
  const Query query = Query::Parse("s%79mbols=BTC%2FUSD,A+B&x=1%2B1");
  EXPECT_EQ(query.Find("symbols"), "BTC/USD,A B");
  EXPECT_EQ(query.Find("x"), "1+1");
}

TEST(Query, TakesOddTextAsItIs) {
  const Query query = Query::Parse("&&flag&=nameless&a==b&broken=%zz&");
  EXPECT_EQ(query.Find("flag"), "");
  EXPECT_EQ(query.Find(""), "nameless");
  EXPECT_EQ(query.Find("a"), "=b");
  EXPECT_EQ(query.Find("broken"), "%zz");
  EXPECT_EQ(Query::Parse("").Find(""), std::nullopt);
}

TEST(Problem, IsProblemJson) {
  const Response response = Problem(422, "progress must be between 0 and 100, got 140", "progress");
  EXPECT_EQ(response.status, 422U);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
            R"("detail":"progress must be between 0 and 100, got 140","field":"progress"})");
}

TEST(Problem, LeavesFieldOutAndEscapes) {
  EXPECT_EQ(Problem(404, "no \"x\"").body,
            R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no \"x\""})");
}

}  // namespace
}  // namespace livetape::http
