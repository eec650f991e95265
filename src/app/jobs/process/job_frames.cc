#include "app/jobs/process/job_frames.h"

#include <fmt/format.h>

#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace livetape::app {
namespace {

enum class Kind : uint8_t { kOrder = 1, kProgress, kBars, kRows, kEnd };

constexpr size_t kHeadBytes = 1 + sizeof(uint32_t);
// What has been read is removed when there is so much of it.
constexpr size_t kTidyBytes = size_t{1} << 20U;

class Writer {
 public:
  explicit Writer(Kind kind) : bytes_(kHeadBytes, '\0') { bytes_[0] = static_cast<char>(kind); }

  template <typename Value>
  void Put(const Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void PutText(std::string_view text) {
    Put(static_cast<uint64_t>(text.size()));
    bytes_.append(text);
  }
  template <typename Value>
  void PutAll(const std::vector<Value>& values) {
    static_assert(std::is_trivially_copyable_v<Value>);
    Put(static_cast<uint64_t>(values.size()));
    if (values.empty()) return;
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
  }
  size_t content() const { return bytes_.size() - kHeadBytes; }
  std::string Take() && {
    const auto size = static_cast<uint32_t>(content());
    std::memcpy(&bytes_[1], &size, sizeof size);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

// Reads what a Writer has put; `whole()` says whether that was there to the last byte.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <typename Value>
  void Get(Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    if (const std::string_view bytes = Some(1, sizeof value); !bytes.empty()) {
      std::memcpy(&value, bytes.data(), sizeof value);
    }
  }
  // An enumeration whose greatest value is `last`.
  template <typename Enum>
  void GetUpTo(Enum last, Enum& value) {
    auto number = static_cast<std::underlying_type_t<Enum>>(value);
    Get(number);
    if (number > static_cast<std::underlying_type_t<Enum>>(last)) faulty_ = true;
    if (!faulty_) value = static_cast<Enum>(number);
  }
  void GetText(std::string& text) { text = Some(Count(), 1); }
  template <typename Value>
  void GetAll(std::vector<Value>& values) {
    const std::string_view bytes = Some(Count(), sizeof(Value));
    values.resize(bytes.size() / sizeof(Value));
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  // Of things that take at least a byte each.
  uint64_t Count() {
    uint64_t count = 0;
    Get(count);
    if (count > rest_.size()) faulty_ = true;
    return faulty_ ? 0 : count;
  }
  bool whole() const { return !faulty_ && rest_.empty(); }

 private:
  std::string_view Some(uint64_t count, size_t each) {
    if (faulty_ || count > rest_.size() / each) {
      faulty_ = true;
      return {};
    }
    const std::string_view some = rest_.substr(0, count * each);
    rest_.remove_prefix(some.size());
    return some;
  }

  std::string_view rest_;
  bool faulty_ = false;
};

JobOrder ReadOrder(Reader& reader) {
  JobOrder order;
  reader.GetUpTo(model::JobKind::kImport, order.kind);
  reader.GetText(order.id);
  reader.GetText(order.request);
  return order;
}

JobProgress ReadProgress(Reader& reader) {
  JobProgress progress;
  reader.Get(progress.percent);
  reader.Get(progress.records);
  reader.GetText(progress.message);
  reader.GetText(progress.members);
  return progress;
}

jobs::BarBatch ReadBars(Reader& reader) {
  jobs::BarBatch batch;
  reader.GetText(batch.symbol);
  reader.GetUpTo(model::Timeframe::k1d, batch.timeframe);
  reader.GetUpTo(model::AssetClass::kCrypto, batch.asset_class);
  reader.GetAll(batch.bars);
  return batch;
}

model::ResultRows ReadRows(Reader& reader) {
  model::ResultRows rows;
  reader.GetText(rows.name);
  reader.Get(rows.first);
  rows.rows.resize(reader.Count());
  for (std::string& row : rows.rows) reader.GetText(row);
  return rows;
}

model::JobEnd ReadEnd(Reader& reader) {
  model::JobEnd end;
  reader.GetUpTo(model::JobState::kCancelled, end.state);
  reader.GetText(end.message);
  reader.Get(end.records);
  reader.GetText(end.members);
  reader.GetText(end.result);
  reader.GetAll(end.curve);
  return end;
}

std::optional<JobFrame> ReadContent(Kind kind, Reader& reader) {
  switch (kind) {
    case Kind::kOrder:
      return ReadOrder(reader);
    case Kind::kProgress:
      return ReadProgress(reader);
    case Kind::kBars:
      return ReadBars(reader);
    case Kind::kRows:
      return ReadRows(reader);
    case Kind::kEnd:
      return ReadEnd(reader);
  }
  return std::nullopt;
}

}  // namespace

std::string FrameOf(const JobOrder& order) {
  Writer writer(Kind::kOrder);
  writer.Put(order.kind);
  writer.PutText(order.id);
  writer.PutText(order.request);
  return std::move(writer).Take();
}

std::string FrameOf(const JobProgress& progress) {
  Writer writer(Kind::kProgress);
  writer.Put(progress.percent);
  writer.Put(progress.records);
  writer.PutText(progress.message);
  writer.PutText(progress.members);
  return std::move(writer).Take();
}

std::string FrameOf(const jobs::BarBatch& bars) {
  Writer writer(Kind::kBars);
  writer.PutText(bars.symbol);
  writer.Put(bars.timeframe);
  writer.Put(bars.asset_class);
  writer.PutAll(bars.bars);
  return std::move(writer).Take();
}

std::string FrameOf(const model::ResultRows& rows) {
  Writer writer(Kind::kRows);
  writer.PutText(rows.name);
  writer.Put(rows.first);
  writer.Put(static_cast<uint64_t>(rows.rows.size()));
  for (const std::string& row : rows.rows) writer.PutText(row);
  return std::move(writer).Take();
}

std::string FrameOf(const model::JobEnd& end) {
  Writer writer(Kind::kEnd);
  writer.Put(end.state);
  writer.PutText(end.message);
  writer.Put(end.records);
  writer.PutText(end.members);
  writer.PutText(end.result);
  writer.PutAll(end.curve);
  if (writer.content() <= kFrameMax) return std::move(writer).Take();
  return FrameOf(model::JobEnd::Failed(
      fmt::format("its result has {} bytes, {} are the most; choose a shorter range",
                  writer.content(), kFrameMax)));
}

base::Result<std::optional<JobFrame>> FrameReader::Next() {
  const std::string_view rest = std::string_view(bytes_).substr(begin_);
  if (rest.size() < kHeadBytes) return std::nullopt;
  uint32_t size = 0;
  std::memcpy(&size, &rest[1], sizeof size);
  if (size > kFrameMax) return base::Fail(fmt::format("a frame of {} bytes", size));
  if (rest.size() < kHeadBytes + size) return std::nullopt;
  const auto kind = static_cast<Kind>(rest[0]);
  Reader reader(rest.substr(kHeadBytes, size));
  auto frame = ReadContent(kind, reader);
  if (!frame || !reader.whole()) {
    return base::Fail(fmt::format("a frame of kind {} and {} bytes that is none",
                                  static_cast<int>(rest[0]), size));
  }
  begin_ += kHeadBytes + size;
  if (begin_ == bytes_.size() || begin_ >= kTidyBytes) {
    bytes_.erase(0, begin_);
    begin_ = 0;
  }
  return frame;
}

}  // namespace livetape::app
