#pragma once

// SourceSpec: which source of market data to run, as `--source` and market.source write it:
// "synthetic", "none" or "replay:FILE[,speed=N][,loop][,wait]". A plain value.

#include <optional>
#include <string>
#include <string_view>

namespace livetape::config {

struct SourceSpec {
  enum class Kind { kSynthetic, kReplay, kNone };

  Kind kind = Kind::kSynthetic;
  // The rest is for kReplay.
  std::string file;   // has no comma
  double speed = 1;   // times the recorded speed; 0: as fast as possible
  bool loop = false;  // start again at the end, shifted by whole days
  bool wait = false;  // start with the first stream

  friend bool operator==(const SourceSpec&, const SourceSpec&) = default;
};

// What ParseSourceSpec takes, for messages.
inline constexpr std::string_view kSourceSpecForm =
    "synthetic, none or replay:FILE[,speed=N][,loop][,wait] with N from 0 (as fast as possible) "
    "to 1000000";

// Nothing unless `text` has that form.
std::optional<SourceSpec> ParseSourceSpec(std::string_view text);

// The text that ParseSourceSpec reads back to the same value.
std::string FormatSourceSpec(const SourceSpec& spec);

}  // namespace livetape::config
