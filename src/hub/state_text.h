#pragma once

// StateText: puts fragments of state together for one view: whole events one after another, or,
// for a rendering that batches, elements joined into events. Lives within one function.

#include <cstdint>
#include <string>
#include <string_view>

#include "hub/rendering.h"

namespace livetape::hub {

class StateText {
 public:
  // Appends to `out`; `scratch` is emptied.
  StateText(const Rendering& rendering, std::string& out, std::string& scratch)
      : rendering_(rendering), out_(out), elements_(scratch) {
    elements_.clear();
  }

  void Add(std::string_view fragment) {
    if (fragment.empty()) return;
    ++values_;
    if (!rendering_.batches()) {
      out_ += fragment;
      return;
    }
    if (!elements_.empty() && elements_.size() + 1 + fragment.size() > kBatchBytesMax) Finish();
    if (!elements_.empty()) elements_ += ',';
    elements_ += fragment;
  }
  // Ends the event that elements are gathered for. To be called before `out` is used.
  void Finish() {
    if (elements_.empty()) return;
    rendering_.Batch(elements_, out_);
    elements_.clear();
  }

  // What `out` has or will have.
  size_t bytes() const { return out_.size() + elements_.size(); }
  // Values added so far that the view has a form for.
  uint64_t values() const { return values_; }

 private:
  const Rendering& rendering_;
  std::string& out_;
  std::string& elements_;
  uint64_t values_ = 0;
};

}  // namespace livetape::hub
