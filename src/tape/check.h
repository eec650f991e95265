#pragma once

// Check and Repair: what `livetape tape check` and `livetape tape repair` do. Main thread, with no
// Tape open on the folder for Repair; Check only reads and may run beside one.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace livetape::tape {

// Called now and then with the records seen so far and how many there seem to be (0: not known).
using Progress = std::function<void(uint64_t records, uint64_t of)>;

struct CheckReport {
  uint64_t records = 0, blocks = 0;  // before the first damage
  uint64_t oldest = 1, head = 0;     // of those
  uint64_t bytes = 0;                // of their blocks
  std::string epoch;                 // the current one; empty if it cannot be read
  size_t epochs = 0;
  bool clean = false;                 // whether the tape was closed, or is open, or crashed
  std::optional<std::string> damage;  // the first, in full words
};

// Reads all of it: every page of the file, every block. Fails only where there is no tape at all.
base::Result<CheckReport> Check(const std::filesystem::path& folder, const Progress& progress);

struct RepairReport {
  CheckReport kept = {};  // what the new file holds; `damage`: what was found in the old
  std::optional<uint64_t> lost = {};  // records after the damage as far as they can be counted
  std::filesystem::path damaged_file =
      {};                      // where the old file is now; empty if there was no damage
  std::string new_epoch = {};  // empty if there was no damage
};

// Puts every record before the first damage into a new file with a new epoch and moves the old one
// aside as tape.db.damaged-<time>. Without damage it changes nothing. Atomic: after a crash the
// folder has the old file or the new one.
base::Result<RepairReport> Repair(const std::filesystem::path& folder, const base::Clock& clock,
                                  base::Random random, const Progress& progress);

// Says that tape.db has been restored from a backup: records after its head were once sent under its
// epoch, so the next start begins a new one. For `livetape tape restored`; no Tape is open on the
// folder.
base::Result<void> MarkRestored(const std::filesystem::path& folder);

}  // namespace livetape::tape
