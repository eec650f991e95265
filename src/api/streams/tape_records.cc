#include "api/streams/tape_records.h"

#include <algorithm>
#include <utility>

#include "hub/pattern_set.h"
#include "hub/stream_spec.h"

namespace livetape::api {
namespace {

// The segments before the first wildcard, two at most: what a block's summary knows. Empty if the
// first one is a wildcard.
std::string_view LiteralPart(std::string_view pattern) {
  size_t end = 0;
  for (int segments = 0; segments < 2 && end < pattern.size(); ++segments) {
    const size_t from = end == 0 ? 0 : end + 1;
    const size_t to = std::min(pattern.find('/', from), pattern.size());
    if (pattern.substr(from, to - from).starts_with('*')) break;
    end = to;
  }
  return pattern.substr(0, end);
}

}  // namespace

hub::RecordView ViewOf(tape::RecordRef record) {
  hub::RecordView view;
  view.seq = record->seq;
  view.time = record->time;
  view.topic = record->topic;
  view.type = record->type;
  view.data = record->data;
  view.owner = std::move(record);
  return view;
}

hub::RecordSource::ReadOutcome TapeRecords::Read(uint64_t after, size_t max,
                                                 std::vector<hub::RecordView>& out) const {
  batch_.clear();
  if (!tape_.ring().Read(after, max, batch_)) return ReadOutcome::kOlder;
  for (tape::RecordRef& record : batch_) out.push_back(ViewOf(std::move(record)));
  return ReadOutcome::kRead;
}

void TapeRecords::Fetch(uint64_t after, size_t bytes_max,
                        std::shared_ptr<const hub::StreamSpec> spec,
                        std::function<void(Fetched)> done) {
  tape::Tape::Fetch fetch;
  fetch.after = after;
  fetch.bytes_max = bytes_max;
  const auto patterns = std::make_shared<const hub::PatternSet>(spec->patterns);
  fetch.matches = [spec, patterns](std::string_view topic, std::string_view type) {
    return spec->WantsType(type) && patterns->Matches(topic);
  };
  fetch.may_match = [spec](const tape::TopicSummary& summary) {
    return std::ranges::any_of(spec->patterns, [&](const hub::TopicPattern& pattern) {
      const std::string_view beginning = LiteralPart(pattern.text());
      return beginning.empty() || summary.MayBeginWith(beginning);
    });
  };
  fetch.done = [this, done = std::move(done)](tape::Tape::Fetched found) {
    mailbox_.Put([done, found = std::move(found)]() mutable {
      Fetched result;
      result.through = found.through;
      result.gone = found.gone;
      result.records.reserve(found.records.size());
      for (tape::RecordRef& record : found.records) {
        result.records.push_back(ViewOf(std::move(record)));
      }
      done(std::move(result));
    });
  };
  tape_.FetchOlder(std::move(fetch));
}

}  // namespace livetape::api
