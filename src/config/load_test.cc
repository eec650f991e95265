#include "config/load.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/describe.h"
#include "config/key_table.h"

namespace livetape::config {
namespace {

using std::chrono::milliseconds;

class Loading : public testing::Test {
 protected:
  Loading()
      : path_(std::string(testing::TempDir()) + "livetape_" +
              testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml") {}
  ~Loading() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  void File(std::string_view text) {
    std::ofstream(path_, std::ios::binary) << text;
    options_.file = path_;
  }
  void Environment(std::string name, std::string value) {
    options_.environment.emplace_back(std::move(name), std::move(value));
  }
  void Flag(std::string flag, std::string key, std::string value) {
    options_.overrides.push_back({std::move(key), std::move(value), std::move(flag)});
  }
  void Set(std::string_view text) { options_.overrides.push_back(*ParseSet(text)); }

  Config Loaded() {
    auto config = Load(options_);
    if (!config) ADD_FAILURE() << config.error().message;
    return config.value_or(Config());
  }
  // The message, with the file's path as FILE.
  std::string Fault() {
    const auto config = Load(options_);
    if (config) return "loaded";
    std::string message = config.error().message;
    for (size_t at = message.find(path_); at != std::string::npos; at = message.find(path_)) {
      message.replace(at, path_.size(), "FILE");
    }
    return message;
  }
  std::string FaultOf(std::string_view file) {
    File(file);
    return Fault();
  }

  const std::string path_;
  LoadOptions options_;
};

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

TEST_F(Loading, UnknownKeyNamesTheNearestOrWhatThereIs) {
  EXPECT_EQ(FaultOf("[server]\n\nprot = 1\n"),
            "FILE:3: there is no key server.prot; did you mean server.port?");
  EXPECT_EQ(
      FaultOf("[tape]\ncompression = true\n"),
      "FILE:2: there is no key tape.compression; section tape has ring, keep_records, keep_days, "
      "keep_bytes, sync");
  EXPECT_EQ(FaultOf("[sever]\nport = 1\n"),
            "FILE:1: there is no section sever; did you mean "
            "server?");
  EXPECT_EQ(FaultOf("[weather]\n"),
            "FILE:1: there is no section weather; there are server, sse, "
            "limits, tape, market, auth, log");
}

TEST_F(Loading, WrongTypeSaysWhatIsExpected) {
  EXPECT_EQ(FaultOf("[server]\nport = \"8000\"\n"),
            "FILE:2: server.port: got \"8000\", expected an integer from 0 to 65535");
  EXPECT_EQ(FaultOf("server.port = 8000.0"),
            "FILE:1: server.port: got 8000.0, expected an integer from 0 to 65535");
  EXPECT_EQ(FaultOf("server.host = true"),
            "FILE:1: server.host: got true, expected an address or host name");
  EXPECT_EQ(FaultOf("server.hosts = \"desk\""),
            "FILE:1: server.hosts: got \"desk\", expected a list of at most 100 different host "
            "names without port");
  EXPECT_EQ(FaultOf("sse.heartbeat_s = 2026-01-01"),
            "FILE:1: sse.heartbeat_s: got a date or time, expected a number of seconds from 0.05 "
            "to 3600");
  EXPECT_EQ(FaultOf("server = 5"),
            "FILE:1: server: got 5, expected a section: [server] and its keys below");
}

TEST_F(Loading, ImpossibleValueSaysWhatIsAllowed) {
  EXPECT_EQ(FaultOf("server.port = 65536"),
            "FILE:1: server.port: got 65536, expected an integer from 0 to 65535");
  EXPECT_EQ(FaultOf("sse.heartbeat_s = nan"),
            "FILE:1: sse.heartbeat_s: got nan, expected a number of seconds from 0.05 to 3600");
  EXPECT_EQ(FaultOf("sse.retry_ms = [4000, 2000]"),
            "FILE:1: sse.retry_ms: got [4000, 2000], expected two integers from 1 to 3600000, the "
            "smaller first");
  EXPECT_EQ(FaultOf("log.level = \"loud\""),
            "FILE:1: log.level: got \"loud\", expected one of debug, info, warning, error");
  EXPECT_EQ(FaultOf("auth.mode = \"basic\""),
            "FILE:1: auth.mode: got \"basic\", expected one of none, jwt");
  EXPECT_EQ(FaultOf("log.streams = 1"), "FILE:1: log.streams: got 1, expected true or false");
  for (const char* network : {"10.0.0.0/33", "::1/129", "proxy", "10.0.0.0/", ""}) {
    EXPECT_NE(FaultOf(std::string("server.trusted_proxies = [\"") + network + "\"]")
                  .find("expected a list of at most 100 different addresses or networks"),
              std::string::npos)
        << network;
  }
  EXPECT_EQ(FaultOf("[market.interval]\nAAPL = \"1h\""),
            "FILE:2: market.interval.AAPL: got \"1h\", expected a symbol and a time from 0 to 10s, "
            "such as \"2s\", \"500ms\" or 500 (milliseconds)");
  EXPECT_EQ(FaultOf("market.source = \"replay:x,lop\""),
            "FILE:1: market.source: got \"replay:x,lop\", expected synthetic, none or "
            "replay:FILE[,speed=N][,loop][,wait] with N from 0 (as fast as possible) to 1000000");
}

TEST_F(Loading, TextListsMayBeWrittenAsToml) {
  Set("market.symbols=[\"AAPL\", 'BTC/USD']");
  Set("sse.retry_ms=[100, 200]");
  const Config config = Loaded();
  EXPECT_EQ(config.market.symbols, (std::vector<std::string>{"AAPL", "BTC/USD"}));
  EXPECT_EQ(config.sse.retry, (std::vector{milliseconds(100), milliseconds(200)}));
}

TEST_F(Loading, ListRefusesARepeatedOrWrongMember) {
  for (const char* symbols : {R"(["AAPL", "AAPL"])", R"(["A B"])", R"([""])", "[1]"}) {
    EXPECT_NE(FaultOf(std::string("market.symbols = ") + symbols)
                  .find("expected a list of at most 10000 different symbols"),
              std::string::npos)
        << symbols;
  }
  for (const char* origin : {"https://desk.example/", "desk.example", "https://", "*"}) {
    EXPECT_NE(FaultOf(std::string("server.cors_origins = [\"") + origin + "\"]")
                  .find("expected a list of at most 100 different origins"),
              std::string::npos)
        << origin;
  }
}

TEST_F(Loading, ProxiesAreAddressesOrNetworks) {
  EXPECT_EQ(FaultOf("server.trusted_proxies = [\"10.0.0.0/8\", \"::1\", \"fd00::/8\"]"), "loaded");
}

TEST_F(Loading, KeysForTokensComeFromOnePlace) {
  EXPECT_EQ(FaultOf("auth.jwt_key_file = \"a\"\nauth.jwks_file = \"b\""),
            "auth.jwt_key_file and auth.jwks_file are both set, expected one of them: keys come "
            "from one place");
  EXPECT_EQ(FaultOf("auth.jwt_alg = \"ES256\"\nauth.jwks_file = \"b\""), "loaded");
  EXPECT_EQ(FaultOf("auth.jwt_alg = \"ES256\""),
            "auth.jwt_alg: RS256 and ES256 need a public key, expected its file in "
            "auth.jwt_key_file or auth.jwks_file");
}

TEST_F(Loading, BrokenTomlNamesItsLine) {
  const std::string fault = FaultOf("[server]\nport = \n");
  EXPECT_EQ(fault.substr(0, 17), "FILE:2: not TOML:") << fault;
}

TEST_F(Loading, MissingFileIsAnError) {
  options_.file = path_;
  EXPECT_EQ(Fault(), "cannot read the configuration file FILE: No such file or directory");
}

TEST_F(Loading, DirectoryIsNoFile) {
  options_.file = testing::TempDir();
  EXPECT_NE(Fault().find("Is a directory"), std::string::npos) << Fault();
}

TEST_F(Loading, HugeFileIsRefused) {
  EXPECT_EQ(FaultOf(std::string((1 << 20) + 1, '\n')),
            "the configuration file FILE is larger than 1 MiB");
  EXPECT_EQ(FaultOf(std::string(1 << 20, '\n')), "loaded");
}

TEST_F(Loading, EnvironmentFaultNamesTheVariable) {
  Environment("LIVETAPE_SERVER_PORT", "eighty");
  EXPECT_EQ(Fault(),
            "environment variable LIVETAPE_SERVER_PORT: server.port: got \"eighty\", "
            "expected an integer from 0 to 65535");
}

TEST_F(Loading, EnvironmentMembersNeedAnEqualsSign) {
  Environment("LIVETAPE_MARKET_INTERVAL", "GOOGL");
  EXPECT_EQ(Fault(),
            "environment variable LIVETAPE_MARKET_INTERVAL: market.interval: got "
            "\"GOOGL\", expected a list such as GOOGL=2s,AAPL=500ms");
}

TEST_F(Loading, MisspeltVariableIsAnErrorAndAForeignOneIsNot) {
  Environment("PATH", "/bin");
  Environment("LIVETAPE_BINARY", "build/livetape");
  EXPECT_EQ(Fault(), "loaded");
  Environment("LIVETAPE_SERVER_PROT", "1");
  EXPECT_EQ(Fault(),
            "environment variable LIVETAPE_SERVER_PROT: there is no such key; did you "
            "mean LIVETAPE_SERVER_PORT?");
}

TEST_F(Loading, FlagFaultNamesTheFlag) {
  Flag("--port", "server.port", "-1");
  EXPECT_EQ(Fault(), "--port: server.port: got -1, expected an integer from 0 to 65535");
}

TEST_F(Loading, SetOfAnUnknownKeyIsAnError) {
  Set("log.lvel=info");
  EXPECT_EQ(Fault(), "--set: there is no key log.lvel; did you mean log.level?");
}

TEST_F(Loading, RatesOfAllSymbolsTogetherAreLimited) {
  EXPECT_EQ(FaultOf("market = { rate = 60000, symbols = [\"A\", \"B\"] }"),
            "market.rate: 60000 updates per second for each of 2 symbols are 120000, expected at "
            "most 100000 for all symbols together");
  EXPECT_EQ(FaultOf("market = { rate = 60000, symbols = [\"A\", \"B\"], source = \"none\" }"),
            "loaded");
}

TEST_F(Loading, SyntheticSourceNeedsASymbol) {
  EXPECT_EQ(FaultOf("market.symbols = []"),
            "market.symbols: got [], expected a symbol or more for market.source = \"synthetic\"");
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

TEST_F(Loading, DescriptionGivesValuesAndOrigins) {
  File("[log]\nformat = \"json\"\n");
  Flag("--port", "server.port", "9000");
  const std::string text = Describe(Loaded());
  for (const std::string line :
       {"server.port = 9000  # --port\n", "server.host = \"127.0.0.1\"  # default\n",
        "sse.retry_ms = [2000, 4000]  # default\n", "sse.heartbeat_s = 15  # default\n",
        "market.source = \"synthetic\"  # default\n",
        "market.interval.GOOGL = \"2s\"  # default\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "is not in\n" << text;
  }
  EXPECT_NE(text.find("log.format = \"json\"  # " + path_ + ":2\n"), std::string::npos) << text;
}

TEST_F(Loading, DescriptionLoadsToTheSameValues) {
  Set("market.source=replay:odd \"name\"\\.gz,speed=0,wait");
  Set("market.interval.BRK.B=250ms");
  Set("market.interval.BTC=0");
  Set("sse.heartbeat_s=0.2");
  Set("server.cors_origins=https://a.example,https://b.example");
  Set("market.rate=12.5");
  Set("log.level=error");
  const std::string first = Describe(Loaded());
  options_.overrides.clear();
  File(first);
  const std::string second = Describe(Loaded());
  const auto without_origins = [](std::string_view text) {
    std::string kept;
    for (size_t start = 0; start < text.size();) {
      const size_t end = text.find('\n', start);
      const std::string_view line = text.substr(start, end - start);
      kept += line.substr(0, line.rfind("  # "));
      kept += '\n';
      start = end + 1;
    }
    return kept;
  };
  EXPECT_NE(first, second);  // the origins differ
  EXPECT_EQ(without_origins(first), without_origins(second));
}

TEST(KeyTable, EveryDefaultIsAllowed) {
  const Config defaults;
  LoadOptions options;
  options.file = std::string(testing::TempDir()) + "livetape_defaults.toml";
  std::ofstream(*options.file) << Describe(defaults);
  const auto config = Load(options);
  ASSERT_TRUE(config) << config.error().message;
  size_t lines = 0;
  for (const Key& key : KeyTable()) lines += key.lines(*config).size();
  EXPECT_EQ(config->origins.size(), lines);
  std::filesystem::remove(*options.file);
}

TEST(KeyHelp, NamesEveryKeyAndItsVariable) {
  const std::string help = KeyHelp();
  for (const Key& key : KeyTable()) {
    EXPECT_NE(help.find(key.path), std::string::npos) << key.path;
    EXPECT_NE(help.find(EnvironmentName(key.path)), std::string::npos) << key.path;
  }
  EXPECT_NE(help.find("    default: 8000\n    environment: LIVETAPE_SERVER_PORT\n"),
            std::string::npos)
      << help;
}

}  // namespace
}  // namespace livetape::config
