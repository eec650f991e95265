#pragma once

// What the native stream's rendering asks of the server: the head, the feed's age, and the JSON of
// state that the server itself writes.

#include "api/native/native_rendering.h"
#include "app/floor_agent.h"
#include "tape/tape.h"

namespace livetape::app {

// Both outlive what is returned; its functions may be called by any thread.
api::NativeRendering::Server NativeServer(const tape::Tape& tape, const FloorAgent& floor);

}  // namespace livetape::app
