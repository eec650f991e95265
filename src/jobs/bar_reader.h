#pragma once

// BarReader: bars of one symbol and timeframe, oldest first, wherever they are kept. One thread uses
// it.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"
#include "model/bar.h"

namespace livetape::jobs {

class BarReader {
 public:
  virtual ~BarReader() = default;
  // The next ones, valid until the next call; none: there are no more.
  virtual base::Result<std::span<const model::Bar>> Next() = 0;
  // How many there are in all, if that is known.
  virtual std::optional<uint64_t> count() const { return std::nullopt; }
};

// Bars that are in memory already, and stay there.
class BarsInMemory final : public BarReader {
 public:
  explicit BarsInMemory(std::span<const model::Bar> bars) : all_(bars), rest_(bars) {}
  base::Result<std::span<const model::Bar>> Next() override {
    const std::span<const model::Bar> next = rest_.first(std::min(kAtOnce, rest_.size()));
    rest_ = rest_.subspan(next.size());
    return next;
  }
  std::optional<uint64_t> count() const override { return all_.size(); }

 private:
  // So many that they stay in the processor's cache while they are looked at twice.
  static constexpr size_t kAtOnce = 2048;
  const std::span<const model::Bar> all_;
  std::span<const model::Bar> rest_;
};

}  // namespace livetape::jobs
