#include "auth/base64.h"

#include <array>
#include <cstdint>

namespace livetape::auth {
namespace {

constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

using DigitValues = std::array<int8_t, 256>;

constexpr DigitValues ValuesOf(std::string_view alphabet) {
  DigitValues values;
  values.fill(-1);
  for (size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<int8_t>(i);
  }
  return values;
}

// `text` without padding.
std::optional<std::string> Decode(std::string_view text, const DigitValues& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xff);
      bits &= (1u << count) - 1;
    }
  }
  if (bits != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::optional<std::string> DecodeBase64Url(std::string_view text) {
  static constexpr DigitValues kValues = ValuesOf(kUrlAlphabet);
  return Decode(text, kValues);
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  static constexpr DigitValues kValues = ValuesOf(kAlphabet);
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return Decode(text, kValues);
}

std::string EncodeBase64Url(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() / 3 * 4 + 3);
  uint32_t bits = 0;
  unsigned count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += kUrlAlphabet[bits >> count & 0x3f];
    }
    bits &= (1u << count) - 1;
  }
  if (count > 0) text += kUrlAlphabet[bits << (6 - count) & 0x3f];
  return text;
}

}  // namespace livetape::auth
