#pragma once

// RecordTexts: the records that a shard has just read, as text, each made once per rendering
// however many cohorts get it. Owned by the shard's thread; used for one batch at a time.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hub/event_id.h"
#include "hub/rendering.h"

namespace livetape::hub {

class RecordTexts {
 public:
  explicit RecordTexts(std::string_view epoch) : ids_(epoch) {}

  // `records` stay until the next Begin.
  void Begin(std::span<const RecordView> records) {
    records_ = records;
    if (made_.size() < records.size()) made_.resize(records.size());
    for (size_t i = 0; i < records.size(); ++i) made_[i].clear();
    text_.clear();
  }
  // The event of record number `i` of the batch; valid until the next call.
  std::string_view Of(size_t i, const Rendering& rendering) {
    for (const Made& made : made_[i]) {
      if (made.rendering == &rendering) return Part(made);
    }
    const size_t begin = text_.size();
    rendering.Record(records_[i], ids_.Of(records_[i].seq), text_);
    return Part(made_[i].emplace_back(Made{&rendering, begin, text_.size() - begin}));
  }

 private:
  struct Made {
    const Rendering* rendering;
    size_t begin, size;
  };
  std::string_view Part(const Made& made) const {
    return std::string_view(text_).substr(made.begin, made.size);
  }

  EventIds ids_;
  std::span<const RecordView> records_;
  std::vector<std::vector<Made>> made_;  // by number of the record
  std::string text_;
};

}  // namespace livetape::hub
