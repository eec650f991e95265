#include "load/equity_options.h"

#include <CLI/CLI.hpp>

#include <cmath>

#include "load/socket.h"

namespace livetape::bench {
namespace {

std::chrono::nanoseconds Seconds(double seconds) {
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

}  // namespace

std::expected<EquityOptions, int> ReadEquityOptions(int argc, const char* const* argv) {
  EquityOptions options;
  std::string server;
  double warm_up_s = 2, seconds = 8;

  CLI::App app(
      "Publishes ticks of one instrument, of which every account holds 1, and measures how long\n"
      "each takes to the equity event of every stream that shows it or a later one. The price "
      "says\n"
      "which tick it is. A line of JSON per phase on stdout (measuring, done), a summary on "
      "stderr.",
      "livetape-equity");
  app.add_option("--to", server, "Server, HOST:PORT (IPv4)")->required();
  app.add_option("--account", options.account, "The beginning of the accounts' names")
      ->capture_default_str();
  app.add_option("--accounts", options.accounts, "How many")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--streams", options.streams, "Streams of each account")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--interval", options.interval, "Of the streams")->capture_default_str();
  app.add_option("--symbol", options.symbol, "The instrument that is published")
      ->capture_default_str();
  app.add_option("--rate", options.rate, "Its ticks per second")
      ->check(CLI::Range(1.0, 10'000.0))
      ->capture_default_str();
  app.add_option("--server-pid", options.server_pids, "Process whose CPU time is taken");
  app.add_option("--warm-up", warm_up_s, "Seconds of publishing before the measurement")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  app.add_option("--seconds", seconds, "Seconds of the measurement")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
    const auto endpoint = ParseEndpoint(server);
    if (!endpoint) throw CLI::ValidationError("--to", endpoint.error().message);
    options.server = *endpoint;
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return std::unexpected(status == 0 ? 0 : 2);
  }
  options.warm_up = Seconds(warm_up_s);
  options.measure = Seconds(seconds);
  return options;
}

}  // namespace livetape::bench
