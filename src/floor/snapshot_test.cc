#include "floor/snapshot.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/random.h"
#include "base/time_text.h"
#include "floor/image_bytes.h"

namespace livetape::floor {
namespace {

using base::Amount;
using base::Decimal;
using base::Price;
using base::Quantity;
using model::AssetClass;
using model::InstrumentId;

Price P(std::string_view text) { return *Price::Parse(text); }
Quantity Q(std::string_view text) { return *Quantity::Parse(text); }
Amount Money(std::string_view text) { return Amount::From(*Decimal::Parse(text)); }
base::WallTime At(std::string_view time) { return *base::ParseRfc3339(time); }

// Instruments of one process: a symbol has the id of its place.
class Instruments {
 public:
  InstrumentId Id(const model::Instrument& instrument) {
    for (uint32_t i = 0; i < list_.size(); ++i) {
      if (list_[i].symbol == instrument.symbol) return InstrumentId(i);
    }
    list_.push_back(instrument);
    return InstrumentId(static_cast<uint32_t>(list_.size() - 1));
  }
  const model::Instrument& At(InstrumentId id) const { return list_.at(id.value()); }
  size_t size() const { return list_.size(); }

 private:
  std::vector<model::Instrument> list_;
};

// An account that has two positions and two orders, with a bit of everything.
class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() {
    AccountSettings settings;
    settings.cash = Money("100000");
    settings.fees = {.rate = *Decimal::Parse("0.002"),
                     .per_share = *Decimal::Parse("0.005"),
                     .minimum = *Decimal::Parse("1")};
    settings.slippage_bps = *Decimal::Parse("2.5");
    settings.multiplier = 4;
    settings.limits.max_orders_per_s = 10;
    settings.limits.price_collar = *Decimal::Parse("0.05");
    settings.no_shorting = true;
    account_ = Account(settings, At("2024-08-08T12:00:00Z"));
    account_.set_state(AccountState::kReducing);
    account_.Take(btc_, model::Side::kBuy, Q("0.123456789"), P("61837.63"));
    account_.Take(aapl_, model::Side::kSell, Q("7"), P("187.31"));
    account_.Take(btc_, model::Side::kSell, Q("0.023"), P("61000"));
    account_.Hold(btc_, Q("0.1"));
    account_.Reserve(Money("931.5"));
    QuoteBoard board;
    while (board.size() < instruments_.size()) board.Add();
    board.Apply({}, model::TradeTick{btc_, P("60000"), {}});
    account_.RollDay(board);

    limit_.id = model::OrderId(17);
    limit_.account = model::AccountId(3);
    limit_.instrument = btc_;
    limit_.type = model::OrderType::kStopLimit;
    limit_.side = model::Side::kSell;
    limit_.tif = model::TimeInForce::kGtc;
    limit_.order_class = model::OrderClass::kBracket;
    limit_.intent = model::PositionIntent::kSellToClose;
    limit_.role = model::LegRole::kStopLoss;
    limit_.status = model::OrderStatus::kPartiallyFilled;
    limit_.triggered = true;
    limit_.parent = model::OrderId(15);
    limit_.quantity = Q("0.1");
    limit_.filled = Q("0.04");
    limit_.filled_value = P("60500") * Q("0.04");
    limit_.limit = P("60000");
    limit_.stop = P("60100.5");
    limit_.created = At("2024-08-08T12:00:00.123456789Z");
    limit_.updated = At("2024-08-08T12:00:01Z");
    limit_.client_id = *model::ClientOrderId::From(std::string(128, 'n'));

    trailing_.id = model::OrderId(21);
    trailing_.account = model::AccountId(3);
    trailing_.instrument = msft_;
    trailing_.notional = Money("12.34");
    trailing_.trail_percent = *Decimal::Parse("1.5");
    trailing_.hwm = P("400");
    trailing_.reserve_price = P("410");
    trailing_.extended_hours = true;
  }

  std::string Encode() { return Encode(account_, {&limit_, &trailing_}, instruments_); }
  static std::string Encode(const Account& account, const std::vector<const model::Order*>& orders,
                            const Instruments& instruments) {
    return EncodeSnapshot(account, orders, [&](InstrumentId id) -> const model::Instrument& {
      return instruments.At(id);
    });
  }
  base::Result<AccountSnapshot> Decode(std::string_view bytes, Instruments& instruments) {
    return DecodeSnapshot(bytes, model::AccountId(3),
                          [&](const model::Instrument& i) { return instruments.Id(i); });
  }
  std::string WhyNot(std::string_view bytes) {
    Instruments instruments;
    const auto snapshot = Decode(bytes, instruments);
    return snapshot ? "it was read" : snapshot.error().message;
  }

  Instruments instruments_;
  const InstrumentId msft_ = instruments_.Id({"MSFT", AssetClass::kUsEquity});
  const InstrumentId unused_ = instruments_.Id({"TSLA", AssetClass::kUsEquity});
  const InstrumentId aapl_ = instruments_.Id({"AAPL", AssetClass::kUsEquity});
  const InstrumentId btc_ = instruments_.Id({"BTC", AssetClass::kCrypto});
  Account account_{AccountSettings{}, {}};
  model::Order limit_, trailing_;
};

// The image with its checksum made right again.
std::string Sealed(std::string bytes) {
  const uint32_t crc = Crc32(std::string_view(bytes).substr(0, bytes.size() - 4));
  std::memcpy(bytes.data() + bytes.size() - 4, &crc, 4);
  return bytes;
}

TEST_F(SnapshotTest, ComesBackInAnotherProcess) {
  Instruments others;  // with other ids
  const InstrumentId btc = others.Id({"BTC", AssetClass::kCrypto});
  const auto snapshot = Decode(Encode(), others);
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  const Account& account = snapshot->account;
  EXPECT_EQ(account.cash(), account_.cash());
  EXPECT_EQ(account.start(), account_.start());
  EXPECT_EQ(account.realized(), account_.realized());
  EXPECT_EQ(account.reserved(), Money("931.5"));
  EXPECT_EQ(account.fills(), 3U);
  EXPECT_EQ(account.state(), AccountState::kReducing);
  EXPECT_EQ(account.opened(), account_.opened());
  EXPECT_EQ(account.reset_at(), account_.reset_at());
  EXPECT_EQ(account.equity(), account_.equity());
  EXPECT_EQ(account.peak(), account_.peak());
  EXPECT_EQ(account.day_start(), account_.day_start());
  EXPECT_EQ(account.max_drawdown(), account_.max_drawdown());
  EXPECT_LT(account.max_drawdown(), 0);
  EXPECT_EQ(account.settings().fees.per_share.ToString(), "0.005");
  EXPECT_EQ(account.settings().slippage_bps.ToString(), "2.5");
  EXPECT_EQ(account.settings().multiplier, 4);
  EXPECT_EQ(account.settings().limits.max_orders_per_s, 10U);
  EXPECT_TRUE(account.settings().no_shorting);
  EXPECT_FALSE(account.settings().trading_suspended);
  ASSERT_EQ(account.positions().size(), 2U);
  const Position& position = *account.Find(btc);
  const Position& before = *account_.Find(btc_);
  EXPECT_EQ(position.quantity, before.quantity);
  EXPECT_EQ(position.cost, before.cost);
  EXPECT_EQ(position.held, Q("0.1"));
  EXPECT_EQ(position.day_basis, before.day_basis);
  EXPECT_EQ(position.last_day_price, P("60000"));
}

TEST_F(SnapshotTest, OrdersComeBackWhole) {
  Instruments others;
  const auto snapshot = Decode(Encode(), others);
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  ASSERT_EQ(snapshot->orders.size(), 2U);
  const model::Order& limit = snapshot->orders[0];
  EXPECT_EQ(limit.id, limit_.id);
  EXPECT_EQ(limit.account, limit_.account);
  EXPECT_EQ(others.At(limit.instrument).symbol, "BTC");
  EXPECT_EQ(limit.status, limit_.status);
  EXPECT_EQ(limit.role, limit_.role);
  EXPECT_EQ(limit.filled_value, limit_.filled_value);
  EXPECT_EQ(limit.created, limit_.created);
  EXPECT_EQ(limit.client_id, limit_.client_id);
  EXPECT_TRUE(limit.triggered);
  const model::Order& trailing = snapshot->orders[1];
  EXPECT_EQ(others.At(trailing.instrument).symbol, "MSFT");
  EXPECT_EQ(others.At(trailing.instrument).asset_class, AssetClass::kUsEquity);
  EXPECT_EQ(trailing.notional, trailing_.notional);
  EXPECT_TRUE(trailing.client_id.empty());
  EXPECT_TRUE(trailing.extended_hours);
}

TEST_F(SnapshotTest, WhatComesBackEncodesToTheSameBytes) {
  const std::string bytes = Encode();
  const auto snapshot = Decode(bytes, instruments_);
  ASSERT_TRUE(snapshot) << snapshot.error().message;
  EXPECT_EQ(Encode(snapshot->account, {&snapshot->orders[0], &snapshot->orders[1]}, instruments_),
            bytes);
  EXPECT_LT(bytes.size(), 600U);
}

TEST_F(SnapshotTest, AnEmptyAccountIsSmall) {
  const std::string bytes = Encode(Account(AccountSettings{}, {}), {}, instruments_);
  EXPECT_LT(bytes.size(), 64U);
  Instruments others;
  EXPECT_TRUE(Decode(bytes, others));
}

TEST_F(SnapshotTest, InstrumentsAreMadeOnlyForWhatIsHeldOrOrdered) {
  Instruments others;
  ASSERT_TRUE(Decode(Encode(), others));
  EXPECT_EQ(others.size(), 3U);
}

TEST_F(SnapshotTest, EveryTruncationIsFound) {
  const std::string bytes = Encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    Instruments others;
    EXPECT_FALSE(Decode(std::string_view(bytes).substr(0, size), others)) << size;
    EXPECT_EQ(others.size(), 0U);
  }
}

TEST_F(SnapshotTest, EveryFlippedBitIsFound) {
  const std::string bytes = Encode();
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    Instruments others;
    EXPECT_FALSE(Decode(damaged, others)) << "bit " << bit;
  }
}

TEST_F(SnapshotTest, EveryTruncationIsFoundWithARightChecksumToo) {
  const std::string bytes = Encode();
  for (size_t size = 6; size < bytes.size(); ++size) {
    // On the heap and no longer, so that a sanitizer sees a read beyond the end.
    const std::string cut = Sealed(bytes.substr(0, size));
    EXPECT_EQ(WhyNot(cut).find("checksum"), std::string::npos);
    EXPECT_NE(WhyNot(cut), "it was read") << size;
  }
}

TEST_F(SnapshotTest, DamageIsNamed) {
  std::string bytes = Encode();
  EXPECT_EQ(WhyNot("xyz"), "3 bytes are no account snapshot");
  EXPECT_EQ(WhyNot(EncodeQuoteImage({})).substr(9), "are no account snapshot");
  bytes[1] = 9;
  EXPECT_EQ(WhyNot(bytes), "the account snapshot has version 9, this program reads 2");
  bytes[1] = 1;
  bytes[40] = static_cast<char>(bytes[40] ^ 1);
  EXPECT_EQ(WhyNot(bytes), "the account snapshot is damaged: its checksum is wrong");
}

TEST_F(SnapshotTest, OrdersThatAreOverAreRefused) {
  trailing_.status = model::OrderStatus::kFilled;
  EXPECT_EQ(WhyNot(Encode()), "the account snapshot is not of the form that its version has");
}

TEST_F(SnapshotTest, NothingMayFollow) {
  std::string bytes = Encode();
  bytes.insert(bytes.size() - 4, 1, '\0');
  EXPECT_EQ(WhyNot(Sealed(bytes)), "the account snapshot is not of the form that its version has");
}

// What has a right checksum and is wrong all the same is refused, or it is a sound account.
TEST_F(SnapshotTest, MutationsGiveErrorsOrSoundAccounts) {
  const uint64_t seed = 0x5eed0006;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  const std::string bytes = Encode();
  int read = 0, refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string mutant = bytes;
    for (uint64_t n = 1 + random.Below(3); n > 0; --n) {
      const size_t at = 2 + random.Below(mutant.size() - 6);
      switch (random.Below(4)) {
        case 0:
          mutant.erase(at, 1);
          break;
        case 1:
          mutant.insert(at, 1, static_cast<char>(random.Next()));
          break;
        default:
          mutant[at] = static_cast<char>(random.Next());
      }
    }
    Instruments others;
    const auto snapshot = Decode(Sealed(mutant), others);
    if (!snapshot) {
      ++refused;
      continue;
    }
    ++read;
    ASSERT_TRUE(snapshot->account.Sound()) << i;
    std::vector<const model::Order*> orders;
    for (const model::Order& order : snapshot->orders) orders.push_back(&order);
    const std::string again = Encode(snapshot->account, orders, others);
    Instruments third;
    ASSERT_TRUE(Decode(again, third)) << i;
  }
  EXPECT_GT(read, 500);
  EXPECT_GT(refused, 500);
}

TEST(QuoteImage, ComesBack) {
  const model::Quote quote{.price = P("61837.63"),
                           .bid = P("61837.5"),
                           .ask = P("61838"),
                           .bid_size = Q("1.5"),
                           .ask_size = {},
                           .reference = P("60000"),
                           .time = At("2024-08-08T12:00:00.123456789Z"),
                           .price_time = At("2024-08-08T11:59:59Z"),
                           .volume = Amount::FromUnits(base::Int128{1} << 100)};
  const std::string bytes = EncodeQuoteImage({quote, true});
  const auto last = DecodeQuoteImage(bytes);
  ASSERT_TRUE(last) << last.error().message;
  EXPECT_TRUE(last->traded);
  const model::Quote* const again = &last->quote;
  EXPECT_EQ(again->price, quote.price);
  EXPECT_EQ(again->bid, quote.bid);
  EXPECT_EQ(again->ask, quote.ask);
  EXPECT_EQ(again->bid_size, quote.bid_size);
  EXPECT_EQ(again->ask_size, quote.ask_size);
  EXPECT_EQ(again->reference, quote.reference);
  EXPECT_EQ(again->time, quote.time);
  EXPECT_EQ(again->price_time, quote.price_time);
  EXPECT_EQ(again->volume, quote.volume);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_FALSE(DecodeQuoteImage(damaged)) << i;
    EXPECT_FALSE(DecodeQuoteImage(std::string_view(bytes).substr(0, i))) << i;
  }
}

TEST(QuoteImage, NeedsAPriceAndTwoSides) {
  EXPECT_FALSE(DecodeQuoteImage(EncodeQuoteImage({})));
  model::Quote quote;
  quote.price = quote.ask = P("10");
  quote.bid = P("11");
  EXPECT_FALSE(DecodeQuoteImage(EncodeQuoteImage({quote})));
  quote.bid = P("9");
  EXPECT_TRUE(DecodeQuoteImage(EncodeQuoteImage({quote})));
}

TEST(QuoteImage, NumbersTakeTheFewestBytes) {
  model::Quote quote;
  quote.price = quote.bid = quote.ask = P("10");
  std::string bytes = EncodeQuoteImage({quote});
  ASSERT_EQ(bytes[bytes.size() - 6], 0) << "the volume";
  bytes.insert(bytes.size() - 6, 1, static_cast<char>(0x80));
  EXPECT_FALSE(DecodeQuoteImage(Sealed(bytes)));
}

TEST(QuoteImage, NumbersKeepToTheirWidth) {
  model::Quote quote;
  quote.price = quote.bid = quote.ask = P("10");
  quote.volume = Amount::FromUnits(static_cast<base::Int128>(~UInt128{0} >> 1));
  std::string bytes = EncodeQuoteImage({quote});
  EXPECT_EQ(DecodeQuoteImage(bytes)->quote.volume, quote.volume);
  ASSERT_EQ(bytes[bytes.size() - 6], 3) << "its highest two of 128 bits, in the 19th byte";
  bytes[bytes.size() - 6] = 4;
  EXPECT_FALSE(DecodeQuoteImage(Sealed(bytes)));
}

TEST(QuoteImage, OfTheFirstVersionTellsByItselfWhetherItHasTraded) {
  model::Quote quote;
  quote.price = quote.bid = P("10");
  quote.ask = P("12");
  for (const bool traded : {false, true}) {
    if (!traded) quote.price = P("11");
    std::string bytes = EncodeQuoteImage({quote, traded});
    bytes[1] = 1;
    bytes.erase(bytes.size() - 5, 1);
    const auto last = DecodeQuoteImage(Sealed(bytes));
    ASSERT_TRUE(last) << last.error().message;
    EXPECT_EQ(last->traded, traded);
    quote.price = P("10");
  }
}

TEST(Crc32, IsThatOfZlib) {
  EXPECT_EQ(Crc32(""), 0U);
  EXPECT_EQ(Crc32("123456789"), 0xCBF43926U);  // the catalogue's check value
  EXPECT_EQ(Crc32("The quick brown fox jumps over the lazy dog"), 0x414FA339U);
}

}  // namespace
}  // namespace livetape::floor
