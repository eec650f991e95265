#include "jobs/training/dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "jobs/training/sample_bars.h"

namespace livetape::jobs {
namespace {

constexpr uint64_t kSeed = 77;

base::Result<std::optional<Dataset>> Read(const std::vector<std::vector<model::Bar>>& bars,
                                          const DatasetSpec& spec = {},
                                          const std::stop_token& stop = {}) {
  std::vector<BarsInMemory> readers(bars.begin(), bars.end());
  std::vector<TrainingSymbol> symbols;
  for (BarsInMemory& reader : readers) {
    symbols.push_back({std::string(1, static_cast<char>('A' + symbols.size())), &reader});
  }
  return ReadDataset(spec, symbols, stop);
}
Dataset DatasetOf(const std::vector<std::vector<model::Bar>>& bars, const DatasetSpec& spec = {}) {
  auto data = Read(bars, spec);
  EXPECT_TRUE(data && *data) << (data ? "stopped" : data.error().message);
  return **data;
}

TEST(Dataset, EveryBarAfterTheWarmUpButTheLastIsASample) {
  const std::vector<model::Bar> bars = RandomWalk(250, kSeed);
  const Dataset data = DatasetOf({bars});
  // 200 have features and a next bar; the one that straddles the split is in neither part.
  ASSERT_EQ(data.samples.size(), 199);
  EXPECT_EQ(data.training().size(), 159);
  EXPECT_EQ(data.validation().size(), 40);
  EXPECT_EQ(data.bars, 250);
  EXPECT_EQ(data.first, bars.front().start);
  EXPECT_EQ(data.last, bars.back().start);
  FeatureWindow window;
  size_t sample = 0;
  for (size_t i = 0; i + 1 < bars.size(); ++i) {
    window.Add(bars[i]);
    if (!window.full() || bars[i + 1].start == data.split) continue;
    const Sample& found = data.samples.at(sample++);
    EXPECT_EQ(found.time, bars[i].start);
    EXPECT_EQ(found.known_at, bars[i + 1].start);
    EXPECT_EQ(found.up, bars[i + 1].close > bars[i].close);
    EXPECT_EQ(found.features, window.Row());
  }
}

TEST(Dataset, IsSplitAtOneMomentForAllSymbols) {
  std::vector<model::Bar> other = RandomWalk(400, kSeed + 1);
  other.erase(other.begin(), other.begin() + 100);
  std::erase_if(other, [](const model::Bar& bar) {
    return bar.start.time_since_epoch() / std::chrono::days(1) % 3 == 0;
  });
  const Dataset data = DatasetOf({RandomWalk(300, kSeed), other}, {.range = {}, .validation = 0.3});
  const auto order = [](const Sample& sample) { return std::tuple(sample.time, sample.symbol); };
  EXPECT_TRUE(std::ranges::is_sorted(data.samples, std::less(), order));
  for (const Sample& sample : data.training()) EXPECT_LT(sample.known_at, data.split);
  for (const Sample& sample : data.validation()) EXPECT_GE(sample.time, data.split);
  const double share =
      static_cast<double>(data.validation().size()) / static_cast<double>(data.samples.size());
  EXPECT_NEAR(share, 0.3, 0.02);
  for (const uint32_t symbol : {0U, 1U}) {
    EXPECT_TRUE(std::ranges::count(data.training(), symbol, &Sample::symbol) > 0) << symbol;
    EXPECT_TRUE(std::ranges::count(data.validation(), symbol, &Sample::symbol) > 0) << symbol;
  }
}

TEST(Dataset, TrainingDoesNotKnowWhatComesAfterTheSplit) {
  const std::vector<model::Bar> bars = RandomWalk(250, kSeed);
  const Dataset data = DatasetOf({bars});
  std::vector<model::Bar> changed = bars;
  for (model::Bar& bar : changed) {
    if (bar.start < data.split) continue;
    bar.close = bar.low;
    bar.volume = {};
  }
  const Dataset after = DatasetOf({changed});
  EXPECT_EQ(after.split, data.split);
  EXPECT_TRUE(std::ranges::equal(
      data.training(), after.training(),
      [](const Sample& a, const Sample& b) { return a.features == b.features && a.up == b.up; }));
  EXPECT_NE(data.validation()[5].features, after.validation()[5].features);
  EXPECT_NE(data.hash, after.hash);
}

TEST(Dataset, ReadsOnlyItsRange) {
  const std::vector<model::Bar> bars = RandomWalk(400, kSeed);
  const std::vector<model::Bar> some(bars.begin() + 100, bars.begin() + 300);
  const Dataset data =
      DatasetOf({bars}, {.range = {some.front().start, some.back().start}, .validation = 0.2});
  EXPECT_EQ(data.bars, 200);
  EXPECT_EQ(data.hash, DatasetOf({some}).hash);
}

TEST(Dataset, SaysWhatIsMissing) {
  EXPECT_EQ(Read({RandomWalk(80, kSeed)}).error().message,
            "too few bars: 80 from 2020-01-01T00:00:00.000000Z to 2020-03-20T00:00:00.000000Z make "
            "23 samples for training and 6 for validation, and at least 50 and 10 are needed (the "
            "first 50 bars of a symbol make none)");
  EXPECT_EQ(Read({std::vector<model::Bar>{}}).error().message,
            "A has no bars from the beginning to the end");
  std::vector<model::Bar> bars = RandomWalk(200, kSeed);
  bars[77].low = {};
  EXPECT_EQ(Read({bars}).error().message,
            "the bar of A at 2020-03-18T00:00:00.000000Z has prices that are not positive, too "
            "high, or not between low and high");
  EXPECT_FALSE(Read({RandomWalk(20, kSeed)}));
}

TEST(Dataset, CanBeStopped) {
  std::stop_source source;
  source.request_stop();
  const auto data = Read({RandomWalk(10'000, kSeed)}, {}, source.get_token());
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_FALSE(*data);
}

}  // namespace
}  // namespace livetape::jobs
