// Random batches, re-writes, crashes, cut backs, thinning and queries against rows in memory.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/random.h"
#include "store/bucket.h"
#include "store/testing.h"

namespace livetape::store {
namespace {

using List = std::vector<uint64_t>;

class StoreModel : public StoreFixture {
 protected:
  explicit StoreModel() = default;

  std::string SomeAccount(base::Random& random) { return std::string(1, "abc"[random.Below(3)]); }
  std::string SomeSymbol(base::Random& random) { return std::string(1, "XYZ"[random.Below(3)]); }
  // Few times, so that many rows share one.
  base::WallTime SomeTime(base::Random& random) {
    return base::WallTime(seconds(static_cast<int64_t>(random.Below(200)) - 100));
  }

  OrderRow NextOrder(base::Random& random) {
    if (!orders_.empty() && random.Below(2) == 0) {
      // Another form of one that is known.
      auto at = std::next(orders_.begin(), static_cast<long>(random.Below(orders_.size())));
      OrderRow order = at->second;
      order.seq = ++seq_;
      order.open = random.Below(2) == 0;
      order.json = std::to_string(random.Next());
      return order;
    }
    OrderRow order{.id = model::OrderId(++last_order_), .seq = random.Below(20) == 0 ? 0 : ++seq_};
    order.account = SomeAccount(random);
    order.symbol = SomeSymbol(random);
    order.side = random.Below(2) == 0 ? model::Side::kBuy : model::Side::kSell;
    order.open = random.Below(3) != 0;
    order.submitted = SomeTime(random);
    if (random.Below(3) == 0) order.parent = model::OrderId(random.Below(last_order_) + 1);
    if (random.Below(2) == 0) order.client_id = "n" + std::to_string(last_order_);
    order.json = std::string(random.Below(3000), 'j');
    return order;
  }
  FillRow NextFill(base::Random& random) {
    FillRow fill = SomeFill(++last_fill_, SomeAccount(random));
    fill.seq = ++seq_;
    fill.symbol = SomeSymbol(random);
    fill.time = SomeTime(random);
    return fill;
  }

  Batch NextBatch(base::Random& random) {
    Batch batch;
    const uint64_t most = random.Below(10) == 0 ? 1500 : 8;
    for (uint64_t i = random.Below(most); i > 0; --i) {
      batch.orders.push_back(NextOrder(random));
      if (batch.orders.back().seq != 0) orders_[batch.orders.back().id] = batch.orders.back();
      if (batch.orders.back().seq == 0)
        orders_.emplace(batch.orders.back().id, batch.orders.back());
    }
    for (uint64_t i = random.Below(most); i > 0; --i) {
      batch.fills.push_back(NextFill(random));
      fills_[batch.fills.back().number] = batch.fills.back();
    }
    for (uint64_t i = random.Below(8); i > 0; --i) {
      const auto time = kNoon + seconds(random.Below(3600));
      batch.points.push_back(
          SomePoint(time, static_cast<int>(random.Below(100)), SomeAccount(random)));
      points_[{batch.points.back().account, time}] = batch.points.back().equity;
    }
    batch.through = seq_;
    batch.accounts.push_back({.account = SomeAccount(random), .through = seq_});
    accounts_[batch.accounts.back().account] = seq_;
    through_ = seq_;
    return batch;
  }

  void CutBack(uint64_t seq) {
    ASSERT_TRUE(store_->CutBack(seq));
    std::erase_if(orders_, [&](const auto& entry) { return entry.second.seq > seq; });
    std::erase_if(fills_, [&](const auto& entry) { return entry.second.seq > seq; });
    std::erase_if(accounts_, [&](const auto& entry) { return entry.second > seq; });
    through_ = std::min(through_, seq);
  }

  void Thin(base::WallTime now) {
    while (Got(store_->ThinEquity(now))) {
    }
    const int64_t before = BucketStart(Nanoseconds(now - hours(24)), kMinute);
    for (auto at = points_.begin(); at != points_.end();) {
      const auto next = std::next(at);
      const auto minute = [](const auto& it) {
        return BucketStart(Nanoseconds(it->first.second), kMinute);
      };
      const bool goes = next != points_.end() && next->first.first == at->first.first &&
                        minute(next) == minute(at) && minute(at) < before;
      if (goes) points_.erase(at);
      at = next;
    }
  }

  void CompareOrders(base::Random& random) {
    OrderQuery query{.account = SomeAccount(random)};
    if (random.Below(2) == 0) query.open = random.Below(2) == 0;
    for (uint64_t i = random.Below(3); i > 0; --i) query.symbols.push_back(SomeSymbol(random));
    if (random.Below(3) == 0) query.side = model::Side::kSell;
    if (random.Below(3) == 0) query.after = SomeTime(random);
    if (random.Below(3) == 0) query.until = SomeTime(random);
    const model::OrderId some(random.Below(last_order_ + 2));
    if (random.Below(4) == 0) query.after_order = some;
    if (random.Below(4) == 0) query.before_order = model::OrderId(random.Below(last_order_ + 2));
    query.descending = random.Below(2) == 0;
    query.with_legs = random.Below(3) != 0;
    query.limit = random.Below(30);
    std::vector<std::pair<base::WallTime, uint64_t>> places;
    for (const auto& [id, order] : orders_) {
      if (Matches(query, order)) places.emplace_back(order.submitted, id.value());
    }
    std::sort(places.begin(), places.end());
    if (query.descending) std::reverse(places.begin(), places.end());
    if (places.size() > query.limit) places.resize(query.limit);
    List expected;
    for (const auto& [time, id] : places) expected.push_back(id);
    const auto rows = Got(reader_->Orders(query));
    List found;
    for (const OrderRow& row : rows) {
      found.push_back(row.id.value());
      ASSERT_EQ(row.json, orders_.at(row.id).json);
      ASSERT_EQ(row.seq, orders_.at(row.id).seq);
      ASSERT_EQ(row.open, orders_.at(row.id).open);
    }
    ASSERT_EQ(found, expected);
  }
  bool Matches(const OrderQuery& query, const OrderRow& order) const {
    const auto place = [](const OrderRow& row) { return std::pair(row.submitted, row.id); };
    const auto known = [&](model::OrderId id) {
      const auto at = orders_.find(id);
      return at != orders_.end() && at->second.account == query.account ? &at->second : nullptr;
    };
    if (query.after_order) {
      const OrderRow* const other = known(*query.after_order);
      if (other == nullptr || place(order) <= place(*other)) return false;
    }
    if (query.before_order) {
      const OrderRow* const other = known(*query.before_order);
      if (other == nullptr || place(order) >= place(*other)) return false;
    }
    return order.account == query.account && (!query.open || order.open == *query.open) &&
           (query.symbols.empty() || std::find(query.symbols.begin(), query.symbols.end(),
                                               order.symbol) != query.symbols.end()) &&
           (!query.side || order.side == *query.side) &&
           (!query.after || order.submitted > *query.after) &&
           (!query.until || order.submitted < *query.until) &&
           (query.with_legs || order.parent.value() == 0);
  }

  void CompareFills(base::Random& random) {
    FillQuery query{.account = SomeAccount(random)};
    if (random.Below(2) == 0) query.symbol = SomeSymbol(random);
    if (random.Below(3) == 0) query.from = SomeTime(random);
    if (random.Below(3) == 0) query.to = SomeTime(random);
    if (random.Below(3) == 0) query.after_number = random.Below(last_fill_ + 2);
    query.descending = random.Below(2) == 0;
    query.limit = random.Below(20);
    query.offset = random.Below(4) == 0 ? random.Below(20) : 0;
    List all;
    for (const auto& [number, fill] : fills_) {
      if (fill.account != query.account || (query.symbol && fill.symbol != *query.symbol) ||
          (query.from && fill.time < *query.from) || (query.to && fill.time > *query.to)) {
        continue;
      }
      const auto after = query.after_number;
      if (after && (query.descending ? number >= *after : number <= *after)) continue;
      all.push_back(number);
    }
    ASSERT_EQ(Got(reader_->CountFills(query)), all.size());
    if (query.descending) std::reverse(all.begin(), all.end());
    all.erase(all.begin(), all.begin() + static_cast<long>(std::min(query.offset, all.size())));
    if (all.size() > query.limit) all.resize(query.limit);
    ASSERT_EQ(Numbers(query), all);
  }

  void CompareEquity(base::Random& random) {
    EquityQuery query{.account = SomeAccount(random), .bucket = seconds(1 + random.Below(200))};
    if (random.Below(2) == 0) query.from = kNoon + seconds(random.Below(3600));
    if (random.Below(2) == 0) query.to = kNoon + seconds(random.Below(3600));
    query.limit = random.Below(60);
    std::map<int64_t, std::pair<base::WallTime, base::Amount>> buckets;
    for (const auto& [key, equity] : points_) {
      const auto& [account, time] = key;
      if (account != query.account || (query.from && time < *query.from) ||
          (query.to && time > *query.to)) {
        continue;
      }
      buckets[BucketStart(Nanoseconds(time), query.bucket.count())] = {time, equity};
    }
    while (buckets.size() > query.limit) buckets.erase(buckets.begin());
    const auto found = Got(reader_->Equity(query));
    ASSERT_EQ(found.size(), buckets.size());
    size_t at = 0;
    for (const auto& [begins, point] : buckets) {
      ASSERT_EQ(found[at].time, point.first);
      ASSERT_EQ(found[at++].equity, point.second);
    }
  }

  void CompareRest() {
    ASSERT_EQ(store_->through(), through_);
    ASSERT_EQ(Got(store_->LastOrder()).value(), last_order_);
    ASSERT_EQ(Got(store_->LastFill()), last_fill_);
    std::map<std::string, uint64_t> accounts;
    for (const AccountRow& row : Got(store_->Accounts())) accounts[row.account] = row.through;
    ASSERT_EQ(accounts, accounts_);
    std::map<model::OrderId, std::string> names, expected;
    ASSERT_TRUE(store_->ForEachClientId(
        [&](std::string_view account, std::string_view name, model::OrderId order) {
          names[order] = std::string(account) + std::string(name);
        }));
    for (const auto& [id, order] : orders_) {
      if (!order.client_id.empty()) expected[id] = order.account + order.client_id;
    }
    ASSERT_EQ(names, expected);
  }

  void Step(base::Random& random) {
    const uint64_t what = random.Below(20);
    if (what < 12) {
      const Batch batch = NextBatch(random);
      Write(batch);
      if (random.Below(4) == 0) Write(batch);
      if (random.Below(6) == 0) Crash();
      if (random.Below(6) == 0) Write(batch);
    } else if (what == 12) {
      CutBack(random.Below(4) == 0 ? random.Below(seq_ + 1) : seq_ - random.Below(seq_ / 20 + 1));
    } else if (what == 13) {
      Thin(kNoon + hours(24) + seconds(random.Below(4000)));
    } else if (what == 14) {
      Reopen();
    } else {
      CompareOrders(random);
      CompareFills(random);
      CompareEquity(random);
    }
  }

  std::map<model::OrderId, OrderRow> orders_;
  std::map<uint64_t, FillRow> fills_;
  std::map<std::pair<std::string, base::WallTime>, base::Amount> points_;
  std::map<std::string, uint64_t> accounts_;
  uint64_t seq_ = 1, through_ = 0, last_order_ = 0, last_fill_ = 0;
};

class StoreModelRun : public StoreModel, public testing::WithParamInterface<uint64_t> {};

TEST_P(StoreModelRun, SaysWhatTheRowsInMemorySay) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  base::Random random(GetParam());
  for (int step = 0; step < 300; ++step) {
    Step(random);
    if (step % 25 == 24) CompareRest();
    ASSERT_FALSE(HasFatalFailure()) << "step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreModelRun, testing::Range(uint64_t{1}, uint64_t{6}));

}  // namespace
}  // namespace livetape::store
