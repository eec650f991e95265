#include "api/jobs/backtest_body.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace livetape::api {
namespace {

std::string FaultOf(const std::string& body) {
  const auto parsed = ParseBacktestBody(body);
  return parsed ? "none" : fmt::format("{} {}", parsed.error().status, parsed.error().detail);
}

std::string Deep(size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); }

TEST(BacktestBody, ListsInListsAreAWrongFieldHoweverDeep) {
  for (const size_t depth : {2, 30, 31, 32, 33, 60}) {
    EXPECT_EQ(FaultOf(fmt::format(
                  R"({{"strategy":"rsi","symbols":["A"],"params":{{"period":{}}}}})", Deep(depth))),
              "422 params.period must be a number, true, false or a text, or a list of such")
        << depth;
    EXPECT_EQ(FaultOf(fmt::format(R"({{"strategy":"rsi","symbols":{}}})", Deep(depth))),
              "422 symbols must be a list of 1 to 1000 symbols, each of 1 to 128 bytes")
        << depth;
  }
}

}  // namespace
}  // namespace livetape::api
