#include "store/equity_thinner.h"

#include <array>
#include <chrono>
#include <utility>

#include "store/bucket.h"

namespace livetape::store {
namespace {

constexpr size_t kPointsMax = 1000, kAccountsMax = 200;

}  // namespace

base::Result<EquityThinner> EquityThinner::Open(sqlite::Database& database) {
  const std::array<std::string_view, 6> texts = {
      "SELECT account, until FROM thinned WHERE until < ?1 LIMIT ?2",
      "SELECT time FROM equity WHERE account = ?1 AND time >= ?2 AND time < ?3"
      " ORDER BY time LIMIT ?4",
      "SELECT time FROM equity WHERE account = ?1 AND time >= ?2 ORDER BY time LIMIT 1",
      "DELETE FROM equity WHERE account = ?1 AND time = ?2",
      "UPDATE thinned SET until = ?2 WHERE account = ?1",
      "DELETE FROM thinned WHERE account = ?1"};
  std::array<std::optional<sqlite::Statement>, 6> ready;
  for (size_t i = 0; i < texts.size(); ++i) {
    auto statement = database.Prepare(texts[i]);
    if (!statement) return std::unexpected(statement.error());
    ready[i] = *std::move(statement);
  }
  return EquityThinner(database, {.accounts = *std::move(ready[0]),
                                  .points = *std::move(ready[1]),
                                  .next_point = *std::move(ready[2]),
                                  .drop = *std::move(ready[3]),
                                  .set_until = *std::move(ready[4]),
                                  .forget = *std::move(ready[5])});
}

base::Result<bool> EquityThinner::Thin(base::WallTime now) {
  const int64_t before = BucketStart(Nanoseconds(now - std::chrono::hours(24)), kMinute);
  const auto accounts = Accounts(before);
  if (!accounts) return std::unexpected(accounts.error());
  if (accounts->empty()) return false;
  auto transaction = sqlite::Transaction::Begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  size_t left = kPointsMax;
  for (const Pending& pending : *accounts) {
    const auto seen = ThinAccount(pending, before, left);
    if (!seen) return std::unexpected(seen.error());
    left -= *seen;
    if (left < 2) break;  // one point alone shows nothing
  }
  if (auto committed = transaction->Commit(); !committed) {
    return std::unexpected(committed.error());
  }
  return left < 2 || accounts->size() == kAccountsMax;
}

base::Result<std::vector<EquityThinner::Pending>> EquityThinner::Accounts(int64_t before) {
  std::vector<Pending> pending;
  sqlite::Statement& accounts = statements_.accounts;
  accounts.Bind(1, before).Bind(2, uint64_t{kAccountsMax});
  for (;;) {
    const auto row = accounts.Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return pending;
    pending.push_back({.account = std::string(accounts.Text(0)), .until = accounts.Int(1)});
  }
}

base::Result<size_t> EquityThinner::ThinAccount(const Pending& pending, int64_t before,
                                                size_t points_max) {
  std::vector<int64_t> times;
  sqlite::Statement& points = statements_.points;
  points.BindText(1, pending.account)
      .Bind(2, pending.until)
      .Bind(3, before)
      .Bind(4, uint64_t{points_max});
  for (;;) {
    const auto row = points.Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    times.push_back(points.Int(0));
  }
  for (size_t i = 1; i < times.size(); ++i) {
    if (BucketStart(times[i - 1], kMinute) != BucketStart(times[i], kMinute)) continue;
    auto dropped = statements_.drop.BindText(1, pending.account).Bind(2, times[i - 1]).Run();
    if (!dropped) return std::unexpected(dropped.error());
  }
  auto advanced = Advance(pending.account, before, times, times.size() < points_max);
  if (!advanced) return std::unexpected(advanced.error());
  return times.size();
}

// `all`: there were no more points before `before`. If there were, the last minute is looked at
// again. An account that has no later point is forgotten until it has one.
base::Result<void> EquityThinner::Advance(const std::string& account, int64_t before,
                                          const std::vector<int64_t>& times, bool all) {
  int64_t until = all ? before : BucketStart(times.back(), kMinute);
  if (times.empty()) {
    sqlite::Statement& next = statements_.next_point;
    const auto row = next.BindText(1, account).Bind(2, before).Step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return statements_.forget.BindText(1, account).Run();
    until = BucketStart(next.Int(0), kMinute);
    next.Reset();
  }
  return statements_.set_until.BindText(1, account).Bind(2, until).Run();
}

}  // namespace livetape::store
