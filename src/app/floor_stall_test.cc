// What the floor makes of the market while the disk takes nothing, and when it does again.

#include <gtest/gtest.h>

#include "app/paper/paper_fixture.h"
#include "sqlite/fault_vfs.h"

namespace livetape::app {
namespace {

using std::chrono::milliseconds;

// Before all that opens files.
struct Disk {
  sqlite::FaultVfs disk_{"stalling", true};
};

class FloorStallTest : private Disk, public PaperFixture {
 protected:
  FloorStallTest() { projecting_ = false; }
  ~FloorStallTest() override { Crash(); }

  void Fill() {
    disk_.SetFull(true);
    // Something that is to be kept finds it out.
    Place(model::Side::kBuy, "1", "BTC");
    ASSERT_FALSE(storage_.tape->committing());
    Work();
  }
  void Empty() {
    disk_.SetFull(false);
    for (int i = 0; i < 5 && !storage_.tape->committing(); ++i) Pass(std::chrono::seconds(1));
    ASSERT_TRUE(storage_.tape->committing());
    Work();
  }
  void Place(model::Side side, std::string_view quantity, const std::string& symbol,
             std::string_view limit = "") {
    PaperFixture::Place(side, quantity, symbol, limit);
  }
};

// It is 23:59:58.
TEST_F(FloorStallTest, ADayOrderIsNotFilledByThePricesOfTheNextDay) {
  Price("AAPL", "100");
  Price("BTC", "10");
  Place(model::Side::kBuy, "3", "AAPL", "95");
  Place(model::Side::kBuy, "2", "AAPL", "97");
  ASSERT_EQ(BookOf(), "100000 0 open:3 open:2");
  Fill();
  Price("AAPL", "96");
  Pass(milliseconds(3000));
  Price("AAPL", "90");
  Price("AAPL", "99");
  Empty();
  EXPECT_EQ(BookOf(), "99798 0 AAPL:2@192 BTC:1@10");
  const model::Quote& quote =
      *paper_->floor().floor().quotes().Find(instruments_->Find("AAPL")->id);
  EXPECT_EQ(quote.price.ToString(), "99");
  EXPECT_EQ(quote.reference.ToString(), "96") << "the last price of the day before";
}

}  // namespace
}  // namespace livetape::app
