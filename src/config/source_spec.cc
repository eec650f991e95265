#include "config/source_spec.h"

#include <fmt/format.h>

#include "config/value.h"

namespace livetape::config {
namespace {

constexpr std::string_view kReplay = "replay:";
constexpr std::string_view kSpeed = "speed=";
constexpr double kSpeedMax = 1'000'000;

bool ApplyOption(SourceSpec& spec, std::string_view option) {
  if (option == "loop") {
    spec.loop = true;
    return true;
  }
  if (option == "wait") {
    spec.wait = true;
    return true;
  }
  if (!option.starts_with(kSpeed)) return false;
  const auto speed = ParseNumber(option.substr(kSpeed.size()));
  if (!speed || *speed < 0 || *speed > kSpeedMax) return false;
  spec.speed = *speed;
  return true;
}

}  // namespace

std::optional<SourceSpec> ParseSourceSpec(std::string_view text) {
  SourceSpec spec;
  if (text == "synthetic") return spec;
  if (text == "none") {
    spec.kind = SourceSpec::Kind::kNone;
    return spec;
  }
  if (!text.starts_with(kReplay)) return std::nullopt;
  spec.kind = SourceSpec::Kind::kReplay;
  text.remove_prefix(kReplay.size());
  size_t comma = text.find(',');
  spec.file = std::string(text.substr(0, comma));
  if (spec.file.empty()) return std::nullopt;
  while (comma != std::string_view::npos) {
    text.remove_prefix(comma + 1);
    comma = text.find(',');
    if (!ApplyOption(spec, text.substr(0, comma))) return std::nullopt;
  }
  return spec;
}

std::string FormatSourceSpec(const SourceSpec& spec) {
  switch (spec.kind) {
    case SourceSpec::Kind::kSynthetic:
      return "synthetic";
    case SourceSpec::Kind::kNone:
      return "none";
    case SourceSpec::Kind::kReplay:
      break;
  }
  std::string text = fmt::format("{}{}", kReplay, spec.file);
  if (spec.speed != SourceSpec().speed) text += fmt::format(",{}{}", kSpeed, spec.speed);
  if (spec.loop) text += ",loop";
  if (spec.wait) text += ",wait";
  return text;
}

}  // namespace livetape::config
