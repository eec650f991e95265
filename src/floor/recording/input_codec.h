#pragma once

// InputEncoder, InputDecoder: inputs of the floor as blocks of bytes, and back (docs/recording.md).
// Each has one owning thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "floor/image_bytes.h"
#include "floor/recording/floor_input.h"
#include "floor/recording/input_checks.h"

namespace livetape::floor {

// Makes one block.
class InputEncoder {
 public:
  InputEncoder();
  void Add(const FloorInput& input);
  // So far, in bytes.
  size_t size() const { return image_.size(); }
  bool empty() const { return empty_; }
  // The block, complete.
  std::string Sealed() &&;

 private:
  ImageWriter image_;
  base::WallTime last_;
  bool empty_ = true;
};

// Reads the blocks of one recording in their order. What it gives a floor may be told
// (InputChecks), as far as that can be known without the floor.
class InputDecoder {
 public:
  // Begins with a block, which outlives the reading of it. An error: it is damaged or no block.
  base::Result<void> Begin(std::string_view block);
  // Into `input`; false: the block is at its end. An error says what is wrong, for good.
  base::Result<bool> Next(FloorInput& input);

 private:
  std::optional<ImageReader> image_;
  base::WallTime last_;
  InputChecks checks_;
};

}  // namespace livetape::floor
