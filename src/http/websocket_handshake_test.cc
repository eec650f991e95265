#include "http/websocket_handshake.h"

#include <gtest/gtest.h>

#include <vector>

namespace livetape::http {
namespace {

constexpr const char* kKey = "dGhlIHNhbXBsZSBub25jZQ==";

Request With(const std::vector<std::pair<std::string, std::string>>& fields) {
  Request request;
  request.method = "GET";
  request.path = "/stream";
  for (const auto& [name, value] : fields) request.headers.Add(name, value);
  return request;
}

Request Right() {
  return With({{"Host", "localhost"},
               {"Upgrade", "websocket"},
               {"Connection", "Upgrade"},
               {"Sec-WebSocket-Version", "13"},
               {"Sec-WebSocket-Key", kKey}});
}

// 0, or the status of the refusal.
unsigned Refused(const Request& request) {
  const auto key = WebSocketKeyOf(request);
  return key ? 0 : key.error().status;
}

TEST(WebSocketHandshake, GivesTheKeyOfARightRequest) {
  EXPECT_TRUE(AsksForWebSocket(Right()));
  EXPECT_EQ(WebSocketKeyOf(Right()), kKey);
}

TEST(WebSocketHandshake, FindsTokensInListsWithoutCase) {
  const Request request = With({{"upgrade", "h2c, WebSocket"},
                                {"Connection", "keep-alive"},
                                {"connection", "x ,  upgrade"},
                                {"sec-websocket-version", " 13 "},
                                {"sec-websocket-key", kKey}});
  EXPECT_TRUE(AsksForWebSocket(request));
  EXPECT_EQ(Refused(request), 0U);
}

TEST(WebSocketHandshake, OnlyGetOfHttp11AsksForOne) {
  Request request = Right();
  request.method = "HEAD";
  EXPECT_FALSE(AsksForWebSocket(request));
  request = Right();
  request.minor_version = 0;
  EXPECT_FALSE(AsksForWebSocket(request));
  EXPECT_FALSE(AsksForWebSocket(With({{"Upgrade", "websockets"}})));
  EXPECT_FALSE(AsksForWebSocket(With({{"Connection", "Upgrade"}})));
}

TEST(WebSocketHandshake, WithoutUpgradeIsToldWhatThePathIs) {
  const auto answer = WebSocketKeyOf(With({{"Host", "localhost"}}));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().status, 426U);
  EXPECT_EQ(answer.error().headers.Find("Upgrade"), "websocket");
}

TEST(WebSocketHandshake, AnotherVersionIsToldOurs) {
  for (const char* const version : {"8", "130", "", "13, 8"}) {
    const auto answer = WebSocketKeyOf(With({{"Upgrade", "websocket"},
                                             {"Connection", "Upgrade"},
                                             {"Sec-WebSocket-Version", version},
                                             {"Sec-WebSocket-Key", kKey}}));
    ASSERT_FALSE(answer.has_value()) << version;
    EXPECT_EQ(answer.error().status, 426U);
    EXPECT_EQ(answer.error().headers.Find("Sec-WebSocket-Version"), "13");
  }
}

TEST(WebSocketHandshake, NeedsConnectionUpgrade) {
  EXPECT_EQ(Refused(With({{"Upgrade", "websocket"},
                          {"Connection", "keep-alive"},
                          {"Sec-WebSocket-Version", "13"},
                          {"Sec-WebSocket-Key", kKey}})),
            400U);
}

TEST(WebSocketHandshake, NeedsAKeyOfSixteenBytes) {
  const auto with_keys = [](const std::vector<std::string>& keys) {
    Request request = With(
        {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Version", "13"}});
    for (const std::string& key : keys) request.headers.Add("Sec-WebSocket-Key", key);
    return Refused(request);
  };
  EXPECT_EQ(with_keys({kKey}), 0U);
  EXPECT_EQ(with_keys({}), 400U);
  EXPECT_EQ(with_keys({""}), 400U);
  EXPECT_EQ(with_keys({"dGhlIHNhbXBsZSBub25jZQ="}), 400U);    // 23 characters
  EXPECT_EQ(with_keys({"dGhlIHNhbXBsZSBub25jZR=="}), 400U);   // bits left over
  EXPECT_EQ(with_keys({"dGhlIHNhbXBsZSBub25j\"Q=="}), 400U);  // no Base64
  EXPECT_EQ(with_keys({kKey, kKey}), 400U);
}

}  // namespace
}  // namespace livetape::http
