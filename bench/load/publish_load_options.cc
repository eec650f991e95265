#include "load/publish_load_options.h"

#include <CLI/CLI.hpp>

#include <cmath>
#include <string>

namespace livetape::bench {
namespace {

std::chrono::nanoseconds Seconds(double seconds) {
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

}  // namespace

std::expected<PublishLoadOptions, int> ReadPublishLoadOptions(int argc, const char* const* argv) {
  PublishLoadOptions options;
  PublisherPlan& plan = options.plan;
  RequestShape& shape = options.records;
  OrderShape& orders = options.orders;
  shape.path = "/api/v1/publish";
  shape.topic = "bench/load";
  shape.topics = 300;
  orders.account = "bench";
  orders.run = "bench";
  std::string server;
  double warm_up_s = 1, seconds = 5;

  CLI::App app(
      "Publishes over N keep-alive connections, each with one request under way, and measures\n"
      "what is acknowledged. A line of JSON per phase on stdout (measuring, done), a summary on\n"
      "stderr. Records carry their send time as \"timestamp\" when a request has one of them.\n"
      "With --order-symbols it places market orders for 1 instead: all accounts in turn buy, each\n"
      "another symbol, until each has all, and then sell again.",
      "livetape-publish-load");
  app.add_option("--to", server, "Server, HOST:PORT (IPv4)")->required();
  app.add_option("--path", shape.path, "Path of the publishing endpoint")->capture_default_str();
  app.add_option("-c,--connections", plan.connections, "How many")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--records", shape.records, "Records in a request; more than 1 go as NDJSON")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--record-bytes", shape.record_bytes, "Size of a record's JSON, about")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  app.add_option("--topic", shape.topic, "Topic of the records, or the beginning of several")
      ->capture_default_str();
  app.add_option("--topics", shape.topics, "How many different topics")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_flag("--overload", plan.may_be_busy,
               "503 with Retry-After is expected, counted, and not obeyed");
  app.add_flag("--state", shape.state, "State instead of records: each topic has a newest value");
  app.add_flag("--random-topics", shape.random_topics, "Topics at random instead of in turn");
  app.add_option("--acknowledgement", plan.acknowledgement,
                 "How the body of an answer begins that acknowledges; empty: any success does")
      ->capture_default_str();
  app.add_option("--order-symbols", orders.symbols, "Places orders in these: A,B,...")
      ->delimiter(',');
  app.add_option("--accounts", orders.accounts, "Accounts that place orders")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--account", orders.account, "The beginning of the accounts' names")
      ->capture_default_str();
  app.add_option("--run", orders.run, "The beginning of the client order ids; other for each run")
      ->capture_default_str();
  app.add_option("--rate", plan.rate, "Requests per second of all; 0: as fast as they can")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  app.add_option("--requests", plan.requests_max,
                 "Ends when so many are answered, warm-up included")
      ->check(CLI::PositiveNumber);
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
    plan.server = *endpoint;
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return std::unexpected(status == 0 ? 0 : 2);
  }
  shape.host = orders.host = EndpointText(plan.server);
  options.warm_up = Seconds(warm_up_s);
  options.measure = Seconds(seconds);
  return options;
}

}  // namespace livetape::bench
