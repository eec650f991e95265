#pragma once

// RecordedFile: a recording in memory, as a floor makes it, and what a floor makes of one. For tests;
// one thread uses it.

#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "floor/recording/input_codec.h"
#include "floor/recording/input_player.h"
#include "floor/recording/recording_format.h"

namespace livetape::floor {

class RecordedFile final : public InputListener {
 public:
  // A block ends with the input that makes it `block_bytes` long.
  explicit RecordedFile(const TradingFloor::Options& options, size_t block_bytes = 4096)
      : block_bytes_(block_bytes), bytes_(BeginRecording({.options = options, .program = "test"})) {
    blocks_.push_back(bytes_.size());
  }
  void OnInput(const FloorInput& input) override {
    encoder_.Add(input);
    if (encoder_.size() >= block_bytes_) Seal();
  }
  void Seal() {
    if (encoder_.empty()) return;
    const std::string block = std::exchange(encoder_, InputEncoder()).Sealed();
    bytes_ += FrameHead(block) + block;
    blocks_.push_back(bytes_.size());
  }
  const std::string& bytes() const { return bytes_; }
  // Where the header and each block end.
  const std::vector<size_t>& ends() const { return blocks_; }

 private:
  size_t block_bytes_;
  InputEncoder encoder_;
  std::string bytes_;
  std::vector<size_t> blocks_;
};

// A floor that a recording is played to.
struct PlayedFloor final : FloorObserver {
  void OnOrderEvent(const OrderEvent& event) override { events.push_back(event); }
  void OnRuined(model::AccountId, base::WallTime) override { ++ruined; }

  // Plays all of it; what is wrong, or "". Each block is also written again, as the same bytes.
  std::string Play(const std::string& bytes) {
    std::istringstream in(bytes);
    auto reader = RecordingReader::Open(in);
    if (!reader) return reader.error().message;
    floor.emplace(reader->header().options, *this);
    player.emplace(*floor);
    InputDecoder decoder;
    while (true) {
      const auto block = reader->Next();
      if (!block) return block.error().message;
      if (!*block) break;
      if (auto begun = decoder.Begin(**block); !begun) return begun.error().message;
      InputEncoder again;
      FloorInput input;
      auto more = decoder.Next(input);
      for (; more && *more; more = decoder.Next(input)) {
        again.Add(input);
        if (auto played = player->Play(input); !played) return played.error().message;
        ++inputs;
      }
      if (!more) return more.error().message;
      if (std::move(again).Sealed() != **block) return "a block is written again as another";
    }
    cut_off = reader->cut_off();
    end = reader->end();
    return "";
  }

  std::optional<TradingFloor> floor;
  std::optional<InputPlayer> player;
  std::vector<OrderEvent> events;
  size_t inputs = 0;
  int ruined = 0;
  bool cut_off = false;
  uint64_t end = 0;
};

}  // namespace livetape::floor
