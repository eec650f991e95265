#include "load/load_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <cmath>
#include <string>

namespace livetape::bench {
namespace {

std::chrono::nanoseconds Seconds(double seconds) {
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

std::string CheckEndpoint(const std::string& text) {
  const auto endpoint = ParseEndpoint(text);
  return endpoint ? std::string() : endpoint.error().message;
}

// "/a/{}" as "/a/0", "/a/1", ..., a path for each subscriber; none if it has no such place.
std::vector<std::string> PathsOf(const std::string& path, size_t subscribers) {
  std::vector<std::string> paths;
  const size_t place = path.find("{}");
  for (size_t i = 0; place != path.npos && i < subscribers; ++i) {
    paths.push_back(fmt::format("{}{}{}", path.substr(0, place), i, path.substr(place + 2)));
  }
  return paths;
}

}  // namespace

std::expected<LoadOptions, int> ReadLoadOptions(int argc, const char* const* argv) {
  LoadOptions options;
  std::vector<std::string> servers;
  double connect_timeout_s = 60, settle_s = 1, warm_up_s = 2, seconds = 5, until_quiet_s = 0;
  bool several_topics = false;

  CLI::App app(
      "Opens SSE subscribers to a server and measures what it delivers: rate, loss, latency from\n"
      "the \"timestamp\" inside each event, and the server's CPU time and resident memory.\n"
      "A line of JSON per phase on stdout (connected, measuring, done), a summary on stderr.",
      "livetape-load");
  app.add_option("--to", servers, "Server, HOST:PORT (IPv4); repeat it to use several in turn")
      ->required()
      ->check(CLI::Validator(CheckEndpoint, "HOST:PORT"));
  app.add_option("--path", options.plan.path,
                 "Path and query of the stream; {} in it is the number of the subscriber, from 0")
      ->required();
  app.add_option("-n,--subscribers", options.plan.subscribers, "How many")
      ->required()
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--sources", options.plan.sources,
                 "Client addresses of 127.1.0.0/16 to use in turn; 1 leaves it to the system")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--connecting", options.plan.connecting_max, "Connections under way at once")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--server-pid", options.server_pids,
                 "Server process whose CPU time and memory to take; repeat it to sum several")
      ->check(CLI::PositiveNumber);
  const auto add_seconds = [&app](const char* name, double& value, const char* what) {
    app.add_option(name, value, what)->check(CLI::Range(0.0, 3600.0))->capture_default_str();
  };
  add_seconds("--connect-timeout", connect_timeout_s, "Seconds in which all must be connected");
  add_seconds("--settle", settle_s, "Idle seconds before resident memory is read");
  add_seconds("--warm-up", warm_up_s, "Seconds of deliveries before the measurement");
  add_seconds("--seconds", seconds, "Seconds of the measurement; 0 only connects and settles");
  app.add_option("--events", options.events_max, "Ends the measurement after that many deliveries")
      ->check(CLI::PositiveNumber);
  add_seconds("--until-quiet", until_quiet_s,
              "Seconds after the measurement in which to receive on until nothing comes for 1 s");
  app.add_flag("--states", options.states,
               "A stream of state: compare what the subscribers show in the end");
  app.add_flag("--spin", options.plan.spin,
               "Never sleep, so that the server does not pay for waking this program");
  app.add_flag("--records", options.records,
               "Every record of the tape is sent on this stream: look at the ids for losses");
  app.add_flag("--several-topics", several_topics,
               "Events may share a send time: count deliveries, do not look for losses");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return std::unexpected(status == 0 ? 0 : 2);
  }
  for (const std::string& server : servers) {
    options.plan.servers.push_back(*ParseEndpoint(server));
  }
  options.plan.paths = PathsOf(options.plan.path, options.plan.subscribers);
  options.until_quiet = Seconds(until_quiet_s);
  options.connect_timeout = Seconds(connect_timeout_s);
  options.settle = Seconds(settle_s);
  options.warm_up = Seconds(warm_up_s);
  options.measure = Seconds(seconds);
  options.one_topic = !several_topics && !options.records && !options.states;
  return options;
}

}  // namespace livetape::bench
