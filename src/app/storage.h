#pragma once

// Storage: the data folder opened: the tape, what follows from it, the books of paper trading, and
// the keys of tokens.
// Made and destroyed by the main thread.

#include <functional>
#include <memory>
#include <string>

#include "api/publishing/tape_folds.h"
#include "auth/token_verifier.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "config/config.h"
#include "metrics/registry.h"
#include "store/store.h"
#include "tape/tape.h"

namespace livetape::app {

struct Storage {
  std::unique_ptr<tape::Tape> tape;
  std::unique_ptr<api::TapeFolds> folds;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<auth::TokenVerifier> verifier;
};

// Recovers the tape and all that follows from it, and makes jwt.key at the first start. `revoked` is
// called on the tape's thread for each session that is revoked later.
base::Result<Storage> OpenStorage(const config::Config& config, const base::Clock& clock,
                                  metrics::Registry& metrics, base::Log& log,
                                  std::function<void(const std::string& session)> revoked);

}  // namespace livetape::app
