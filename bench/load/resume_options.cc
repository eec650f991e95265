#include "load/resume_options.h"

#include <CLI/CLI.hpp>

#include <cmath>

#include "load/socket.h"

namespace livetape::bench {
namespace {

std::chrono::nanoseconds Seconds(double seconds) {
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

}  // namespace

std::expected<ResumeOptions, int> ReadResumeOptions(int argc, const char* const* argv) {
  ResumeOptions options;
  options.path = "/api/v1/stream?topics=bench/*";
  std::string server;
  double before_s = 5, timeout_s = 30;

  CLI::App app(
      "Lets many subscribers come back at once with an old Last-Event-ID, and measures how long\n"
      "each needs to catch up and what those who listen live notice of it. Every record of the\n"
      "tape must be one of the stream's, stamped, and somebody must be publishing.\n"
      "A line of JSON per phase on stdout (before, during, done), a summary on stderr.",
      "livetape-resume");
  app.add_option("--to", server, "Server, HOST:PORT (IPv4)")->required();
  app.add_option("--path", options.path, "Path and query of the stream")->capture_default_str();
  app.add_option("--live", options.live, "How many listen live")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--resumers", options.resumers, "How many come back")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--behind", options.behind, "How many records behind they are")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  app.add_option("--before", before_s, "Seconds in which live latency is taken before they come")
      ->check(CLI::Range(0.1, 60.0))
      ->capture_default_str();
  app.add_option("--timeout", timeout_s, "Seconds in which all must have caught up")
      ->check(CLI::Range(0.1, 60.0))
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
  options.before = Seconds(before_s);
  options.timeout = Seconds(timeout_s);
  return options;
}

}  // namespace livetape::bench
