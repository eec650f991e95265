#pragma once

// RecoverPaper: the paper accounts as the tape left them: snapshots of the store, then the records
// after them (DESIGN section 3). Main thread, before anything runs.

#include "app/floor_agent.h"
#include "app/paper/paper_floor.h"
#include "app/paper/projector.h"
#include "base/log.h"
#include "base/result.h"
#include "store/store.h"
#include "tape/tape.h"

namespace livetape::app {

struct PaperParts {
  store::Store& store;
  tape::Tape& tape;
  PaperFloor& paper;
  Projector& projector;
  FloorAgent& floor;
  base::Log& log;
};

// Brings the store up to the tape's head, too, or back to it where it is ahead. The error says which
// record or row cannot be read.
base::Result<void> RecoverPaper(const PaperParts& parts);

}  // namespace livetape::app
