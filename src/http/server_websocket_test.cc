// WebSockets over a real connection.

#include <gtest/gtest.h>

#include "http/testing_server.h"
#include "http/testing_websocket.h"

namespace livetape::http::testing {
namespace {

using namespace std::chrono_literals;

class ServerWebSocket : public ::testing::Test {
 protected:
  static ServerOptions Options() {
    ServerOptions options;
    options.log_streams = true;
    return options;
  }
  std::string Log() { return server_.Logged("websocket path="); }

  RunningServer server_{Options()};
};

TEST_F(ServerWebSocket, AnswersTheHandshakeOfTheStandard) {
  WebSocketClient client(server_.port());
  const std::string head = client.Handshake("/socket");
  EXPECT_EQ(StatusOf(head), 101U);
  EXPECT_TRUE(Has(head, "Upgrade: websocket")) << head;
  EXPECT_TRUE(Has(head, "Connection: upgrade")) << head;
  EXPECT_TRUE(Has(head, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) << head;
  EXPECT_TRUE(Has(head, "Vary: Origin")) << head;
}

TEST_F(ServerWebSocket, WorksWithAQuery) {
  WebSocketClient client(server_.port());
  EXPECT_EQ(StatusOf(client.Handshake("/socket?x=1")), 101U);
  client.SendText("hello");
  EXPECT_EQ(client.ReadFrame().payload, "hello");
}

TEST_F(ServerWebSocket, CarriesTextAndBinaryBothWays) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  client.SendText("hello");
  EXPECT_EQ(client.ReadFrame(), (Frame{Frame::kText, true, "hello"}));
  const std::string bytes("\0\xff\x80", 3);
  client.SendFrame(Frame::kBinary, bytes);
  EXPECT_EQ(client.ReadFrame(), (Frame{Frame::kBinary, true, bytes}));
}

TEST_F(ServerWebSocket, PutsFragmentsTogetherAndAnswersPingsBetweenThem) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  client.SendFrame(Frame::kText, "Hel", false);
  client.SendFrame(Frame::kPing, "are you there");
  client.SendFrame(Frame::kContinuation, "l", false);
  client.SendFrame(Frame::kContinuation, "", false);
  client.SendFrame(Frame::kContinuation, "o", true);
  EXPECT_EQ(client.ReadFrame(), (Frame{Frame::kPong, true, "are you there"}));
  EXPECT_EQ(client.ReadFrame(), (Frame{Frame::kText, true, "Hello"}));
}

TEST_F(ServerWebSocket, AnswersFramesThatCameWithTheRequest) {
  WebSocketClient client(server_.port());
  client.Send(WebSocketClient::Request("/socket") + WebSocketClient::Encode(Frame::kText, "early"));
  EXPECT_EQ(StatusOf(client.ReadThrough("\r\n\r\n")), 101U);
  EXPECT_EQ(client.ReadFrame().payload, "early");
  WebSocketClient hasty(server_.port());
  hasty.Send(WebSocketClient::Request("/socket") +
             WebSocketClient::Encode(Frame::kText, std::string(2000, 'x')));
  EXPECT_EQ(StatusOf(hasty.ReadThrough("\r\n\r\n")), 400U);
}

TEST_F(ServerWebSocket, TakesAMessageOf64KiBAndNoLargerOne) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  const std::string largest(kWebSocketMessageBytesMax, 'x');
  client.SendText(largest);
  EXPECT_EQ(client.ReadFrame(), (Frame{Frame::kText, true, largest}));
  client.SendText(largest + "x");
  const Frame frame = client.ReadFrame();
  EXPECT_EQ(frame.opcode, Frame::kClose);
  EXPECT_EQ(frame.code(), 1009U);
  client.Close();
  EXPECT_TRUE(Log().contains("end=too-big")) << Log();
}

TEST_F(ServerWebSocket, CountsTheFragmentsOfAMessageTogether) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  client.SendFrame(Frame::kText, std::string(40'000, 'x'), false);
  client.SendFrame(Frame::kContinuation, std::string(40'000, 'x'), true);
  EXPECT_EQ(client.ReadFrame().code(), 1009U);
}

TEST_F(ServerWebSocket, ClosesOnWhatTheStandardForbids) {
  const std::string ping(126, 'p');
  const auto answer = [&](std::string_view bytes) {
    WebSocketClient client(server_.port());
    client.Handshake("/socket");
    client.Send(bytes);
    const Frame frame = client.ReadFrame();
    return frame.opcode == Frame::kClose ? frame.code() : 0;
  };
  const auto encode = WebSocketClient::Encode;
  EXPECT_EQ(answer(encode(Frame::kText, "bare", true, false)), 1002U);  // without mask
  EXPECT_EQ(answer(encode(Frame::kContinuation, "x", true, true)), 1002U);
  EXPECT_EQ(answer(encode(Frame::kPing, ping, true, true)), 1002U);
  EXPECT_EQ(answer(encode(Frame::kPing, "p", false, true)), 1002U);
  EXPECT_EQ(answer(encode(3, "x", true, true)), 1002U);     // an opcode that is none
  EXPECT_EQ(answer(encode(0x41, "x", true, true)), 1002U);  // a reserved bit
  EXPECT_EQ(answer(encode(Frame::kText, "\xff", true, true)), 1007U);
  EXPECT_EQ(answer(encode(Frame::kClose, "\x03\xec", true, true)), 1002U);  // 1004
}

TEST_F(ServerWebSocket, ClosesOnATextThatEndsInsideOfACharacterBeforeAnEmptyFragment) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  client.SendFrame(Frame::kText, "n\xe8", false);
  client.SendFrame(Frame::kContinuation, "");
  EXPECT_EQ(client.ReadFrame().code(), 1007U);
  client.SendFrame(Frame::kClose, "\x03\xef");
  client.EndSending();
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(Log().contains("end=protocol")) << Log();
  EXPECT_EQ(server_.sockets().Seen(), "o c ");
}

TEST_F(ServerWebSocket, AnswersTheClientsClose) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  client.SendText("one");
  client.ReadFrame();
  client.SendFrame(Frame::kClose, "\x03\xe8");
  const Frame frame = client.ReadFrame();
  EXPECT_EQ(frame.opcode, Frame::kClose);
  EXPECT_EQ(frame.code(), 1000U);
  client.EndSending();
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(client.ended());
  const std::string line = Log();
  EXPECT_TRUE(line.contains("path=/socket messages=1 bytes=3")) << line;
  EXPECT_TRUE(line.contains("end=left")) << line;
  EXPECT_EQ(server_.sockets().Seen(), "o t:one c ");
}

TEST_F(ServerWebSocket, ClosesBehindWhatWasSent) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  client.SendText("close");
  EXPECT_EQ(client.ReadFrame().payload, "goodbye");
  const Frame frame = client.ReadFrame();
  EXPECT_EQ(frame.opcode, Frame::kClose);
  EXPECT_EQ(frame.code(), 1008U);
  EXPECT_EQ(frame.payload.substr(2), "as asked");
  client.SendText("too late");
  client.SendFrame(Frame::kClose, frame.payload);
  client.EndSending();
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(Log().contains("end=ended")) << Log();
  EXPECT_EQ(server_.sockets().Seen(), "o t:close c ");
}

TEST_F(ServerWebSocket, TellsTheObserverOfABrokenConnection) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  client.SendText("hello");
  client.ReadFrame();
  client.Reset();
  EXPECT_TRUE(Log().contains("end=left")) << Log();
  EXPECT_EQ(server_.sockets().Seen(), "o t:hello c ");
  EXPECT_TRUE(server_.Metrics().contains("livetape_http_connections 0\n"));
  EXPECT_TRUE(server_.Metrics().contains("livetape_websockets_open 0\n"));
}

TEST_F(ServerWebSocket, ClosesAReaderThatIsTooSlow) {
  WebSocketClient client(server_.port(), 4096);
  client.Handshake("/socket");
  client.SendText("flood");  // 16 MiB in messages of 32 KiB
  Frame frame;
  size_t received = 0;
  while ((frame = client.ReadFrame()).opcode == Frame::kText) received += frame.payload.size();
  EXPECT_EQ(frame.opcode, Frame::kClose);
  EXPECT_EQ(frame.code(), 1013U);
  EXPECT_LT(received, 8U << 20);
  EXPECT_TRUE(server_.Metrics().contains("livetape_websockets_cut_total{reason=\"slow\"} 1\n"));
  client.Close();
  EXPECT_TRUE(Log().contains("end=slow")) << Log();
}

TEST_F(ServerWebSocket, FailingHandlerClosesItsSocketOnly) {
  WebSocketClient client(server_.port());
  client.Handshake("/socket");
  client.SendText("throw");
  EXPECT_EQ(client.ReadFrame().code(), 1011U);
  EXPECT_EQ(StatusOf(Get(server_.port(), "/hello")), 200U);
}

TEST_F(ServerWebSocket, RefusesWhatIsNoHandshake) {
  EXPECT_EQ(StatusOf(Get(server_.port(), "/socket")), 426U);
  WebSocketClient foreign(server_.port());
  EXPECT_EQ(StatusOf(foreign.Handshake("/socket", "Origin: https://evil.example\r\n")), 403U);
  WebSocketClient local(server_.port());
  const std::string head = local.Handshake("/socket", "Origin: http://localhost:3000\r\n");
  EXPECT_EQ(StatusOf(head), 101U);
  EXPECT_TRUE(Has(head, "Access-Control-Allow-Origin: http://localhost:3000")) << head;
}

TEST_F(ServerWebSocket, ARefusedUpgradeLeavesTheConnectionUsable) {
  WebSocketClient client(server_.port());
  client.Send("GET /socket HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(StatusOf(client.ReadAnswer()), 426U);
  EXPECT_EQ(StatusOf(client.Handshake("/socket")), 101U);
}

TEST_F(ServerWebSocket, CountsAmongTheConnections) {
  ServerOptions options;
  options.connections_max = 1;
  RunningServer server(options);
  WebSocketClient client(server.port());
  client.Handshake("/socket");
  WebSocketClient second(server.port());
  EXPECT_EQ(second.Handshake("/socket"), "");
  EXPECT_TRUE(server.Metrics().contains("livetape_websockets_open 1\n"));
  EXPECT_TRUE(server.Metrics().contains("livetape_http_connections 1\n"));
}

TEST(ServerWebSocketPing, PingsTheSilentAndKeepsWhoAnswers) {
  ServerOptions options;
  options.log_streams = true;
  options.websocket_ping = 500ms;
  RunningServer server(options);
  WebSocketClient client(server.port());
  client.Handshake("/socket");
  for (int i = 0; i < 4; ++i) {
    const Frame ping = client.ReadFrame();
    ASSERT_EQ(ping.opcode, Frame::kPing);
    client.SendFrame(Frame::kPong, ping.payload);
  }
  EXPECT_EQ(client.ReadFrame().opcode, Frame::kPing);
  client.ReadToEnd();
  EXPECT_TRUE(server.Logged("websocket path=").contains("end=silent"));
  EXPECT_TRUE(server.Metrics().contains("livetape_websockets_cut_total{reason=\"silent\"} 1\n"));
}

TEST(ServerWebSocketStop, ClosesWithGoingAway) {
  ServerOptions options;
  options.log_streams = true;
  RunningServer server(options);
  WebSocketClient client(server.port()), mute(server.port());
  client.Handshake("/socket");
  mute.Handshake("/socket");
  server.server().StopAccepting();
  const Frame frame = client.ReadFrame();
  EXPECT_EQ(frame.opcode, Frame::kClose);
  EXPECT_EQ(frame.code(), 1001U);
  client.SendFrame(Frame::kClose, frame.payload);
  client.EndSending();
  EXPECT_EQ(client.ReadToEnd(), "");
  // Who does not answer is not waited for long.
  EXPECT_TRUE(server.server().Join(10s));
  EXPECT_EQ(mute.ReadFrame().code(), 1001U);
}

TEST(ServerWebSocketStop, CutsWhatIsLeft) {
  RunningServer server;
  WebSocketClient client(server.port());
  client.Handshake("/socket");
  EXPECT_FALSE(server.server().Join(0ms));
  client.ReadToEnd();
  EXPECT_TRUE(client.ended() || client.was_reset());
}

}  // namespace
}  // namespace livetape::http::testing
