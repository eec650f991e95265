#include "api/native/publish_body.h"

#include <gtest/gtest.h>

#include <vector>

namespace livetape::api {
namespace {

using Kind = PublishItem::Kind;

PublishBody Accepted(std::string_view body, BodyForm form = BodyForm::kJson) {
  auto parsed = ParsePublishBody(body, form);
  EXPECT_TRUE(parsed) << body << ": " << parsed.error().detail;
  return parsed ? std::move(*parsed) : PublishBody();
}

// "422 items[3].topic: ..." without the field's name in the detail said twice.
std::string Refused(std::string_view body, BodyForm form = BodyForm::kJson) {
  const auto parsed = ParsePublishBody(body, form);
  if (parsed) return "accepted";
  const BodyError& error = parsed.error();
  return std::to_string(error.status) + " [" + error.field + "] " + error.detail;
}

TEST(PublishBody, OneObjectIsARecordOfTypeMessage) {
  const PublishBody body = Accepted(R"({"topic":"room/7","data":{"c": 21.50}})");
  ASSERT_EQ(body.items.size(), 1U);
  const PublishItem& item = body.items[0];
  EXPECT_EQ(item.kind, Kind::kRecord);
  EXPECT_EQ(item.topic, "room/7");
  EXPECT_EQ(item.type, "message");
  EXPECT_EQ(item.key, "");
  EXPECT_EQ(item.data, R"({"c":21.50})");
  EXPECT_FALSE(item.deleted);
}

TEST(PublishBody, AnArrayKeepsItsOrderAndItsDigits) {
  const PublishBody body = Accepted(R"([
    {"data":123456789012345678901234567890,"topic":"a","type":"n.1_2-x"},
    {"topic":"b/c","class":"state","key":"k","data":["line\nbreak"]},
    {"topic":"b/c","class":"state","data":null},
    {"topic":"d","class":"record","data":false}])");
  ASSERT_EQ(body.items.size(), 4U);
  EXPECT_EQ(body.items[0].data, "123456789012345678901234567890");
  EXPECT_EQ(body.items[0].type, "n.1_2-x");
  EXPECT_EQ(body.items[1].kind, Kind::kState);
  EXPECT_EQ(body.items[1].key, "k");
  EXPECT_EQ(body.items[1].data, R"(["line\nbreak"])");
  EXPECT_TRUE(body.items[2].deleted);
  EXPECT_EQ(body.items[3].kind, Kind::kRecord);
}

TEST(PublishBody, LinesAreItemsAndBlankOnesArePassedOver) {
  const PublishBody body = Accepted(
      "\n{\"topic\":\"a\",\"data\":1}\r\n \t\r\n{\"topic\":\"b\",\"data\":2}", BodyForm::kLines);
  ASSERT_EQ(body.items.size(), 2U);
  EXPECT_EQ(body.items[0].data, "1");
  EXPECT_EQ(body.items[1].topic, "b");
}

TEST(PublishBody, MarketTopicsAreTicks) {
  const PublishBody body = Accepted(
      R"([{"topic":"market/AAPL","data":{"price":1.5}},{"topic":"x","data":0},)"
      R"({"topic":"market/BTC%2FUSD","type":"quote","class":"state","data":{"bid":"1","ask":2}}])");
  ASSERT_EQ(body.items.size(), 3U);
  EXPECT_EQ(body.items[0].kind, Kind::kMarket);
  EXPECT_EQ(body.items[1].kind, Kind::kRecord);
  EXPECT_EQ(body.items[2].kind, Kind::kMarket);
  ASSERT_EQ(body.ticks.size(), 2U);
  EXPECT_EQ(body.ticks[0].symbol, "AAPL");
  EXPECT_EQ(body.ticks[1].symbol, "BTC/USD");
}

TEST(PublishBody, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string body, error;
  };
  const std::string long_type(65, 't'), long_key(257, 'k');
  for (const Case& c : std::vector<Case>{
           {R"({"data":1})", "422 [topic] topic is missing"},
           {R"({"topic":"a"})", "422 [data] data is missing; it is any JSON value"},
           {R"([{"topic":"a","data":1},{"topic":"","data":1}])",
            "422 [items[1].topic] items[1].topic is wrong: a topic segment is empty"},
           {R"({"topic":"a b","data":1})",
            "422 [topic] topic is wrong: topic segment 'a%20b' has a byte outside "
            "A-Za-z0-9._:@~|+-; percent-encode it"},
           {R"({"topic":7,"data":1})", "422 [topic] topic must be a string, got a number"},
           {R"({"topic":"a","topic":"b","data":1})", "422 [topic] topic is given twice"},
           {R"({"topic":"a","data":1,"dat":2})",
            "422 [dat] dat is not known; an item has topic, type, data, class and key"},
           {R"({"topic":"a","data":1,"class":"event"})",
            "422 [class] class must be \"record\" or \"state\""},
           {R"({"topic":"a","data":1,"key":"k"})",
            "422 [key] key goes with \"class\":\"state\" alone"},
           {R"({"topic":"a","data":null})",
            "422 [data] data must not be null; null deletes a key of \"class\":\"state\""},
           {R"({"topic":"a","data":1,"type":"gap"})",
            "422 [type] type 'gap' is the name of an event of the server; choose another"},
           {R"({"topic":"a","data":1,"type":""})",
            "422 [type] type must be 1 to 64 bytes of A-Za-z0-9._-"},
           {R"({"topic":"a","data":1,"type":"a\nb"})",
            "422 [type] type must be 1 to 64 bytes of A-Za-z0-9._-"},
           {R"({"topic":"a","data":1,"type":")" + long_type + R"("})",
            "422 [type] type must be 1 to 64 bytes of A-Za-z0-9._-"},
           {R"({"topic":"a","data":1,"class":"state","key":")" + long_key + R"("})",
            "422 [key] key is longer than 256 bytes"},
           {R"([{"topic":"market/A","data":{"bid":1}}])",
            "422 [items[0].data.ask] items[0].data.ask is missing; a quote has both bid and ask"},
           {"[]", "422 [] the body holds no item; send at least one {\"topic\",\"data\"}"},
           {"[1]", "422 [items[0]] items[0] must be an object, got a number"},
           {"\"a\"", "422 [] the body: expected an object or an array of objects, got a string"},
           {"{\"topic\":\"a\",\"data\":\"\xff\"}",
            "422 [] the body is not valid JSON in UTF-8: syntax error at byte 21"},
       }) {
    EXPECT_EQ(Refused(c.body), c.error) << c.body;
  }
}

TEST(PublishBody, SaysWhichLineIsWrong) {
  const std::string good = "{\"topic\":\"a\",\"data\":1}\n";
  EXPECT_EQ(Refused(good + "\n" + good + "{\"topic\":", BodyForm::kLines),
            "422 [items[2]] line 4 is not valid JSON in UTF-8: incomplete JSON at byte 9");
  EXPECT_EQ(Refused(good + "{\"data\":1}", BodyForm::kLines),
            "422 [items[1].topic] items[1].topic is missing");
  EXPECT_EQ(Refused(good + "[]", BodyForm::kLines),
            "422 [items[1]] line 2: expected an object, got an array");
  EXPECT_EQ(Refused(" \n\n", BodyForm::kLines).substr(0, 30), "422 [] the body holds no item;");
}

TEST(PublishBody, TopicsOfTheServerAreForbidden) {
  struct Case {
    std::string topic, instead;
  };
  for (const Case& c : std::vector<Case>{{"paper/paper/orders", "POST /v2/orders"},
                                         {"jobs/training/1", "POST /api/v1/sse/training"},
                                         {"alerts/high", "POST /api/v1/sse/alerts"},
                                         {"dashboard/paper", "POST /api/v1/sse/dashboard"},
                                         {"user/alice/ai", "POST /api/v1/events"},
                                         {"broadcast/ai", "POST /api/v1/events"},
                                         {"clock/utc", "by the server alone"},
                                         {"paper", "POST /v2/orders"},
                                         {"%70aper/x", "POST /v2/orders"}}) {
    const std::string error =
        Refused(R"([{"topic":"ok","data":1},{"data":1,"topic":")" + c.topic + "\"}]");
    EXPECT_TRUE(error.starts_with("403 [items[1].topic] items[1].topic '" + c.topic + "'"))
        << error;
    EXPECT_NE(error.find(c.instead), std::string::npos) << error;
  }
  EXPECT_EQ(Refused(R"({"topic":"papers/x","data":1})"), "accepted");
  EXPECT_EQ(Refused(R"({"topic":"market/A/b","data":{"price":1}})"),
            "422 [topic] topic 'market/A/b' has not exactly two segments; market data goes to "
            "market/<symbol>");
}

TEST(PublishBody, BoundsDataAndItems) {
  const auto with_data = [](size_t bytes) {
    return R"([{"topic":"a","data":")" + std::string(bytes - 2, 'x') + "\"}]";
  };
  EXPECT_EQ(Accepted(with_data(kPublishDataBytesMax)).items[0].data.size(), kPublishDataBytesMax);
  EXPECT_EQ(Refused(with_data(kPublishDataBytesMax + 1)),
            "413 [items[0].data] items[0].data has 65537 bytes; at most 65536");

  std::string lines;
  for (size_t i = 0; i < kPublishItemsMax; ++i) lines += "{\"topic\":\"a\",\"data\":1}\n";
  EXPECT_EQ(Accepted(lines, BodyForm::kLines).items.size(), kPublishItemsMax);
  EXPECT_EQ(Refused(lines + "{\"topic\":\"a\",\"data\":1}", BodyForm::kLines),
            "413 [items[10000]] more than 10000 items in one request; send them in several");
}

TEST(FormOf, KnowsLinesByTheirMediaType) {
  for (const auto* lines : {"application/x-ndjson", "Application/X-NDJSON ; charset=utf-8"}) {
    EXPECT_EQ(FormOf(lines), BodyForm::kLines) << lines;
  }
  for (const auto* json : {"", "application/json", "application/x-ndjsonx", ";", "text/plain"}) {
    EXPECT_EQ(FormOf(json), BodyForm::kJson) << json;
  }
}

}  // namespace
}  // namespace livetape::api
