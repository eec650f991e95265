#include "app/source_agent.h"

#include <gtest/gtest.h>

#include <deque>

#include "app/paper/paper_fixture.h"

// What is taken before a start has restored the accounts.

namespace livetape::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// Tells of one share, and then of its first trade. Each event takes a tenth of a second to be made.
class SlowSource final : public market::Source {
 public:
  SlowSource(base::ManualClock& clock, base::WallTime first) : clock_(clock) {
    events_.push_back({{}, model::InstrumentListed{{"AAPL", model::AssetClass::kUsEquity}}});
    events_.push_back({first, model::TradeTick{model::InstrumentId(0), Hundred(), {}}});
  }
  base::Result<bool> Next(model::MarketEvent& event) override {
    clock_.Advance(milliseconds(100));
    if (events_.empty()) return false;
    event = std::move(events_.front());
    events_.pop_front();
    return true;
  }

 private:
  static base::Price Hundred() { return *base::Price::Parse("100"); }

  base::ManualClock& clock_;
  std::deque<model::MarketEvent> events_;
};

class SourceAgentTest : public PaperFixture {
 protected:
  ~SourceAgentTest() override { agent_.reset(); }

  // The next start has a source whose first live event is then.
  void StartWith(base::WallTime first) {
    agent_.reset();
    Crash();
    first_ = first;
    Start();
  }
  void StartWithRecording(std::string_view first) {
    time_is_wall_ = false;
    config_.market.source.kind = config::SourceSpec::Kind::kReplay;
    config_.server.data_dir = (folder_.path() / "recorded").string();
    StartWith(*base::ParseRfc3339(first));
  }
  void Prepare() override {
    if (!first_) return;
    agent_ =
        std::make_unique<SourceAgent>(std::make_unique<SlowSource>(clock_, *first_),
                                      market::Pacer(clock_, 1), *floor_, log_, *metrics_, [] {});
    ASSERT_TRUE(agent_->Prepare());
  }
  const floor::TradingFloor& Floor() const { return paper_->floor().floor(); }
  size_t OpenOrders() const {
    return Floor().OpenOrders(*paper_->floor().FindAccount("paper")).size();
  }

  std::optional<base::WallTime> first_;
  std::unique_ptr<SourceAgent> agent_;
};

TEST_F(SourceAgentTest, ADayThatEndedWhileItWasDownEndsAfterTheStart) {
  Price("AAPL", "100");
  Place(model::Side::kBuy, "1", "AAPL", "50");
  Pass(milliseconds(1000));
  EXPECT_EQ(OpenOrders(), 1U);
  clock_.Advance(hours(1));  // past midnight
  StartWith(clock_.Wall());
  Pass(milliseconds(50));
  EXPECT_EQ(OpenOrders(), 0U) << "it was for the day";
}

TEST_F(SourceAgentTest, ARecordedClockBeginsWithTheRecordingHoweverLongThatTakes) {
  StartWithRecording("2024-08-08T15:00:00Z");
  EXPECT_EQ(base::FormatRfc3339(Floor().now()), "2024-08-08T15:00:00.000000Z");
  EXPECT_EQ(warnings_, std::vector<std::string>());
}

TEST_F(SourceAgentTest, ARecordingThatIsToldAgainHasItsTimesAgain) {
  StartWithRecording("2024-08-08T15:00:00Z");
  const base::WallTime begin = *first_;
  ASSERT_TRUE(floor_->Push(
      {begin, model::TradeTick{model::InstrumentId(0), *base::Price::Parse("100"), {}}}));
  ASSERT_TRUE(
      floor_->Push({begin + hours(12),
                    model::TradeTick{model::InstrumentId(0), *base::Price::Parse("100"), {}}}));
  Pass(milliseconds(50));
  Place(model::Side::kBuy, "1", "AAPL", "50");
  Pass(milliseconds(1000));
  EXPECT_EQ(Floor().now(), begin + hours(12));
  StartWith(begin);
  EXPECT_EQ(Floor().now(), begin);
  EXPECT_EQ(OpenOrders(), 1U);
}

}  // namespace
}  // namespace livetape::app
