#include "api/market/quote_json.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::api {
namespace {

model::Quote MakeQuote(std::string_view price, std::string_view reference) {
  model::Quote quote;
  quote.price = *base::Price::Parse(price);
  quote.bid = quote.ask = quote.price;
  quote.reference = *base::Price::Parse(reference);
  quote.time = quote.price_time = *base::ParseRfc3339("2026-11-20T15:04:05.123456789Z");
  return quote;
}

std::string Change(std::string_view price, std::string_view reference) {
  std::string out;
  AppendChange(out, MakeQuote(price, reference));
  return out;
}

TEST(QuoteJson, ChangeIsPercentHalfEven) {
  EXPECT_EQ(Change("101", "100"), "1");
  EXPECT_EQ(Change("99.5", "100"), "-0.5");
  EXPECT_EQ(Change("100", "100"), "0");
  EXPECT_EQ(Change("187.34", "184.99"), "1.2703");
  EXPECT_EQ(Change("100.00005", "100"), "0") << "0.00005 goes to even";
  EXPECT_EQ(Change("100.00015", "100"), "0.0002");
  EXPECT_EQ(Change("99.99985", "100"), "-0.0002");
  EXPECT_EQ(Change("1000000000", "0.000000001"), "99999999999999999900");
}

TEST(QuoteJson, EventOfTheStream) {
  std::string out;
  AppendPriceJson(out, "AAPL", MakeQuote("187.34", "184.99"));
  EXPECT_EQ(out, R"({"asset":"AAPL","price":187.34,"change":1.2703,)"
                 R"("timestamp":"2026-11-20T15:04:05.123456Z"})");
}

TEST(QuoteJson, BytesRoundTrip) {
  const auto quote = MakeQuote("61685.99", "61837.63");
  const auto back = DecodeQuote(EncodeQuote(quote).view());
  EXPECT_EQ(back.price, quote.price);
  EXPECT_EQ(back.time, quote.time);
}

}  // namespace
}  // namespace livetape::api
