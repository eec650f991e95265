#include <algorithm>
#include <array>

#include "base/random.h"
#include "floor/floor_fixture.h"
#include "floor/floor_witness.h"

namespace livetape::floor {
namespace {

class BarPathTest : public FloorFixture {
 protected:
  BarPathTest() { Bar("100", "100", "100", "100"); }

  void BarOpen(std::string_view open) { floor_.OnBarOpen(time_, aapl_, P(open)); }
  void BarRest(std::string_view open, std::string_view high, std::string_view low,
               std::string_view close) {
    model::Bar bar;
    bar.open = P(open);
    bar.high = P(high);
    bar.low = P(low);
    bar.close = P(close);
    floor_.OnBarRest(time_, aapl_, bar);
  }
  void Bar(std::string_view open, std::string_view high, std::string_view low,
           std::string_view close) {
    Later(60);
    BarOpen(open);
    BarRest(open, high, low, close);
  }
  std::string Mark() const { return floor_.quotes().Find(aapl_)->price.ToString(); }
};

TEST_F(BarPathTest, MarketOrdersAfterTheOpenFillThere) {
  Later(60);
  BarOpen("101");
  Place(Wish::Buy("10"));
  EXPECT_EQ(Told(), "1 new; 1 fill 10@101");
  EXPECT_EQ(last_.fill.model, FillModel::kBar);
  BarRest("101", "110", "90", "105");
  EXPECT_EQ(Mark(), "105");
}

TEST_F(BarPathTest, LimitsFillAtTheirLimitAndGapsAtTheOpen) {
  Place(Wish::Buy("1").Limit("95"));
  Told();
  Bar("99", "102", "94", "101");
  EXPECT_EQ(Told(), "1 fill 1@95");
  EXPECT_TRUE(last_.fill.maker);
  EXPECT_EQ(last_.fill.model, FillModel::kBar);
  Place(Wish::Buy("1").Limit("95"));
  Told();
  Bar("93", "102", "92", "101");
  EXPECT_EQ(Told(), "2 fill 1@93");
}

TEST_F(BarPathTest, StopsFillAtTheStopWithSlippageAndGapsAtTheOpen) {
  Set([](AccountSettings& settings) { settings.slippage_bps = D("100"); });
  Place(Wish::Buy("1").Stop("105"));
  Told();
  Bar("101", "110", "100", "102");
  EXPECT_EQ(Told(), "1 fill 1@106.05");
  Place(Wish::Sell("1").Stop("95"));
  Told();
  Bar("90", "110", "89", "102");
  EXPECT_EQ(Told(), "2 fill 1@89.1");
}

TEST_F(BarPathTest, ARisingBarGoesDownFirst) {
  Place(Wish::Buy("1"));
  Place(Wish::Sell("1").Oco("110", "90"));
  Told();
  Bar("100", "120", "80", "101");
  EXPECT_EQ(Told(), "3 fill 1@90; 2 canceled");
}

TEST_F(BarPathTest, AFallingBarGoesUpFirst) {
  Place(Wish::Buy("1"));
  Place(Wish::Sell("1").Oco("110", "90"));
  Told();
  Bar("100", "120", "80", "99");
  EXPECT_EQ(Told(), "2 fill 1@110; 3 canceled");
}

TEST_F(BarPathTest, OrdersFillInTheOrderOfThePath) {
  Place(Wish::Buy("1").Limit("90"));
  Place(Wish::Buy("1").Stop("105"));
  Place(Wish::Buy("1").Limit("95"));
  Place(Wish::Buy("1").Stop("103"));
  Told();
  Bar("100", "120", "80", "101");
  EXPECT_EQ(Told(), "3 fill 1@95; 1 fill 1@90; 4 fill 1@103; 2 fill 1@105");
}

TEST_F(BarPathTest, ABracketMayBeginAndEndWithinABar) {
  Place(Wish::Buy("1").Limit("95").Bracket("115", "92"));
  Told();
  Bar("100", "120", "93", "101");
  EXPECT_EQ(Told(), "1 fill 1@95; 2 new; 3 new; 2 fill 1@115; 3 canceled");
  Place(Wish::Buy("1").Limit("95").Bracket("115", "92"));
  Told();
  Bar("100", "120", "80", "101");
  EXPECT_EQ(Told(), "4 fill 1@95; 5 new; 6 new; 6 fill 1@92; 5 canceled");
}

TEST_F(BarPathTest, ATrailingStopFollowsThePath) {
  Place(Wish::Buy("1"));
  Place(Wish::Sell("1").Trail("10"));
  Told();
  Bar("100", "120", "95", "111");
  EXPECT_EQ(Told(), "") << "down to 95, up to 120, and not down to 110";
  Bar("111", "130", "105", "106");
  EXPECT_EQ(Told(), "2 fill 1@120") << "130 less 10";
}

TEST_F(BarPathTest, AStopLimitThatIsTriggeredRestsAsALimit) {
  Place(Wish::Buy("1").Stop("105").Limit("104"));
  Told();
  Bar("100", "110", "99", "109");
  EXPECT_EQ(Told(), "") << "up to 110, never back to 104";
  Bar("109", "109", "100", "101");
  EXPECT_EQ(Told(), "1 fill 1@104");
}

TEST_F(BarPathTest, ABarWithoutItsOpenBeginsThere) {
  Place(Wish::Buy("1").Limit("95"));
  Told();
  BarRest("90", "91", "89", "91");
  EXPECT_EQ(Told(), "1 fill 1@90");
}

// Where nobody waits the floor goes to a bar's close in one step. One that asserts the accounting on
// every tick takes every step of the path: both must tell the same and end the same.
class BothWays {
 public:
  explicit BothWays(uint64_t seed) : random_(seed) {
    for (Witness* const w : {&brief_, &whole_}) {
      w->floor.OpenAccount(time_, Settings());
      w->floor.OpenAccount(time_, Settings());
    }
  }

  void Run() {
    for (int i = 0; i < 400; ++i) {
      time_ += std::chrono::minutes(random_.Below(200));
      const uint64_t what = random_.Below(10);
      if (what < 2) Order();
      if (what == 2) Each([this](TradingFloor& f) { f.OnSession(time_, SessionEvent::kDayRoll); });
      Bar(model::InstrumentId(static_cast<uint32_t>(random_.Below(2))));
      Compare();
    }
  }
  size_t events() const { return brief_.events.size(); }

 private:
  static AccountSettings Settings() {
    AccountSettings settings;
    settings.cash = A("100000");
    settings.fees.rate = D("0.001");
    settings.slippage_bps = D("3");
    return settings;
  }
  template <typename Act>
  void Each(Act act) {
    act(brief_.floor);
    act(whole_.floor);
  }
  int64_t Cents(int64_t around, int64_t reach) {
    const auto off = static_cast<int64_t>(random_.Below(static_cast<uint64_t>(2 * reach + 1)));
    return std::max<int64_t>(around + off - reach, 100);
  }
  static base::Price Price(int64_t cents) { return base::Price::FromUnits(cents * 10'000'000); }

  void Order() {
    OrderRequest request;
    request.instrument = model::InstrumentId(static_cast<uint32_t>(random_.Below(2)));
    request.side = random_.Below(2) == 0 ? model::Side::kBuy : model::Side::kSell;
    request.quantity = base::Quantity::FromUnits(static_cast<int64_t>(1 + random_.Below(50)) *
                                                 base::kDecimalScale);
    const uint64_t type = random_.Below(4);
    const base::Price price = Price(Cents(last_[request.instrument.value()], 300));
    if (type == 1) request.type = model::OrderType::kLimit, request.limit = price;
    if (type == 2) request.type = model::OrderType::kStop, request.stop = price;
    if (type == 3) request.type = model::OrderType::kTrailingStop, request.trail_price = Price(150);
    const model::AccountId account(static_cast<uint32_t>(random_.Below(2)));
    Each([&](TradingFloor& f) { (void)f.Place(time_, account, request); });
  }
  void Bar(model::InstrumentId id) {
    int64_t& last = last_[id.value()];
    const int64_t open = Cents(last, 60), close = Cents(open, 150);
    model::Bar bar;
    bar.open = Price(open);
    bar.close = Price(close);
    bar.high = Price(Cents(std::max(open, close) + 50, 50));
    bar.low = Price(std::min({open, close, Cents(std::min(open, close) - 50, 50)}));
    last = close;
    const bool told = random_.Below(3) > 0;
    Each([&](TradingFloor& f) {
      if (told) f.OnBarOpen(time_, id, bar.open);
      f.OnBarRest(time_, id, bar);
    });
  }
  static std::string Text(const model::Quote* q) {
    if (q == nullptr) return "none";
    std::string text = q->volume.ToString();
    for (const base::Price p : {q->price, q->bid, q->ask, q->reference}) text += " " + p.ToString();
    for (const base::Quantity s : {q->bid_size, q->ask_size}) text += " " + s.ToString();
    for (const base::WallTime t : {q->time, q->price_time}) text += " " + base::FormatRfc3339(t);
    return text;
  }
  void Compare() {
    std::vector<model::AccountId> one, other;
    brief_.floor.TakeChanged(time_, one);
    whole_.floor.TakeChanged(time_, other);
    ASSERT_EQ(one, other);
    for (uint32_t i = 0; i < 2; ++i) {
      const model::AccountId id(i);
      ASSERT_EQ(brief_.TextOf(id), whole_.TextOf(id));
      const Account &a = brief_.floor.account(id), &b = whole_.floor.account(id);
      ASSERT_EQ(a.equity(), b.equity());
      ASSERT_EQ(a.peak(), b.peak());
      ASSERT_EQ(a.max_drawdown(), b.max_drawdown());
      ASSERT_EQ(a.day_start(), b.day_start());
      const model::InstrumentId instrument(i);
      ASSERT_EQ(Text(brief_.floor.quotes().Find(instrument)),
                Text(whole_.floor.quotes().Find(instrument)));
    }
    ASSERT_EQ(brief_.events.size(), whole_.events.size());
    for (size_t i = compared_; i < brief_.events.size(); ++i) {
      ASSERT_EQ(WholeText(brief_.events[i]), WholeText(whole_.events[i]));
    }
    compared_ = brief_.events.size();
  }

  base::Random random_;
  base::WallTime time_ = *base::ParseRfc3339("2024-08-08T15:00:00Z");
  Witness brief_{{.exchange_hours = false, .seed = 1}};
  Witness whole_{{.exchange_hours = false, .seed = 1, .check_identity_on_ticks = true}};
  std::array<int64_t, 2> last_ = {10'000, 5'000};
  size_t compared_ = 0;
};

TEST(BarPath, InOneStepIsAsInAll) {
  size_t events = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    BothWays both(seed);
    both.Run();
    if (testing::Test::HasFatalFailure()) return;
    events += both.events();
  }
  EXPECT_GT(events, 1'500);
}

}  // namespace
}  // namespace livetape::floor
