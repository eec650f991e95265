#include "market/source_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace livetape::market {
namespace {

using base::Fail;
using base::Result;

constexpr std::string_view kReplay = "replay:";
constexpr std::string_view kSpeed = "speed=";

// The part up to the next comma.
std::string_view FirstPart(std::string_view text) { return text.substr(0, text.find(',')); }

bool LooksLikeOption(std::string_view part) {
  if (part == "loop" || part == "wait") return true;
  const size_t letters = std::min(
      part.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"), part.size());
  return letters > 0 && part.substr(letters).starts_with('=');
}

Result<void> ReadOption(std::string_view part, SourceSpec& spec) {
  if (part == "loop" || part == "wait") {
    (part == "loop" ? spec.loop : spec.wait) = true;
    return {};
  }
  if (!part.starts_with(kSpeed)) {
    return Fail(
        fmt::format("source: unknown replay option '{}'; allowed are speed=N, loop, wait", part));
  }
  const std::string_view number = part.substr(kSpeed.size());
  const auto [rest, code] =
      std::from_chars(number.data(), number.data() + number.size(), spec.speed);
  // Written so that a NaN fails too.
  if (code != std::errc() || rest != number.data() + number.size() ||
      !(spec.speed >= 0 && spec.speed <= kReplaySpeedMax)) {
    return Fail(
        fmt::format("source: speed must be a number from 0 (as fast as possible) to {}, got '{}'",
                    kReplaySpeedMax, number));
  }
  return {};
}

}  // namespace

Result<SourceSpec> ParseSourceSpec(std::string_view text) {
  SourceSpec spec;
  if (text == "synthetic") return spec;
  if (text == "none") {
    spec.kind = SourceSpec::Kind::kNone;
    return spec;
  }
  if (!text.starts_with(kReplay)) {
    return Fail(
        fmt::format("source: '{}' is unknown; allowed are synthetic, none, and "
                    "replay:FILE[,speed=N][,loop][,wait]",
                    text));
  }
  spec.kind = SourceSpec::Kind::kReplay;
  std::string_view rest = text.substr(kReplay.size());
  size_t comma = rest.find(',');
  while (comma != rest.npos && !LooksLikeOption(FirstPart(rest.substr(comma + 1)))) {
    comma = rest.find(',', comma + 1);
  }
  spec.file = rest.substr(0, comma);
  if (spec.file.empty()) {
    return Fail("source: replay needs a file: replay:FILE[,speed=N][,loop][,wait]");
  }
  while (comma != rest.npos) {
    rest.remove_prefix(comma + 1);
    if (auto read = ReadOption(FirstPart(rest), spec); !read) {
      return std::unexpected(std::move(read.error()));
    }
    comma = rest.find(',');
  }
  return spec;
}

}  // namespace livetape::market
