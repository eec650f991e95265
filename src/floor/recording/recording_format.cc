#include "floor/recording/recording_format.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "floor/image_bytes.h"

namespace livetape::floor {
namespace {

constexpr char kHeaderKind = 'R';
constexpr uint8_t kVersion = 1;

std::string EncodeHeader(const RecordingHeader& header) {
  ImageWriter image(kHeaderKind, kVersion);
  const TradingFloor::Options& options = header.options;
  image.All(options.exchange_hours, options.seed, options.check_identity_on_ticks,
            options.watch_risk, header.ids_seed, header.began, std::string_view(header.program));
  return std::move(image).Sealed();
}

base::Result<RecordingHeader> DecodeHeader(std::string_view bytes) {
  auto image = ImageReader::Open(bytes, kHeaderKind, kVersion, "header of the recording");
  if (!image) return std::unexpected(std::move(image.error()));
  RecordingHeader header;
  std::string_view program;
  TradingFloor::Options& options = header.options;
  image->All(options.exchange_hours, options.seed, options.check_identity_on_ticks,
             options.watch_risk, header.ids_seed, header.began, program);
  header.program = program;
  if (image->Complete()) return header;
  return base::Fail("the header of the recording is not of the form that its version has");
}

uint32_t NumberAt(const char* bytes) {
  uint32_t number = 0;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

}  // namespace

std::string FrameHead(std::string_view block) {
  const auto size = static_cast<uint32_t>(block.size());
  const uint32_t complement = ~size;
  std::string head(kFrameHeadBytes, '\0');
  std::memcpy(head.data(), &size, sizeof size);
  std::memcpy(head.data() + sizeof size, &complement, sizeof complement);
  return head;
}

std::string BeginRecording(const RecordingHeader& header) {
  const std::string image = EncodeHeader(header);
  std::string bytes(kRecordingMagic);
  bytes += FrameHead(image);
  return bytes += image;
}

base::Result<RecordingReader> RecordingReader::Open(std::istream& in) {
  std::string magic(kRecordingMagic.size(), '\0');
  in.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  if (magic != kRecordingMagic) {
    return base::Fail("this is no recording: `livetape serve --record FILE` makes one");
  }
  RecordingReader reader(in);
  reader.end_ = kRecordingMagic.size();
  const auto block = reader.Next();
  if (!block) return std::unexpected(block.error());
  if (!*block) return base::Fail("the recording ends before its header");
  auto header = DecodeHeader(**block);
  if (!header) return std::unexpected(std::move(header.error()));
  reader.header_ = *std::move(header);
  return reader;
}

base::Result<std::optional<std::string_view>> RecordingReader::Next() {
  std::string head(kFrameHeadBytes, '\0');
  in_->read(head.data(), kFrameHeadBytes);
  const auto head_bytes = static_cast<size_t>(in_->gcount());
  if (in_->bad()) return base::Fail("the recording cannot be read");
  if (head_bytes < kFrameHeadBytes) {
    cut_off_ = head_bytes > 0;
    return std::nullopt;
  }
  const uint32_t size = NumberAt(head.data());
  if (NumberAt(head.data() + sizeof size) != ~size || size > kBlockBytesMax) {
    return base::Fail(fmt::format("the recording is damaged at byte {}", end_));
  }
  block_.resize(size);
  in_->read(block_.data(), size);
  if (in_->bad()) return base::Fail("the recording cannot be read");
  if (static_cast<uint32_t>(in_->gcount()) < size) {
    cut_off_ = true;
    return std::nullopt;
  }
  end_ += kFrameHeadBytes + size;
  return std::string_view(block_);
}

}  // namespace livetape::floor
