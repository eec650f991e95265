#include "api/jobs/curve_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/assert.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

// Places of the points that are shown, ascending.
std::vector<size_t> Shown(std::span<const model::CurvePoint> curve, size_t most) {
  std::vector<size_t> shown;
  if (curve.size() <= most) {
    for (size_t i = 0; i < curve.size(); ++i) shown.push_back(i);
    return shown;
  }
  const size_t stretches = most / 2 - 1, inner = curve.size() - 2;
  const auto lower = [](const model::CurvePoint& a, const model::CurvePoint& b) {
    return a.value < b.value;
  };
  shown.push_back(0);
  for (size_t s = 0; s < stretches; ++s) {
    const auto from = curve.begin() + static_cast<ptrdiff_t>(1 + inner * s / stretches);
    const auto to = curve.begin() + static_cast<ptrdiff_t>(1 + inner * (s + 1) / stretches);
    const auto [low, high] = std::minmax_element(from, to, lower);
    const auto [first, second] = std::minmax(low, high);
    shown.push_back(static_cast<size_t>(first - curve.begin()));
    if (second != first) shown.push_back(static_cast<size_t>(second - curve.begin()));
  }
  shown.push_back(curve.size() - 1);
  return shown;
}

}  // namespace

std::string EquityJson(std::span<const model::CurvePoint> curve, size_t most) {
  LT_ASSERT(most >= 4, "at most {} points", most);
  std::string out = "[";
  double peak = 0;
  size_t seen = 0;
  for (const size_t place : Shown(curve, most)) {
    for (; seen <= place; ++seen) peak = std::max(peak, curve[seen].value);
    if (out.size() > 1) out += ',';
    out += fmt::format(R"({{"time":"{}","equity":{},"drawdown":{}}})",
                       base::FormatRfc3339(curve[place].time), curve[place].value,
                       peak > 0 ? curve[place].value / peak - 1 : 0);
  }
  return out + "]";
}

}  // namespace livetape::api
