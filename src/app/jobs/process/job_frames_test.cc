#include "app/jobs/process/job_frames.h"

#include <gtest/gtest.h>

#include <chrono>

namespace livetape::app {
namespace {

template <typename Frame>
Frame Read(const std::string& bytes) {
  FrameReader reader;
  reader.Add(bytes);
  auto frame = reader.Next();
  EXPECT_TRUE(frame && *frame) << (frame ? "not whole" : frame.error().message);
  EXPECT_TRUE(frame && *frame && std::holds_alternative<Frame>(**frame));
  return std::get<Frame>(*std::move(*frame));
}

model::JobEnd SomeEnd() {
  model::JobEnd end{.state = model::JobState::kCompleted, .message = "3 bars", .records = 3};
  end.members = R"("results":{})";
  end.result = R"({"a":1})";
  end.curve = {{base::WallTime(std::chrono::seconds(5)), 1.5},
               {base::WallTime(std::chrono::seconds(6)), -2}};
  return end;
}

TEST(JobFrames, AnOrderComesAsItWas) {
  const auto order =
      Read<JobOrder>(FrameOf(JobOrder{model::JobKind::kTraining, "id", "{\"x\":1}"}));
  EXPECT_EQ(order.kind, model::JobKind::kTraining);
  EXPECT_EQ(order.id, "id");
  EXPECT_EQ(order.request, "{\"x\":1}");
}

TEST(JobFrames, ProgressComesAsItWas) {
  const auto progress = Read<JobProgress>(FrameOf(JobProgress{42.5, 7, "half", "\"a\":1"}));
  EXPECT_EQ(progress.percent, 42.5);
  EXPECT_EQ(progress.records, 7U);
  EXPECT_EQ(progress.message, "half");
  EXPECT_EQ(progress.members, "\"a\":1");
}

TEST(JobFrames, BarsComeAsTheyWere) {
  jobs::BarBatch batch{.symbol = "BTC/USD",
                       .timeframe = model::Timeframe::k1h,
                       .asset_class = model::AssetClass::kCrypto};
  model::Bar bar{};
  bar.start = base::WallTime(std::chrono::hours(3));
  bar.trades = 9;
  batch.bars = {bar, bar};
  const auto read = Read<jobs::BarBatch>(FrameOf(batch));
  EXPECT_EQ(read.symbol, "BTC/USD");
  EXPECT_EQ(read.timeframe, model::Timeframe::k1h);
  EXPECT_EQ(read.asset_class, model::AssetClass::kCrypto);
  ASSERT_EQ(read.bars.size(), 2U);
  EXPECT_EQ(read.bars[1].start, bar.start);
  EXPECT_EQ(read.bars[1].trades, 9U);
}

TEST(JobFrames, RowsComeAsTheyWere) {
  const auto read = Read<model::ResultRows>(
      FrameOf(model::ResultRows{.name = "trades", .first = 7, .rows = {"{}", "{\"b\":2}"}}));
  EXPECT_EQ(read.name, "trades");
  EXPECT_EQ(read.first, 7U);
  EXPECT_EQ(read.rows, (std::vector<std::string>{"{}", "{\"b\":2}"}));
}

TEST(JobFrames, AnEndComesAsItWas) {
  const auto end = Read<model::JobEnd>(FrameOf(SomeEnd()));
  EXPECT_EQ(end.state, model::JobState::kCompleted);
  EXPECT_EQ(end.message, "3 bars");
  EXPECT_EQ(end.records, 3U);
  EXPECT_EQ(end.members, R"("results":{})");
  EXPECT_EQ(end.result, R"({"a":1})");
  ASSERT_EQ(end.curve.size(), 2U);
  EXPECT_EQ(end.curve[1].value, -2);
}

TEST(JobFrames, ComeInAnyPieces) {
  const std::string bytes = FrameOf(JobProgress{1, 2, "three", ""}) + FrameOf(SomeEnd());
  FrameReader reader;
  size_t frames = 0;
  for (const char byte : bytes) {
    reader.Add({&byte, 1});
    const auto frame = reader.Next();
    ASSERT_TRUE(frame);
    frames += *frame ? 1 : 0;
  }
  EXPECT_EQ(frames, 2U);
}

TEST(JobFrames, OtherBytesAreAnError) {
  for (const std::string& bytes :
       {std::string("\x09\0\0\0\0", 5), std::string("\x01\xff\xff\xff\xff", 5),
        std::string("\x04\x02\0\0\0ab", 7), std::string("Segmentation fault")}) {
    FrameReader reader;
    reader.Add(bytes);
    EXPECT_FALSE(reader.Next()) << bytes;
  }
}

TEST(JobFrames, EveryDamagedByteIsAnErrorOrAnotherFrame) {
  const std::string rows =
      FrameOf(model::ResultRows{.name = "trades", .first = 7, .rows = {"{}", "{\"b\":2}"}});
  for (const std::string& whole : {FrameOf(SomeEnd()), rows}) {
    for (size_t at = 0; at < whole.size(); ++at) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
      FrameReader reader;
      reader.Add(bytes);
      // It must only neither crash nor take more memory than there are bytes.
      if (const auto frame = reader.Next(); frame && *frame) {
        const char kind = static_cast<char>((*frame)->index() + 1);
        EXPECT_TRUE(kind == whole[0] || at < 5) << at;
      }
    }
  }
}

}  // namespace
}  // namespace livetape::app
