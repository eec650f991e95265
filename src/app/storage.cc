#include "app/storage.h"

#include "app/auth_keys.h"
#include "app/entropy.h"
#include "auth/key_file.h"

namespace livetape::app {
namespace {

tape::Tape::Options TapeOptions(const config::Config& config) {
  tape::Tape::Options options;
  options.folder = config.server.data_dir;
  options.ring_records = config.tape.ring;
  options.keep_records = config.tape.keep_records;
  options.keep_bytes = config.tape.keep_bytes;
  options.keep_age = config.tape.keep;
  options.sync =
      config.tape.sync == config::TapeSync::kFull ? tape::Sync::kFull : tape::Sync::kNormal;
  return options;
}

base::Result<std::unique_ptr<auth::TokenVerifier>> OpenVerifier(const config::Config& config,
                                                                base::Log& log) {
  const auth::KeySource source = KeySourceOf(config);
  if (source.file == OwnKeyFile(config)) {
    const auto made = auth::MakeKeyFile(source.file);
    if (!made) return std::unexpected(made.error());
    if (made->made) log.Info("made {}, the key of this server's tokens", source.file.string());
    if (!made->warning.empty()) log.Warning("{}", made->warning);
  }
  auto verifier = auth::TokenVerifier::Open(source);
  if (verifier) {
    for (const std::string& note : (*verifier)->notes()) log.Info("{}", note);
  }
  return verifier;
}

}  // namespace

base::Result<Storage> OpenStorage(const config::Config& config, const base::Clock& clock,
                                  metrics::Registry& metrics, base::Log& log,
                                  std::function<void(const std::string& session)> revoked) {
  Storage storage;
  auto tape = tape::Tape::Open(TapeOptions(config), clock, base::Random(Entropy()), metrics, log);
  if (!tape) return std::unexpected(std::move(tape.error()));
  storage.tape = *std::move(tape);
  auto store = store::Store::Open({.folder = config.server.data_dir}, metrics);
  if (!store) return std::unexpected(std::move(store.error()));
  storage.store = *std::move(store);
  auto verifier = OpenVerifier(config, log);
  if (!verifier) return std::unexpected(std::move(verifier.error()));
  storage.verifier = *std::move(verifier);
  storage.folds = std::make_unique<api::TapeFolds>(std::move(revoked));
  if (auto restored = storage.folds->Restore(*storage.tape, clock.Wall()); !restored) {
    return std::unexpected(std::move(restored.error()));
  }
  return storage;
}

}  // namespace livetape::app
