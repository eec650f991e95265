#include "floor/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

#include "floor/image_bytes.h"
#include "floor/image_fields.h"
#include "floor/money.h"

namespace livetape::floor {
namespace {

constexpr char kAccountKind = 'A';
constexpr char kQuoteKind = 'Q';
constexpr uint8_t kQuoteVersion = 2;    // 1: does not say whether it has traded
constexpr uint8_t kAccountVersion = 2;  // 1: without the state of risk
constexpr size_t kSymbolBytesMax = 255;
constexpr size_t kAssetClasses = 2;

// 0 where there is none.
uint8_t VersionOf(std::string_view bytes) {
  constexpr size_t kVersionAt = 1;
  return bytes.size() > kVersionAt ? static_cast<uint8_t>(bytes[kVersionAt]) : 0;
}

bool NoneNegative(const model::Order& order) {
  return order.quantity.units() >= 0 && order.filled.units() >= 0 && order.limit.units() >= 0 &&
         order.stop.units() >= 0 && order.trail_price.units() >= 0 &&
         order.trail_percent.units() >= 0 && order.hwm.units() >= 0 &&
         order.reserve_price.units() >= 0 && order.notional.units() >= 0 &&
         order.filled_value.units() >= 0;
}

bool WithinRange(const model::Order& order) {
  return NoneNegative(order) && !Closed(order.status) &&
         (order.quantity.zero() || order.filled <= order.quantity) && order.id.value() != 0 &&
         order.quantity <= kQuantityMax && order.filled <= kQuantityMax &&
         order.notional <= kAmountEnd && order.filled_value <= kAmountEnd;
}

// Numbers in the image of the instruments that it speaks of, and the other way.
using InstrumentNumbers = std::map<model::InstrumentId, uint32_t>;
using InstrumentIds = std::vector<model::InstrumentId>;

base::Result<InstrumentIds> ReadInstruments(
    ImageReader& image, const std::function<model::InstrumentId(const model::Instrument&)>& id_of) {
  std::vector<model::Instrument> instruments(image.Count());
  for (model::Instrument& instrument : instruments) {
    std::string_view symbol;
    image.Choice(instrument.asset_class, kAssetClasses);
    image.Pass(symbol);
    if (symbol.empty() || symbol.size() > kSymbolBytesMax) image.MakeBad();
    instrument.symbol = symbol;
  }
  InstrumentIds ids;
  // Instruments that are made stay, so none is made for bytes that are known to be wrong.
  if (!image.good()) return base::Fail("the account snapshot has an instrument without a symbol");
  for (const model::Instrument& instrument : instruments) ids.push_back(id_of(instrument));
  return ids;
}

void ReadOrders(ImageReader& image, const InstrumentIds& ids, model::AccountId account,
                std::vector<model::Order>& orders) {
  const size_t count = image.Count();
  for (size_t i = 0; i < count && image.good(); ++i) {
    model::Order order;
    order.account = account;
    uint32_t number = 0;
    std::string_view name;
    image.Pass(number);
    PassOrder(image, order);
    image.Pass(name);
    const auto client_id = model::ClientOrderId::From(name);
    const bool ascends = orders.empty() || orders.back().id < order.id;
    if (number >= ids.size() || !client_id || !ascends || !WithinRange(order)) {
      image.MakeBad();
      return;
    }
    order.instrument = ids[number];
    order.client_id = *client_id;
    orders.push_back(order);
  }
}

void WriteRisk(ImageWriter& image, const RiskState& risk) {
  image.All(risk.broken, risk.exceedances, risk.roll_var.has_value());
  image.Pass(std::bit_cast<uint64_t>(risk.roll_var.value_or(0)));
}

void ReadRisk(ImageReader& image, RiskState& risk) {
  bool known = false;
  uint64_t bits = 0;
  image.All(risk.broken, risk.exceedances, known, bits);
  const double value = std::bit_cast<double>(bits);
  if (risk.broken >> kRiskMetrics != 0 || !std::isfinite(value)) return image.MakeBad();
  if (known) risk.roll_var = value;
}

}  // namespace

// The private parts of an Account.
struct AccountImage {
  template <typename Image, typename AnyAccount>
  static void PassFields(Image& image, AnyAccount& account) {
    image.Choice(account.state_, kAccountStateNames.size());
    image.All(account.opened_, account.reset_at_, account.start_, account.cash_, account.realized_,
              account.reserved_, account.fills_, account.equity_, account.peak_,
              account.day_start_);
  }

  // As the bits of its IEEE 754 form.
  static void WriteDrawdown(ImageWriter& image, const Account& account) {
    image.Pass(std::bit_cast<uint64_t>(account.max_drawdown()));
  }
  static void ReadDrawdown(ImageReader& image, Account& account) {
    uint64_t bits = 0;
    image.Pass(bits);
    account.max_drawdown_ = std::bit_cast<decltype(account.max_drawdown_)>(bits);
    account.lowest_ = account.equity_;  // a lower one is in it
  }

  static void WritePositions(ImageWriter& image, const Account& account,
                             const InstrumentNumbers& numbers) {
    image.Count(account.positions_.size());
    for (const auto& [instrument, position] : account.positions_) {
      image.Pass(numbers.at(instrument));
      PassPosition(image, position);
    }
  }

  static void ReadPositions(ImageReader& image, const InstrumentIds& ids, Account& account) {
    const size_t count = std::min(image.Count(), kPositionsMax);
    for (size_t i = 0; i < count && image.good(); ++i) {
      uint32_t number = 0;
      Position position;
      image.Pass(number);
      PassPosition(image, position);
      if (number >= ids.size() || !account.positions_.emplace(ids[number], position).second) {
        image.MakeBad();
        return;
      }
      // Sums beyond all limits stay at their ends; Account::Sound finds them.
      const bool is_long = position.quantity.positive();
      base::Amount& side = is_long ? account.long_cost_ : account.short_cost_;
      side = Plus(side, position.cost);
    }
  }
};

std::string EncodeSnapshot(
    const Account& account, const std::vector<const model::Order*>& orders,
    const std::function<const model::Instrument&(model::InstrumentId)>& instrument_of,
    const RiskState& risk) {
  InstrumentNumbers numbers;
  for (const auto& [instrument, position] : account.positions()) numbers[instrument] = 0;
  for (const model::Order* order : orders) numbers[order->instrument] = 0;
  uint32_t next = 0;
  for (auto& [instrument, number] : numbers) number = next++;

  ImageWriter image(kAccountKind, kAccountVersion);
  PassSettings(image, account.settings());
  AccountImage::PassFields(image, account);
  AccountImage::WriteDrawdown(image, account);
  image.Count(numbers.size());
  for (const auto& [id, number] : numbers) {
    const model::Instrument& instrument = instrument_of(id);
    image.Choice(instrument.asset_class, kAssetClasses);
    image.Pass(std::string_view(instrument.symbol));
  }
  AccountImage::WritePositions(image, account, numbers);
  image.Count(orders.size());
  for (const model::Order* order : orders) {
    image.Pass(numbers.at(order->instrument));
    PassOrder(image, *order);
    image.Pass(order->client_id.view());
  }
  WriteRisk(image, risk);
  return std::move(image).Sealed();
}

base::Result<AccountSnapshot> DecodeSnapshot(
    std::string_view bytes, model::AccountId account,
    const std::function<model::InstrumentId(const model::Instrument&)>& id_of) {
  const bool with_risk = VersionOf(bytes) != 1;
  auto image =
      ImageReader::Open(bytes, kAccountKind, with_risk ? kAccountVersion : 1, "account snapshot");
  if (!image) return std::unexpected(std::move(image.error()));
  AccountSettings settings;
  PassSettings(*image, settings);
  if (!image->good() || !WithinLimits(settings)) {
    return base::Fail("the account snapshot has settings beyond their limits");
  }
  AccountSnapshot snapshot{.account = Account(settings, {}), .orders = {}, .risk = {}};
  AccountImage::PassFields(*image, snapshot.account);
  AccountImage::ReadDrawdown(*image, snapshot.account);
  const auto ids = ReadInstruments(*image, id_of);
  if (!ids) return std::unexpected(ids.error());
  AccountImage::ReadPositions(*image, *ids, snapshot.account);
  ReadOrders(*image, *ids, account, snapshot.orders);
  if (with_risk) ReadRisk(*image, snapshot.risk);
  if (!image->Complete()) {
    return base::Fail("the account snapshot is not of the form that its version has");
  }
  if (!snapshot.account.Sound()) {
    return base::Fail("the account snapshot's cash, positions and profits do not agree");
  }
  return snapshot;
}

std::string EncodeQuoteImage(const LastQuote& last) {
  ImageWriter image(kQuoteKind, kQuoteVersion);
  PassQuote(image, last.quote);
  image.Pass(last.traded);
  return std::move(image).Sealed();
}

base::Result<LastQuote> DecodeQuoteImage(std::string_view bytes) {
  const bool says_traded = VersionOf(bytes) != 1;
  auto image = ImageReader::Open(bytes, kQuoteKind, says_traded ? kQuoteVersion : 1, "quote image");
  if (!image) return std::unexpected(std::move(image.error()));
  LastQuote last;
  model::Quote& quote = last.quote;
  PassQuote(*image, quote);
  if (says_traded) image->Pass(last.traded);
  if (!image->Complete() || !quote.price.positive() || !quote.bid.positive() ||
      quote.bid > quote.ask || quote.bid_size.units() < 0 || quote.ask_size.units() < 0 ||
      quote.reference.units() < 0 || quote.volume.units() < 0) {
    return base::Fail("the quote image has no price, or one out of its range");
  }
  if (!says_traded) last.traded = SeemsTraded(quote);
  return last;
}

}  // namespace livetape::floor
