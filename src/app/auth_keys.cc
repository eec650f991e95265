#include "app/auth_keys.h"

namespace livetape::app {

auth::Algorithm AlgorithmOf(const config::AuthConfig& auth) {
  switch (auth.jwt_alg) {
    case config::JwtAlgorithm::kRs256:
      return auth::Algorithm::kRs256;
    case config::JwtAlgorithm::kEs256:
      return auth::Algorithm::kEs256;
    case config::JwtAlgorithm::kHs256:
      break;
  }
  return auth::Algorithm::kHs256;
}

std::filesystem::path OwnKeyFile(const config::Config& config) {
  return std::filesystem::path(config.server.data_dir) / "jwt.key";
}

auth::KeySource KeySourceOf(const config::Config& config) {
  auth::KeySource source;
  source.algorithm = AlgorithmOf(config.auth);
  if (!config.auth.jwks_file.empty()) {
    source.file = config.auth.jwks_file;
    source.form = auth::KeyForm::kSet;
  } else if (!config.auth.jwt_key_file.empty()) {
    source.file = config.auth.jwt_key_file;
  } else {
    source.file = OwnKeyFile(config);
  }
  return source;
}

}  // namespace livetape::app
