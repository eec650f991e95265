#include "floor/recording/input_codec.h"

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "floor/recording/input_fields.h"

namespace livetape::floor {
namespace {

constexpr char kBlockKind = 'I';
constexpr uint8_t kVersion = 1;
constexpr size_t kKinds = std::variant_size_v<FloorInput>;

// Snapshots have symbols for instruments; in a recording these are the numbers of their ids.
std::string SnapshotBytes(const AccountSnapshot& snapshot) {
  std::vector<const model::Order*> orders;
  orders.reserve(snapshot.orders.size());
  for (const model::Order& order : snapshot.orders) orders.push_back(&order);
  model::Instrument instrument;
  return EncodeSnapshot(
      snapshot.account, orders,
      [&](model::InstrumentId id) -> const model::Instrument& {
        instrument.symbol = std::to_string(id.value());
        return instrument;
      },
      snapshot.risk);
}

// An id beyond all others where the symbol is no number: the checks find it.
model::InstrumentId NumberedId(const model::Instrument& instrument) {
  uint32_t number = 0;
  const std::string& text = instrument.symbol;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) number = UINT32_MAX;
  return model::InstrumentId(number);
}

struct Writer {
  ImageWriter& image;
  base::WallTime& last;

  template <typename Input>
  void operator()(const Input& input) {
    InputFields(image, last).Pass(input);
  }
  void operator()(const AccountRestored& input) {
    InputFields(image, last).Time(input.time);
    image.Pass(std::string_view(SnapshotBytes(input.snapshot)));
  }
};

struct Reader {
  ImageReader& image;
  base::WallTime& last;
  model::AccountId next_account;

  template <typename Input>
  void Read(Input& input) {
    InputFields(image, last).Pass(input);
  }
  void Read(AccountRestored& input) {
    InputFields(image, last).Time(input.time);
    std::string_view bytes;
    image.Pass(bytes);
    auto snapshot = DecodeSnapshot(bytes, next_account, NumberedId);
    if (!snapshot) return image.MakeBad();
    input.snapshot = *std::move(snapshot);
  }
  template <size_t Number = 0>
  void ReadAs(size_t kind, FloorInput& input) {
    if (kind == Number) return Read(input.emplace<Number>());
    if constexpr (Number + 1 < kKinds) ReadAs<Number + 1>(kind, input);
  }
};

}  // namespace

InputEncoder::InputEncoder() : image_(kBlockKind, kVersion) {}

void InputEncoder::Add(const FloorInput& input) {
  empty_ = false;
  image_.Choice(input.index(), kKinds);
  std::visit(Writer{image_, last_}, input);
}

std::string InputEncoder::Sealed() && { return std::move(image_).Sealed(); }

base::Result<void> InputDecoder::Begin(std::string_view block) {
  auto image = ImageReader::Open(block, kBlockKind, kVersion, "block of the recording");
  if (!image) return std::unexpected(std::move(image.error()));
  image_.emplace(*std::move(image));
  last_ = {};
  return {};
}

base::Result<bool> InputDecoder::Next(FloorInput& input) {
  if (!image_ || image_->Complete()) return false;
  size_t kind = 0;
  image_->Choice(kind, kKinds);
  if (image_->good()) Reader{*image_, last_, checks_.next_account()}.ReadAs(kind, input);
  if (!image_->good()) {
    return base::Fail("the recording has an entry that is not of the form that its version has");
  }
  if (auto right = checks_.Check(input); !right) {
    image_->MakeBad();
    return std::unexpected(std::move(right.error()));
  }
  return true;
}

}  // namespace livetape::floor
