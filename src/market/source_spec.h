#pragma once

// SourceSpec: what `--source` says, parsed. Plain value.

#include <string>
#include <string_view>

#include "base/result.h"

namespace livetape::market {

struct SourceSpec {
  enum class Kind { kNone, kSynthetic, kReplay };

  Kind kind = Kind::kSynthetic;
  std::string file;   // kReplay
  double speed = 1;   // kReplay: 0 = as fast as possible
  bool loop = false;  // kReplay: start again at the end
  bool wait = false;  // kReplay: begin with the first stream
};

inline constexpr double kReplaySpeedMax = 1e6;

// "none", "synthetic", or "replay:FILE" with any of ",speed=N", ",loop", ",wait" behind it. FILE
// ends at the first comma that is followed by one of these, or by letters and "=" (so that a
// misspelt option is told and not taken for a file); other commas belong to it.
// The error says what is wrong and what is allowed.
base::Result<SourceSpec> ParseSourceSpec(std::string_view text);

}  // namespace livetape::market
