#pragma once

// Config: everything the operator can set, checked and complete. The initial values here are the
// defaults; key_table.cc says what each key is called, means and allows.
//
// The main thread loads it once (load.h); from then on it is const and any thread may read it.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/log.h"
#include "config/source_spec.h"

namespace livetape::config {

struct ServerConfig {
  std::string host = "127.0.0.1";
  uint16_t port = 8000;  // 0: any free one
  size_t threads = 0;    // 0: processors / 2, at least 1
  std::chrono::milliseconds drain{10'000};
  std::vector<std::string> hosts;            // further names that a Host header may carry
  std::vector<std::string> cors_origins;     // exact: "https://desk.example"
  std::vector<std::string> trusted_proxies;  // addresses or networks: "10.0.0.0/8"
  std::string data_dir = "livetape-data";    // made if it is not there
};

struct SseConfig {
  std::chrono::milliseconds heartbeat{15'000};
  std::vector<std::chrono::milliseconds> retry{std::chrono::milliseconds(2000),
                                               std::chrono::milliseconds(4000)};  // least, most
  std::chrono::milliseconds interval{100};  // of /stream without ?interval=
};

struct LimitsConfig {
  size_t streams_per_address = 100;  // 0: no limit
  size_t streams = 0;                // of the whole process; 0: no limit
  size_t head_bytes = 16'384;
  size_t body_bytes = 1'048'576;
  size_t publish_bytes = 8'388'608;  // the body of a publish
};

enum class TapeSync { kFull, kNormal };

struct TapeConfig {
  size_t ring = 65'536;  // records kept in memory
  // What is kept on disk: the oldest goes when any of these is passed.
  uint64_t keep_records = 10'000'000;
  std::chrono::days keep{30};
  uint64_t keep_bytes = 8'589'934'592;
  TapeSync sync = TapeSync::kFull;
};

// When us_equity trades: always, or when NYSE is open.
enum class MarketHours { kAlways, kExchange };

struct MarketConfig {
  SourceSpec source;
  std::vector<std::string> symbols{"AAPL", "TSLA", "GOOGL", "BTC", "ETH"};
  uint64_t seed = 1;
  double rate = 10;  // updates per second and symbol
  MarketHours hours = MarketHours::kAlways;
  // How often /sse/{symbol} sends, where it is not the usual second.
  std::map<std::string, std::chrono::milliseconds, std::less<>> interval{
      {"GOOGL", std::chrono::milliseconds(2000)}};
};

// What a paper account starts with and pays: fee x notional + fee_per_share x quantity, at least
// fee_min, for each fill.
struct PaperTerms {
  base::Amount cash = base::Amount::From(base::Decimal::FromUnits(100'000 * base::kDecimalScale));
  base::Decimal fee;  // fraction of the notional: 0.002 is 0.2 %
  base::Decimal fee_per_share;
  base::Decimal fee_min;
  base::Decimal slippage_bps;  // of market, stop and trailing fills, in 1/10000 of the price
  int multiplier = 2;          // buying power over equity: 1, 2 or 4
};

enum class PaperStrategy { kNone, kDemo };

struct PaperConfig : PaperTerms {
  std::string account = "paper";  // the default account's name
  // What trades the default account. Where nobody says, kDemo with the synthetic source only.
  PaperStrategy strategy = PaperStrategy::kDemo;
};

// One [[accounts]] table; the terms it does not have are [paper]'s. It may be the default account.
struct AccountConfig : PaperTerms {
  std::string name;         // unlike any other's
  std::string key, secret;  // both or neither; keys differ
  std::string owner;        // the `sub` whose tokens reach it; empty: nobody's
  // Where a value comes from, by key ("cash"): "livetape.toml:3". Absent: [paper], or not given.
  std::map<std::string, std::string, std::less<>> origins;
};

// In the order of floor::RiskMetric, floor::Severity, floor::RiskAction and floor::VarMethod.
enum class RiskMetric { kVar, kDrawdown, kDayDrawdown, kGross, kNet, kConcentration };
enum class RiskSeverity { kLow, kMedium, kHigh, kCritical };
enum class RiskAction { kAlert, kReduce, kHalt };
enum class VarMethod { kHistorical, kParametric, kMonteCarlo };

// What is told and done when a limit is broken.
struct RiskReaction {
  RiskSeverity severity = RiskSeverity::kHigh;
  RiskAction action = RiskAction::kAlert;
};

// 0: off.
struct RiskConfig {
  // Orders that would go beyond are refused.
  base::Amount max_order_value;
  base::Quantity max_order_qty;
  base::Decimal price_collar;  // of limit and stop prices from the mark, as a fraction of it
  uint32_t max_orders_per_s = 0;
  // Fractions of equity.
  base::Decimal var_limit, drawdown_limit, day_drawdown_limit;
  base::Decimal gross_limit, net_limit, concentration_limit;
  std::array<RiskReaction, 6> reactions;  // by RiskMetric
  base::Decimal var_confidence = base::Decimal::FromUnits(950'000'000);
  VarMethod var_method = VarMethod::kParametric;
  base::Decimal hysteresis = base::Decimal::FromUnits(900'000'000);
};

enum class AuthMode { kNone, kJwt };
enum class JwtAlgorithm { kHs256, kRs256, kEs256 };

struct AuthConfig {
  AuthMode mode = AuthMode::kNone;
  JwtAlgorithm jwt_alg = JwtAlgorithm::kHs256;
  std::string jwt_key_file;  // empty: jwt.key in the data folder
  std::string jwks_file;     // instead of jwt_key_file
  std::string cookie = "livetape_token";
};

struct LogConfig {
  base::LogLevel level = base::LogLevel::kInfo;
  base::LogFormat format = base::LogFormat::kText;
  bool requests = true;  // a line for each finished request
  bool streams = false;  // a line for each finished stream
};

struct JobsConfig {
  size_t workers = 0;  // jobs at a time; 0: one per processor
  size_t queue = 100;  // jobs that wait, at most
};

struct Config {
  ServerConfig server;
  SseConfig sse;
  LimitsConfig limits;
  TapeConfig tape;
  MarketConfig market;
  PaperConfig paper;
  std::vector<AccountConfig> accounts;  // in the file's order
  RiskConfig risk;
  AuthConfig auth;
  LogConfig log;
  JobsConfig jobs;

  // Where a value comes from, by key ("server.port", "market.interval.GOOGL"):
  // "livetape.toml:3", "environment variable LIVETAPE_SERVER_PORT", "--port". Absent: the default.
  std::map<std::string, std::string, std::less<>> origins;
};

}  // namespace livetape::config
