#pragma once

// NativeRenderings: the four forms of the native stream, one object each, so that equal streams
// share cohorts. Any thread.

#include "api/native/native_rendering.h"

namespace livetape::api {

class NativeRenderings {
 public:
  NativeRenderings(const base::Clock& clock, const NativeRendering::Server& server)
      : named_(clock, server, {.named = true, .batch = false}),
        unnamed_(clock, server, {.named = false, .batch = false}),
        named_batches_(clock, server, {.named = true, .batch = true}),
        unnamed_batches_(clock, server, {.named = false, .batch = true}) {}

  const NativeRendering& Of(NativeRendering::Form form) const {
    if (form.batch) return form.named ? named_batches_ : unnamed_batches_;
    return form.named ? named_ : unnamed_;
  }

 private:
  const NativeRendering named_, unnamed_, named_batches_, unnamed_batches_;
};

}  // namespace livetape::api
