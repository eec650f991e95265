#include "tape/event_id.h"

#include <algorithm>
#include <charconv>

namespace livetape::tape {
namespace {

struct EventId {
  std::string_view epoch;
  uint64_t seq = 0;
};

std::optional<EventId> Parse(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos || dash == 0 || dash > 32) return std::nullopt;
  const std::string_view epoch = text.substr(0, dash), digits = text.substr(dash + 1);
  const bool plain = std::all_of(epoch.begin(), epoch.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  });
  EventId id{epoch, 0};
  const char* const end = digits.data() + digits.size();
  const auto [rest, code] = std::from_chars(digits.data(), end, id.seq);
  if (!plain || code != std::errc() || rest != end) return std::nullopt;
  return id;
}

}  // namespace

std::optional<uint64_t> LastOf(std::string_view epoch, const Extent& extent) {
  if (epoch == extent.epoch) return extent.head;
  uint64_t last = extent.head;
  for (auto at = extent.epochs.rbegin(); at != extent.epochs.rend(); ++at) {
    if (at->epoch == epoch) return last;
    last = std::min(last, at->first_seq - 1);
  }
  return std::nullopt;
}

Resumption ResolveCursor(std::string_view cursor, const Extent& extent) {
  if (cursor == "earliest") return {extent.oldest - 1, ""};
  const auto id = Parse(cursor);
  if (!id) return {extent.head, "malformed"};
  const auto last = LastOf(id->epoch, extent);
  if (!last) return {extent.head, "unknown_epoch"};
  if (id->seq > *last) return {extent.head, "future"};
  if (id->seq + 1 < extent.oldest) return {extent.oldest - 1, "expired"};
  return {id->seq, ""};
}

}  // namespace livetape::tape
