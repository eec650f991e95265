// livetape-store-bench FOLDER: what the store alone does on the disk of FOLDER, which is made and
// must not exist. Prints one line a measurement.
//
//   write              1,000,000 orders, each in two forms (new, filled), and their fills, in batches
//                      of 500 orders: both forms in one batch, as of market orders, or in two
//   open, client ids   a start with them
//   queries            pages of the largest account, which has half of all; the median of many

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "metrics/registry.h"
#include "store/store.h"
#include "store/store_file.h"

namespace {

using namespace livetape;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr uint64_t kOrders = 1'000'000, kOrdersInBatch = 500;
constexpr int kAccounts = 101;  // the first has half of all
constexpr base::WallTime kBegin{std::chrono::hours(500'000)};

template <typename Value>
Value Must(base::Result<Value> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}
void Must(const base::Result<void>& result) {
  if (result) return;
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

class Bench {
 public:
  Bench(std::filesystem::path folder, bool named) : folder_(std::move(folder)), named_(named) {}

  // `resting`: an order is filled with the batch behind the one in which it is new.
  void MeasureWrite(bool resting) {
    auto store = Open();
    std::vector<double> took;
    const auto began = clock_.Mono();
    uint64_t rows = 0;
    for (uint64_t id = 1; id <= kOrders; id += kOrdersInBatch) {
      const uint64_t filled = resting ? id - kOrdersInBatch : id;
      store::Batch batch{.through = 2 * (id + kOrdersInBatch)};
      for (uint64_t i = 0; i < kOrdersInBatch; ++i) {
        batch.orders.push_back(OrderOf(id + i, true));
        if (!resting || id > 1) batch.orders.push_back(OrderOf(filled + i, false));
        batch.fills.push_back(FillOf(id + i));
      }
      rows += batch.orders.size() + batch.fills.size();
      const auto start = clock_.Mono();
      Must(store->Write(batch));
      took.push_back(Seconds(start));
    }
    const double all = Seconds(began);
    std::sort(took.begin(), took.end());
    fmt::print("write, {}, {}: {:.0f} rows/s ({:.1f} s); a batch {:.1f} ms, p99 {:.1f} ms\n",
               resting ? "resting orders" : "market orders",
               named_ ? "random client ids" : "no client ids", static_cast<double>(rows) / all, all,
               took[took.size() / 2] * 1e3, took[took.size() * 99 / 100] * 1e3);
  }

  void MeasureEquity() {
    auto store = Open();
    store::Batch batch;
    for (int i = 0; i < 3 * 86'400; ++i) {
      batch.points.push_back({.account = "account-0",
                              .time = kBegin + seconds(i),
                              .equity = base::Amount::FromUnits(base::Int128{i} * 1'000'003),
                              .cash = base::Amount::FromUnits(base::Int128{i} * 7),
                              .drawdown = -0.01});
    }
    auto start = clock_.Mono();
    Must(store->Write(batch));
    fmt::print("equity: {:.0f} points/s\n",
               static_cast<double>(batch.points.size()) / Seconds(start));
    start = clock_.Mono();
    int calls = 1;
    while (Must(store->ThinEquity(kBegin + std::chrono::hours(48)))) ++calls;
    fmt::print("thinning a day of points: {} calls, {:.2f} ms each\n", calls,
               Seconds(start) * 1e3 / calls);
  }

  void MeasureOpen() {
    const auto start = clock_.Mono();
    auto store = Open();
    fmt::print("open: {:.1f} ms, {:.0f} MB\n", Seconds(start) * 1e3,
               static_cast<double>(std::filesystem::file_size(store::StoreFile(folder_))) / 1e6);
    const auto scan = clock_.Mono();
    uint64_t count = 0, bytes = 0;
    Must(store->ForEachClientId([&](std::string_view, std::string_view name, model::OrderId) {
      ++count;
      bytes += name.size();
    }));
    fmt::print("client ids: {} of {} bytes in {:.0f} ms\n", count, bytes, Seconds(scan) * 1e3);
  }

  void MeasureQueries() {
    store::Reader reader(Must(store::OpenToRead(store::StoreFile(folder_), "")));
    auto store = Open();
    const std::string account = "account-0";
    store::OrderQuery orders{.account = account};
    Time("50 newest orders", 200, [&] { return Must(reader.Orders(orders)).size(); });
    orders.open = true;
    Time("50 newest open orders", 200, [&] { return Must(reader.Orders(orders)).size(); });
    orders.open = false;
    orders.until = kBegin + seconds(kOrders / 2);
    Time("50 closed orders before a time", 200, [&] { return Must(reader.Orders(orders)).size(); });
    orders = {.account = account, .symbols = {"SYM7"}, .limit = 500};
    Time("500 newest of a symbol", 50, [&] { return Must(reader.Orders(orders)).size(); });
    orders.symbols = {"NONE"};
    Time("orders of a symbol without any", 200, [&] { return Must(reader.Orders(orders)).size(); });
    orders = {.account = "account-1", .side = model::Side::kSell};
    Time("orders of a side without any, of 5,000", 20,
         [&] { return Must(reader.Orders(orders)).size(); });
    orders = {.account = account, .side = model::Side::kSell};
    Time("orders of a side without any, of 500,000", 5,
         [&] { return Must(reader.Orders(orders)).size(); });
    Time("an order by client id", 200, [&] {
      return Must(reader.OrderByClientId(account, ClientId(1000))).has_value() ? 1u : 0u;
    });
    store::FillQuery fills{.account = account};
    Time("50 newest fills", 200, [&] { return Must(reader.Fills(fills)).size(); });
    Time("count of fills", 200, [&] { return Must(reader.CountFills(fills)); });
    fills.offset = 100'000;
    Time("50 fills behind 100,000", 20, [&] { return Must(reader.Fills(fills)).size(); });
    fills = {.account = account, .symbol = "SYM7"};
    Time("count of fills of a symbol", 5, [&] { return Must(reader.CountFills(fills)); });
    fills = {.account = account, .to = kBegin};
    Time("fills of the oldest day, newest first", 5,
         [&] { return Must(reader.Fills(fills)).size(); });
    const store::EquityQuery day{.account = account,
                                 .from = kBegin + std::chrono::hours(48),
                                 .to = kBegin + std::chrono::hours(72),
                                 .bucket = std::chrono::minutes(1),
                                 .limit = 2000};
    Time("equity of a day by the minute", 50, [&] { return Must(reader.Equity(day)).size(); });
  }

  void MeasureCutBack() {
    auto store = Open();
    const auto start = clock_.Mono();
    Must(store->CutBack(2 * kOrders - 1000));
    fmt::print("cut back by 1,000 records: {:.0f} ms\n", Seconds(start) * 1e3);
  }

 private:
  std::string Account(uint64_t id) const {
    return fmt::format("account-{}", id % 2 == 0 ? 0 : 1 + (id / 2) % (kAccounts - 1));
  }
  std::string ClientId(uint64_t id) const {
    if (!named_) return "";
    base::Random random(id);
    return fmt::format("{:016x}-{:016x}", random.Next(), id);
  }
  store::OrderRow OrderOf(uint64_t id, bool open) const {
    const std::string client_id = ClientId(id);
    return {.id = model::OrderId(id),
            .seq = 2 * id + (open ? 0 : 1),
            .account = Account(id),
            .symbol = fmt::format("SYM{}", id / 2 % 20),
            .open = open,
            .submitted = kBegin + seconds(id),
            .client_id = client_id,
            .json = json_};
  }
  store::FillRow FillOf(uint64_t id) const {
    return {.number = id,
            .seq = 2 * id,
            .order = model::OrderId(id),
            .account = Account(id),
            .symbol = fmt::format("SYM{}", id / 2 % 20),
            .time = kBegin + seconds(id),
            .quantity = base::Quantity::FromUnits(1'500'000'000),
            .price = base::Price::FromUnits(61'837'630'000'000),
            .fee = base::Amount::FromUnits(base::Int128{123'456'789} * 1'000'000'000),
            .realized = base::Amount::FromUnits(base::Int128{-987'654'321} * 1'000'000'000),
            .explain = explain_};
  }
  std::unique_ptr<store::Store> Open() {
    return Must(store::Store::Open({.folder = folder_, .vfs = ""}, metrics_));
  }
  double Seconds(base::MonoTime began) const {
    return std::chrono::duration<double>(clock_.Mono() - began).count();
  }
  void Time(const std::string& name, int times, const std::function<uint64_t()>& query) const {
    std::vector<double> took;
    uint64_t result = 0;
    for (int i = 0; i < times; ++i) {
      const auto start = clock_.Mono();
      result = query();
      took.push_back(Seconds(start));
    }
    std::sort(took.begin(), took.end());
    fmt::print("{}: {:.3f} ms (first {}, most {:.3f} ms)\n", name, took[took.size() / 2] * 1e3,
               result, took.back() * 1e3);
  }

  const std::filesystem::path folder_;
  const bool named_;
  const std::string json_ = std::string(900, 'j'), explain_ = std::string(120, 'e');
  const base::RealClock clock_;
  metrics::Registry metrics_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || std::filesystem::exists(argv[1])) {
    fmt::print(stderr, "usage: livetape-store-bench FOLDER (which does not exist yet)\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  Bench(folder / "market", false).MeasureWrite(false);
  Bench(folder / "market-named", true).MeasureWrite(false);
  Bench(folder / "resting", false).MeasureWrite(true);
  Bench bench(folder / "resting-named", true);
  bench.MeasureWrite(true);
  bench.MeasureEquity();
  bench.MeasureOpen();
  bench.MeasureQueries();
  bench.MeasureCutBack();
  return 0;
}
