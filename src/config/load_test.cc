#include "config/load.h"

#include <gtest/gtest.h>

#include "config/loading_fixture.h"

namespace livetape::config {
namespace {

using std::chrono::milliseconds;

TEST_F(Loading, NothingGivesTheDefaultsOfTheContract) {
  const Config config = Loaded();
  EXPECT_EQ(config.server.host, "127.0.0.1");
  EXPECT_EQ(config.server.port, 8000);
  EXPECT_EQ(config.server.drain, milliseconds(10'000));
  EXPECT_EQ(config.sse.heartbeat, milliseconds(15'000));
  EXPECT_EQ(config.sse.retry, (std::vector{milliseconds(2000), milliseconds(4000)}));
  EXPECT_EQ(config.sse.interval, milliseconds(100));
  EXPECT_EQ(config.limits.streams_per_address, 100U);
  EXPECT_EQ(config.limits.head_bytes, 16384U);
  EXPECT_EQ(config.limits.body_bytes, 1048576U);
  EXPECT_EQ(config.tape.ring, 65536U);
  EXPECT_EQ(config.market.source.kind, SourceSpec::Kind::kSynthetic);
  EXPECT_EQ(config.market.symbols,
            (std::vector<std::string>{"AAPL", "TSLA", "GOOGL", "BTC", "ETH"}));
  EXPECT_EQ(config.market.interval.at("GOOGL"), milliseconds(2000));
  EXPECT_EQ(config.market.hours, MarketHours::kAlways);
  EXPECT_EQ(config.paper.account, "paper");
  EXPECT_EQ(config.paper.cash.ToString(), "100000");
  EXPECT_TRUE(config.paper.fee.zero() && config.paper.slippage_bps.zero());
  EXPECT_EQ(config.paper.multiplier, 2);
  EXPECT_EQ(config.paper.strategy, PaperStrategy::kDemo);
  EXPECT_TRUE(config.accounts.empty());
  EXPECT_TRUE(config.risk.max_order_value.zero());
  EXPECT_TRUE(config.origins.empty());
}

TEST_F(Loading, LaterSourcesWin) {
  File("[server]\nport = 1\nthreads = 1\nhost = \"127.0.0.2\"\n");
  EXPECT_EQ(Loaded().server.port, 1);
  Environment("LIVETAPE_SERVER_PORT", "2");
  Environment("LIVETAPE_SERVER_THREADS", "2");
  EXPECT_EQ(Loaded().server.port, 2);
  Flag("--port", "server.port", "3");
  EXPECT_EQ(Loaded().server.port, 3);
  Set("server.port=4");

  const Config config = Loaded();
  EXPECT_EQ(config.server.port, 4);
  EXPECT_EQ(config.server.threads, 2U);
  EXPECT_EQ(config.server.host, "127.0.0.2");
  EXPECT_EQ(config.origins.at("server.port"), "--set");
  EXPECT_EQ(config.origins.at("server.threads"), "environment variable LIVETAPE_SERVER_THREADS");
  EXPECT_EQ(config.origins.at("server.host"), path_ + ":4");
}

TEST_F(Loading, FileHasEveryType) {
  File(R"(
sse.heartbeat_s = 0.2
sse.retry_ms = [500, 500]
log = { level = "debug", format = "json" }

[server]
drain_s = 2
hosts = ["desk.example", "10.0.0.1"]
cors_origins = ["https://desk.example", "http://[::1]:3000"]

[market]
source = "replay:ticks.gz,speed=2.5,loop"
symbols = ["BTC/USD"]
rate = 0.5
seed = 9223372036854775807

[market.interval]
"BRK.B" = "500ms"
AAPL = 250
)");
  const Config config = Loaded();
  EXPECT_EQ(config.sse.heartbeat, milliseconds(200));
  EXPECT_EQ(config.sse.retry, (std::vector{milliseconds(500), milliseconds(500)}));
  EXPECT_EQ(config.log.level, base::LogLevel::kDebug);
  EXPECT_EQ(config.log.format, base::LogFormat::kJson);
  EXPECT_EQ(config.server.drain, milliseconds(2000));
  EXPECT_EQ(config.server.hosts, (std::vector<std::string>{"desk.example", "10.0.0.1"}));
  EXPECT_EQ(config.server.cors_origins.size(), 2U);
  EXPECT_EQ(config.market.source, (SourceSpec{.kind = SourceSpec::Kind::kReplay,
                                              .file = "ticks.gz",
                                              .speed = 2.5,
                                              .loop = true,
                                              .wait = false}));
  EXPECT_EQ(config.market.rate, 0.5);
  EXPECT_EQ(config.market.seed, 9223372036854775807U);
  EXPECT_EQ(config.market.interval.at("BRK.B"), milliseconds(500));
  EXPECT_EQ(config.market.interval.at("AAPL"), milliseconds(250));
  EXPECT_EQ(config.market.interval.at("GOOGL"), milliseconds(2000));
}

TEST_F(Loading, TextHasEveryType) {
  Environment("LIVETAPE_SSE_HEARTBEAT_S", "0.2");
  Environment("LIVETAPE_SSE_RETRY_MS", "100, 200");
  Environment("LIVETAPE_MARKET_SYMBOLS", "AAPL, BRK.B,123");
  Environment("LIVETAPE_SERVER_HOSTS", "");
  Environment("LIVETAPE_MARKET_INTERVAL", "GOOGL=500, BTC=10s");
  Set("market.interval.BRK.B=250ms");
  Set("market.source=replay:a=b.csv,wait");
  const Config config = Loaded();
  EXPECT_EQ(config.sse.heartbeat, milliseconds(200));
  EXPECT_EQ(config.sse.retry, (std::vector{milliseconds(100), milliseconds(200)}));
  EXPECT_EQ(config.market.symbols, (std::vector<std::string>{"AAPL", "BRK.B", "123"}));
  EXPECT_TRUE(config.server.hosts.empty());
  EXPECT_EQ(config.market.interval.at("GOOGL"), milliseconds(500));
  EXPECT_EQ(config.market.interval.at("BTC"), milliseconds(10'000));
  EXPECT_EQ(config.market.interval.at("BRK.B"), milliseconds(250));
  EXPECT_EQ(config.market.source.file, "a=b.csv");
  EXPECT_TRUE(config.market.source.wait);
}

TEST_F(Loading, TextListsMayBeWrittenAsToml) {
  Set("market.symbols=[\"AAPL\", 'BTC/USD']");
  Set("sse.retry_ms=[100, 200]");
  const Config config = Loaded();
  EXPECT_EQ(config.market.symbols, (std::vector<std::string>{"AAPL", "BTC/USD"}));
  EXPECT_EQ(config.sse.retry, (std::vector{milliseconds(100), milliseconds(200)}));
}

TEST_F(Loading, ProxiesAreAddressesOrNetworks) {
  EXPECT_EQ(FaultOf("server.trusted_proxies = [\"10.0.0.0/8\", \"::1\", \"fd00::/8\"]"), "loaded");
}

TEST(ParseSet, TakesEverythingAfterTheFirstEqualsSign) {
  const auto set = ParseSet("market.source=replay:f,speed=2");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->key, "market.source");
  EXPECT_EQ(set->value, "replay:f,speed=2");
  EXPECT_EQ(ParseSet("server.port").error().message,
            "--set: got \"server.port\", expected section.key=value");
  EXPECT_FALSE(ParseSet("=1"));
}

}  // namespace
}  // namespace livetape::config
