#include <gtest/gtest.h>

#include "config/loading_fixture.h"

namespace livetape::config {
namespace {

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
            "limits, tape, market, paper, risk, auth, log, jobs, accounts");
}

TEST_F(Loading, WrongTypeSaysWhatIsExpected) {
  EXPECT_EQ(FaultOf("[server]\nport = \"8000\"\n"),
            "FILE:2: server.port: got \"8000\", expected an integer from 0 to 65535");
  EXPECT_EQ(FaultOf("server.port = 8000.0"),
            "FILE:1: server.port: got 8000.0, expected an integer from 0 to 65535");
  EXPECT_EQ(FaultOf("server.host = true"),
            "FILE:1: server.host: got true, expected an IP address or localhost");
  EXPECT_EQ(FaultOf("server.host = \"desk.example\""),
            "FILE:1: server.host: got \"desk.example\", expected an IP address or localhost");
  EXPECT_EQ(FaultOf("server.hosts = \"desk\""),
            "FILE:1: server.hosts: got \"desk\", expected a list of at most 100 different host "
            "names without port");
  EXPECT_EQ(FaultOf("sse.heartbeat_s = 2026-01-01"),
            "FILE:1: sse.heartbeat_s: got a date or time, expected a number of seconds from 0.05 "
            "to 3600");
  EXPECT_EQ(FaultOf("server = 5"),
            "FILE:1: server: got 5, expected a section: [server] and its keys below");
}

TEST_F(Loading, WhatIsVeryLongIsShownInPart) {
  EXPECT_EQ(FaultOf("log.level = \"" + std::string(1000, 'x') + "\""),
            "FILE:1: log.level: got \"" + std::string(199, 'x') +
                "... (1002 bytes), expected one of debug, info, warning, error");
  EXPECT_EQ(FaultOf("[log]\n" + std::string(300, 'y') + " = 1"),
            "FILE:2: there is no key log." + std::string(196, 'y') +
                "... (304 bytes); section log has level, format, requests, streams");
  EXPECT_EQ(FaultOf("log.level = \"" + std::string(198, 'x') + "\u00e9\u00e9\""),
            "FILE:1: log.level: got \"" + std::string(198, 'x') +
                "... (204 bytes), expected one of debug, info, warning, error")
      << "no half of a character";
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

TEST_F(Loading, ListRefusesARepeatedOrWrongMember) {
  for (const char* symbols : {R"(["AAPL", "AAPL"])", R"(["A B"])", R"([""])", "[1]"}) {
    EXPECT_NE(FaultOf(std::string("market.symbols = ") + symbols)
                  .find("expected a list of at most 10000 different symbols"),
              std::string::npos)
        << symbols;
  }
  for (const char* origin :
       {"https://desk.example/", "desk.example", "https://", "*", "https://Desk.example",
        "https://desk.example:443", "http://desk.example:80"}) {
    EXPECT_NE(FaultOf(std::string("server.cors_origins = [\"") + origin + "\"]")
                  .find("expected a list of at most 100 different origins"),
              std::string::npos)
        << origin;
  }
  for (const char* host : {"desk.example:8000", "[::1]", "::1:zz", "*"}) {
    EXPECT_NE(FaultOf(std::string("server.hosts = [\"") + host + "\"]")
                  .find("expected a list of at most 100 different host names without port"),
              std::string::npos)
        << host;
  }
}

TEST_F(Loading, KeysForTokensComeFromOnePlace) {
  EXPECT_EQ(FaultOf("auth.jwt_key_file = \"a\"\nauth.jwks_file = \"b\""),
            "FILE:2: auth.jwks_file: auth.jwt_key_file is set too, expected one of them: keys come "
            "from one place");
  EXPECT_EQ(FaultOf("auth.jwt_alg = \"ES256\"\nauth.jwks_file = \"b\""), "loaded");
  EXPECT_EQ(FaultOf("auth.jwt_alg = \"ES256\""),
            "FILE:1: auth.jwt_alg: RS256 and ES256 need a public key, expected its file in "
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

TEST_F(Loading, EnvironmentVariableOfAKeysEndOrSectionIsAnError) {
  const std::string expected = ": there is no such key; did you mean LIVETAPE_";
  for (const auto& [name, meant] :
       {std::pair("LIVETAPE_DATA_DIR", "SERVER_DATA_DIR?"),
        std::pair("LIVETAPE_PORT", "SERVER_PORT?"), std::pair("LIVETAPE_AUTH", "AUTH_MODE?")}) {
    options_.environment.clear();
    Environment(name, "x");
    EXPECT_EQ(Fault(), std::string("environment variable ") + name + expected + meant);
  }
  options_.environment.clear();
  Environment("LIVETAPE_TOKEN", "of a client");
  EXPECT_EQ(Fault(), "loaded");
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
            "FILE:1: market.rate: 60000 updates per second for each of 2 symbols are 120000, "
            "expected at most 100000 for all symbols together");
  EXPECT_EQ(FaultOf("market = { rate = 60000, symbols = [\"A\", \"B\"], source = \"none\" }"),
            "loaded");
}

TEST_F(Loading, SyntheticSourceNeedsASymbol) {
  EXPECT_EQ(FaultOf("market.symbols = []"),
            "FILE:1: market.symbols: got [], expected a symbol or more for market.source = "
            "\"synthetic\"");
  options_.file.reset();
  Set("market.symbols=");
  EXPECT_EQ(Fault().substr(0, 28), "--set: market.symbols: got [");
}

}  // namespace
}  // namespace livetape::config
