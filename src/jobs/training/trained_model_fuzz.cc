// Fuzz target: any bytes as the file of a model, also with the checksum that they ought to have. What
// is read foretells a probability for any row of features, and is written and read again as the same.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "floor/image_bytes.h"
#include "jobs/training/trained_model.h"
#include "jobs/training/worker_protocol.h"

namespace {

using namespace livetape;

void Check(std::string_view bytes) {
  const auto model = jobs::ParseModel(bytes);
  if (!model) {
    LT_ASSERT(!model.error().message.empty());
    return;
  }
  for (const float value :
       {-1e30F, -0.5F, 0.0F, 0.5F, 1e30F, std::numeric_limits<float>::infinity()}) {
    std::array<float, jobs::kFeatures> row{};
    row.fill(value);
    const float rise = model->trees.Probability(row);
    // Leaves that sum to more than a float holds are the one way to none at all.
    LT_ASSERT(std::isnan(rise) || (rise >= 0 && rise <= 1), "{}", rise);
  }
  const std::string again = jobs::ModelBytes(*model);
  const auto read = jobs::ParseModel(again);
  LT_ASSERT(read && read->facts == model->facts && jobs::ModelBytes(*read) == again);
}

// The same bytes with the checksum put right.
std::string Sealed(std::string bytes) {
  const size_t begin = bytes.find('\n') + 1;
  uint32_t crc = 0;
  if (begin == 0 || bytes.size() < begin + sizeof crc) return bytes;
  crc = floor::Crc32(std::string_view(bytes).substr(begin, bytes.size() - begin - sizeof crc));
  return bytes.replace(bytes.size() - sizeof crc, sizeof crc, reinterpret_cast<const char*>(&crc),
                       sizeof crc);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes);
  Check(Sealed(std::string(bytes)));
  // The worker's words come from a process that may have gone mad.
  if (const auto line = jobs::ParseWorkerLine(bytes)) LT_ASSERT(!jobs::LineOf(*line).empty());
  if (auto trees = jobs::TreeEnsemble::Parse(bytes)) LT_ASSERT(trees->Bytes().size() <= size);
  return 0;
}
