#include "app/jobs/import_job.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/temporary_folder.h"

namespace livetape::app {
namespace {

constexpr std::string_view kDays =
    "date,price\n"
    "2020-01-01,100\n"
    "2020-01-02,101\n";

class CountingSink final : public jobs::BarSink {
 public:
  base::Result<void> Take(jobs::BarBatch batch) override {
    bars += batch.bars.size();
    return {};
  }
  size_t bars = 0;
};

class ImportJobTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directory(uploads()); }
  std::filesystem::path uploads() const { return UploadsFolder(folder_.path()); }
  // What has been sent, as it lies there, and the job that reads it.
  void Lies(std::string_view bytes) const {
    std::ofstream(uploads() / "u", std::ios::binary) << bytes;
  }
  bool lies() const { return std::filesystem::exists(uploads() / "u"); }
  static model::Job Import() {
    return {.id = "one",
            .kind = model::JobKind::kImport,
            .request = fmt::format(
                R"({{"symbol":"A","timeframe":"1d","format":"auto","asset_class":"us_equity",)"
                R"("day":"","file_name":"days.csv","bytes":{},"upload":"u"}})",
                kDays.size())};
  }
  model::JobEnd Run() {
    jobs::JobContext context(
        Import(), {}, [](const model::Job&, const std::string&) {},
        [](const model::ResultRows&) { return base::Fail("imports keep no rows"); }, clock_);
    return RunImportJob(context, {.folder = folder_.path(), .clock = clock_}, sink_);
  }

  const base::TemporaryFolder folder_;
  base::ManualClock clock_{base::WallTime(std::chrono::hours(500'000))};
  CountingSink sink_;
};

TEST_F(ImportJobTest, TakesWhatWasSent) {
  Lies(kDays);
  EXPECT_EQ(Run().state, model::JobState::kCompleted);
  EXPECT_EQ(sink_.bars, 2);
}

TEST_F(ImportJobTest, AFileThatIsCutOffIsNotTakenForTheWhole) {
  Lies(kDays.substr(0, kDays.size() - 15));
  const model::JobEnd end = Run();
  EXPECT_EQ(end.state, model::JobState::kFailed);
  EXPECT_EQ(end.message,
            "of the 41 bytes that were sent the disk has 26 left: send the file again");
  EXPECT_EQ(sink_.bars, 0);
  EXPECT_FALSE(lies());
}

TEST_F(ImportJobTest, TheFileGoesWithTheJob) {
  Lies(kDays);
  model::Job backtest = Import();
  backtest.kind = model::JobKind::kBacktest;
  RemoveUpload(uploads(), backtest);
  EXPECT_TRUE(lies());
  RemoveUpload(uploads(), Import());
  EXPECT_FALSE(lies());
}

}  // namespace
}  // namespace livetape::app
