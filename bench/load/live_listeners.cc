#include "load/live_listeners.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <memory>

#include "base/assert.h"

namespace livetape::bench {
namespace {

constexpr auto kConnectTimeout = std::chrono::seconds(20);
constexpr auto kListenAtMost = std::chrono::hours(1);

}  // namespace

base::Result<std::unique_ptr<LiveListeners>> LiveListeners::Start(FleetPlan plan,
                                                                  const base::Clock& clock) {
  Descriptor wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wake.open()) return FailErrno("make an eventfd");
  std::unique_ptr<LiveListeners> listeners(
      new LiveListeners(std::move(plan), clock, std::move(wake)));
  std::promise<base::Result<void>> promise;
  auto connected = promise.get_future();
  listeners->thread_ =
      std::thread([&listeners = *listeners, promise = std::move(promise)]() mutable {
        listeners.Listen(std::move(promise));
      });
  if (auto result = connected.get(); !result) return std::unexpected(result.error());
  return listeners;
}

LiveListeners::LiveListeners(FleetPlan plan, const base::Clock& clock, Descriptor wake)
    : plan_(std::move(plan)), clock_(clock), wake_(std::move(wake)) {
  LT_ASSERT(plan_.observer != nullptr);
}

LiveListeners::~LiveListeners() { (void)Stop(); }

base::Result<void> LiveListeners::Stop() {
  if (thread_.joinable()) {
    const uint64_t one = 1;
    const ssize_t written = write(wake_.fd(), &one, sizeof one);
    LT_ASSERT(written == sizeof one, "{}", written);
    thread_.join();
  }
  return ended_;
}

void LiveListeners::Listen(std::promise<base::Result<void>> connected) {
  DeliveryTally unused(false);
  auto fleet = Fleet::Create(plan_, clock_, unused, Descriptor(dup(wake_.fd())));
  if (!fleet) {
    connected.set_value(std::unexpected(fleet.error()));
    return;
  }
  auto done = fleet->Connect(kConnectTimeout);
  connected.set_value(done);
  if (!done) return;
  ended_ = fleet->RunUntil(clock_.Mono() + kListenAtMost);
  closed_ = fleet->counts().closed;
}

}  // namespace livetape::bench
