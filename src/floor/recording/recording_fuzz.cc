// Fuzz target: any bytes as the file of a recording, and as one block of it with the checksum made
// right. What comes out may be told to a floor, and is written and read again as the same.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "floor/recording/input_codec.h"
#include "floor/recording/recording_format.h"

namespace {

using namespace livetape;

// What can be read of a block, written again; all of it: it is read to its end.
std::pair<std::string, bool> Rewritten(std::string_view block) {
  floor::InputDecoder decoder;
  floor::InputEncoder encoder;
  if (!decoder.Begin(block)) return {{}, false};
  floor::FloorInput input;
  auto more = decoder.Next(input);
  for (; more && *more; more = decoder.Next(input)) encoder.Add(input);
  return {std::move(encoder).Sealed(), more.has_value()};
}

void ReadBlock(std::string_view block) {
  const auto [once, all] = Rewritten(block);
  if (once.empty()) return;
  const auto [twice, again] = Rewritten(once);
  LT_ASSERT(again && twice == once, "{} bytes", once.size());
}

void ReadFile(const std::string& bytes) {
  std::istringstream in(bytes);
  auto reader = floor::RecordingReader::Open(in);
  if (!reader) return;
  for (auto block = reader->Next(); block && *block; block = reader->Next()) ReadBlock(**block);
  LT_ASSERT(reader->end() <= bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string file(reinterpret_cast<const char*>(bytes), size);
  ReadFile(file);
  std::string block = std::string("I\1", 2) + file;
  const uint32_t crc = floor::Crc32(block);
  block.append(reinterpret_cast<const char*>(&crc), sizeof crc);
  ReadBlock(block);
  return 0;
}
