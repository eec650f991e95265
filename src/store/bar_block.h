#pragma once

// A block: up to 512 bars of one symbol and timeframe as the bytes that a row of store.db holds.
// Pure functions; docs/formats/store.md has the format.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/bar.h"

namespace livetape::store {

inline constexpr size_t kBlockBarsMax = 512;

// The bytes of 1 to 512 bars, each later than the one before. Whatever their values are, decoding
// gives the same again. `bytes` is emptied first.
void EncodeBars(std::span<const model::Bar> bars, std::string& bytes);

// Appends the bars to `bars`. The error says what is wrong with the bytes; then nothing has been
// appended.
base::Result<void> DecodeBars(std::string_view bytes, std::vector<model::Bar>& bars);

}  // namespace livetape::store
