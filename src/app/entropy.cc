#include "app/entropy.h"

#include <random>

namespace livetape::app {

uint64_t Entropy() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

}  // namespace livetape::app
