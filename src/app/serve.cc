#include "app/serve.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "app/memory_trim.h"
#include "app/stop_request.h"
#include "app/trading_server.h"
#include "http/descriptor_limit.h"

namespace livetape::app {
namespace {

// The line that says that it serves; whoever started it may wait for it.
void Announce(const config::Config& config, uint16_t port) {
  const std::string& host = config.server.host;
  fmt::print("livetape: listening on http://{}:{}\n",
             host.find(':') == std::string::npos ? host : "[" + host + "]", port);
  std::fflush(stdout);
}

// The kernel's limit of open files, raised as far as it goes.
void RaiseLimits(base::Log& log) {
  const size_t connections = http::ServerOptions().connections_max;
  const size_t descriptors = http::RaiseDescriptorLimit(connections);
  if (descriptors >= connections) return;
  log.Warning("at most {} open files are allowed, so fewer than {} connections; see ulimit -n",
              descriptors, connections);
}

}  // namespace

base::Result<void> Serve(const config::Config& config, const RecordOptions& record) {
  const base::RealClock clock;
  StopRequest stop(clock);
  base::Log log(config.log.level, config.log.format);
  RaiseLimits(log);
  TradingServer server({config, clock, log, [&stop] { stop.Fail(); }, record});
  if (auto opened = server.Open(); !opened) return opened;
  server.Start();
  Announce(config, server.port());

  MemoryTrim memory;
  while (!stop.ArrivesWithin(MemoryTrim::kEvery)) memory.Look();
  const std::string signal = stop.Wait();
  if (!signal.empty()) log.Info("{}: stopping; a second signal ends at once", signal);
  stop.LetSignalsKill();
  if (!server.Stop()) log.Warning("some connections had to be cut");
  if (stop.failed()) return base::Fail("the source of market data has failed; see the log");
  return {};
}

}  // namespace livetape::app
