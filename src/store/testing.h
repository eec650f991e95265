#pragma once

// StoreFixture: a store in a folder of its own that can crash, lose its disk and be opened again.
// For tests.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/temporary_folder.h"
#include "metrics/registry.h"
#include "sqlite/fault_vfs.h"
#include "store/store.h"
#include "store/store_file.h"

namespace livetape::store {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

inline constexpr base::WallTime kNoon{hours(500'004)};

using base::TemporaryFolder;

// The value of a result that must be one.
template <typename Value>
Value Got(base::Result<Value> result) {
  EXPECT_TRUE(result) << result.error().message;
  return result ? *std::move(result) : Value{};
}

inline OrderRow SomeOrder(uint64_t id, std::string account = "a") {
  return {.id = model::OrderId(id),
          .seq = id,
          .account = std::move(account),
          .symbol = "BTC",
          .submitted = kNoon + seconds(id),
          .client_id = "name-" + std::to_string(id),
          .json = "{\"id\":" + std::to_string(id) + "}"};
}
inline FillRow SomeFill(uint64_t number, std::string account = "a") {
  return {.number = number,
          .seq = number,
          .order = model::OrderId(number + 100),
          .account = std::move(account),
          .symbol = "BTC",
          .time = kNoon + seconds(number),
          .quantity = base::Quantity::FromUnits(1'500'000'000),
          .price = base::Price::FromUnits(100'000'000'000),
          .explain = "{}"};
}
inline EquityPoint SomePoint(base::WallTime time, int units = 1, std::string account = "a") {
  return {.account = std::move(account),
          .time = time,
          .equity = base::Amount::FromUnits(units),
          .cash = base::Amount::FromUnits(-units),
          .drawdown = -0.1 * units};
}

class StoreFixture : public testing::Test {
 protected:
  StoreFixture() : path_(folder_.path() / "data") { Open(); }

  base::Result<std::unique_ptr<Store>> TryOpen() {
    return Store::Open({.folder = path_, .vfs = disk_.name()}, metrics_);
  }
  void Open() {
    auto opened = TryOpen();
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
    auto connection = OpenToRead(file(), disk_.name());
    ASSERT_TRUE(connection) << connection.error().message;
    reader_.emplace(*std::move(connection));
  }
  void Close() {
    reader_.reset();
    store_.reset();
  }
  void Reopen() {
    Close();
    Open();
  }
  // What is in the folder now is what the next process finds.
  void Crash() {
    const auto image = folder_.path() / ("crash-" + std::to_string(++crashes_));
    std::filesystem::create_directory(image);
    for (const char* const name : {"store.db", "store.db-wal"}) {
      if (std::filesystem::exists(path_ / name)) {
        std::filesystem::copy_file(path_ / name, image / name);
      }
    }
    Close();
    path_ = image;
    Open();
  }
  std::filesystem::path file() const { return StoreFile(path_); }

  void Write(const Batch& batch) {
    const auto written = store_->Write(batch);
    ASSERT_TRUE(written) << written.error().message;
  }
  std::vector<uint64_t> Ids(const OrderQuery& query) {
    std::vector<uint64_t> ids;
    for (const OrderRow& order : Got(reader_->Orders(query))) ids.push_back(order.id.value());
    return ids;
  }
  std::vector<uint64_t> Numbers(const FillQuery& query) {
    std::vector<uint64_t> numbers;
    for (const FillRow& fill : Got(reader_->Fills(query))) numbers.push_back(fill.number);
    return numbers;
  }
  // Times of the points of account "a", in seconds from noon.
  std::vector<int64_t> Points(nanoseconds bucket = seconds(1)) {
    std::vector<int64_t> times;
    const EquityQuery query{.account = "a", .bucket = bucket, .limit = 1'000'000};
    for (const EquityPoint& point : Got(reader_->Equity(query))) {
      times.push_back((point.time - kNoon) / seconds(1));
    }
    return times;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_;
  sqlite::FaultVfs disk_{"store-faults"};
  metrics::Registry metrics_;
  std::unique_ptr<Store> store_;  // these two go first
  std::optional<Reader> reader_;

 private:
  int crashes_ = 0;
};

}  // namespace livetape::store
