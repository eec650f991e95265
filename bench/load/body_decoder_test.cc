#include "load/body_decoder.h"

#include <gtest/gtest.h>

#include <string>

namespace livetape::bench {
namespace {

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

// All body bytes of `wire`, handed over in pieces of `piece` bytes; "error: ..." if it fails.
std::string Decode(BodyDecoder& decoder, std::string_view wire, size_t piece) {
  std::string body;
  while (!wire.empty()) {
    std::string_view received = wire.substr(0, piece);
    wire.remove_prefix(received.size());
    while (!received.empty()) {
      const auto slice = decoder.Next(received);
      if (!slice) return "error: " + slice.error().message;
      body += *slice;
    }
  }
  return body;
}

TEST(BodyDecoder, ChunksComeOutWholeHoweverTheyArrive) {
  const std::string wire = std::string(kHead) + "5\r\nhello\r\nA;name=x\r\n0123456789\r\n";
  for (size_t piece = 1; piece <= wire.size(); ++piece) {
    BodyDecoder decoder;
    EXPECT_EQ(Decode(decoder, wire, piece), "hello0123456789") << "pieces of " << piece;
    EXPECT_EQ(decoder.chunks(), 2u);
    EXPECT_FALSE(decoder.ended());
  }
}

TEST(BodyDecoder, EmptyChunkEndsTheStream) {
  BodyDecoder decoder;
  EXPECT_EQ(Decode(decoder, std::string(kHead) + "2\r\nhi\r\n0\r\n\r\n", 7), "hi");
  EXPECT_TRUE(decoder.ended());
}

TEST(BodyDecoder, WithoutChunksTheBodyIsTheRest) {
  BodyDecoder decoder;
  EXPECT_EQ(Decode(decoder, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n5\r\nhello", 4),
            "5\r\nhello");
  EXPECT_EQ(decoder.chunks(), 0u);
}

TEST(BodyDecoder, AnotherStatusIsNamed) {
  BodyDecoder decoder;
  EXPECT_EQ(Decode(decoder, "HTTP/1.1 429 Too Many Requests\r\n\r\n", 100),
            "error: expected an answer 200, got 'HTTP/1.1 429 Too Many Requests'");
}

TEST(BodyDecoder, BrokenFramingIsAnError) {
  for (const std::string_view body : {"xyz\r\n", "\r\n\r\n", "2\r\nhello\r\n", "111111111\r\n"}) {
    BodyDecoder decoder;
    EXPECT_TRUE(Decode(decoder, std::string(kHead) + std::string(body), 100).starts_with("error"))
        << body;
  }
}

TEST(BodyDecoder, EndlessHeadIsAnError) {
  BodyDecoder decoder;
  EXPECT_EQ(Decode(decoder, "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'), 1000),
            "error: the answer's head is over 16 KiB");
}

}  // namespace
}  // namespace livetape::bench
