#pragma once

// For tests: the client's end of a WebSocket, frame by frame, so that a test can break each rule.

#include <cstdint>
#include <string>
#include <string_view>

#include "http/testing_client.h"

namespace livetape::http::testing {

struct Frame {
  enum Opcode : uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing, kPong };

  uint8_t opcode = 0xff;  // 0xff: none has come
  bool fin = false;
  std::string payload;

  // Of a close frame; 1005 without.
  unsigned code() const {
    if (payload.size() < 2) return 1005;
    return static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8 |
           static_cast<unsigned char>(payload[1]);
  }
  bool operator==(const Frame&) const = default;
};

class WebSocketClient : public Client {
 public:
  using Client::Client;

  static std::string Request(std::string_view path, std::string_view fields = "") {
    std::string text = "GET ";
    text += path;
    text +=
        " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    text += fields;
    text += "\r\n";
    return text;
  }
  // The head of the answer.
  std::string Handshake(std::string_view path, std::string_view fields = "") {
    Send(Request(path, fields));
    return ReadThrough("\r\n\r\n");
  }

  static std::string Encode(uint8_t opcode, std::string_view payload, bool fin = true,
                            bool masked = true) {
    const uint8_t mask_bit = masked ? 0x80 : 0;
    std::string frame;
    const auto put = [&frame](uint64_t byte) { frame += static_cast<char>(byte & 0xff); };
    put((fin ? 0x80U : 0U) | opcode);
    if (payload.size() < 126) {
      put(mask_bit | payload.size());
    } else {
      const int bytes = payload.size() <= 0xffff ? 2 : 8;
      put(mask_bit | (bytes == 2 ? 126U : 127U));
      for (int i = bytes - 1; i >= 0; --i) put(uint64_t{payload.size()} >> (8 * i));
    }
    if (!masked) return frame.append(payload);
    constexpr std::string_view kMask = "\x12\x34\x56\x78";
    frame += kMask;
    for (size_t i = 0; i < payload.size(); ++i) {
      frame += static_cast<char>(payload[i] ^ kMask[i % 4]);
    }
    return frame;
  }
  bool SendFrame(uint8_t opcode, std::string_view payload, bool fin = true, bool masked = true) {
    return Send(Encode(opcode, payload, fin, masked));
  }
  bool SendText(std::string_view text) { return SendFrame(Frame::kText, text); }

  Frame ReadFrame() {
    const std::string head = ReadBytes(2);
    if (head.size() < 2) return {};
    Frame frame;
    frame.fin = (head[0] & 0x80) != 0;
    frame.opcode = static_cast<uint8_t>(head[0] & 0x0f);
    uint64_t size = static_cast<unsigned char>(head[1]);  // a server does not mask
    if (size >= 126) {
      const std::string more = ReadBytes(size == 126 ? 2 : 8);
      size = 0;
      for (const char c : more) size = size << 8 | static_cast<unsigned char>(c);
    }
    if (size > 0) frame.payload = ReadBytes(size);
    return frame;
  }
};

}  // namespace livetape::http::testing
