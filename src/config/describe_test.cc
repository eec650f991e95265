#include "config/describe.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/key_table.h"
#include "config/loading_fixture.h"

namespace livetape::config {
namespace {

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
  Set("market.hours=exchange");
  Set("paper.cash=999999999999.123456789");
  Set("paper.fee=0.000000001");
  Set("paper.strategy=none");
  Set("risk.max_order_qty=8999999999.999999999");
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
