#pragma once

// Receipt: the ids that a publishing request is answered with, before and after they are numbered.

#include <cstdint>
#include <string>
#include <vector>

namespace livetape::api {

// A request's records have consecutive numbers, so that one number and the places of the nulls say
// it all: a receipt of 10,000 ids is a few words, but of those that take turns with nulls 40 KB.
struct Receipt {
  enum class Form : uint8_t { kId, kIds };

  Form form = Form::kIds;  // {"id":"3f9c-7"} of one item, {"ids":["3f9c-7",null]} of any number
  std::string epoch;
  uint64_t first_seq = 0;      // of the first record; known once the tape has numbered them
  std::vector<uint32_t> runs;  // how many ids, nulls, ids, ... follow each other

  // Adds the next item: a record, which has an id, or state, which has none.
  void Add(bool has_id);
  size_t bytes() const { return epoch.size() + runs.size() * sizeof(uint32_t); }
  uint64_t records() const;
  std::string Json() const;
};

}  // namespace livetape::api
