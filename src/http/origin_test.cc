#include "http/origin.h"

#include <gtest/gtest.h>

namespace livetape::http {
namespace {

OriginRules Loopback() {
  OriginRules rules;
  rules.bound_hosts = {"127.0.0.1"};
  rules.port = 8000;
  rules.hosts = {"desk.example"};
  rules.cors_origins = {"https://screens.example"};
  return rules;
}

OriginRules Public() {
  OriginRules rules = Loopback();
  rules.bound_hosts = {"192.168.1.5", "2001:db8::5"};
  rules.loopback = false;
  return rules;
}

Request WithHost(const char* host, int minor_version = 1) {
  Request request;
  request.method = "GET";
  request.minor_version = minor_version;
  if (host != nullptr) request.headers.Add("Host", host);
  return request;
}

Request From(const char* origin, const char* method = "GET") {
  Request request = WithHost("127.0.0.1:8000");
  request.method = method;
  request.headers.Add("Origin", origin);
  return request;
}

TEST(Host, OfThisServerWithAnyPort) {
  for (const auto* host : {"127.0.0.1", "127.0.0.1:8000", "localhost", "LocalHost:9",
                           "desk.example", "DESK.example:443"}) {
    EXPECT_TRUE(HostAllowed(Loopback(), WithHost(host))) << host;
  }
  for (const auto* host : {"[2001:db8::5]", "[2001:DB8:0:0::5]:8000", "192.168.1.5"}) {
    EXPECT_TRUE(HostAllowed(Public(), WithHost(host))) << host;
  }
}

TEST(Host, OfAnybodyElse) {
  for (const auto* host : {"",
                           "evil.example",
                           "127.0.0.1.evil.example",
                           "localhost.evil.example:80",
                           "127.0.0.2",
                           "127.0.0.1:",
                           "127.0.0.1:x",
                           "127.0.0.1:80x",
                           "127.0.0.1:99999",
                           "127.0.0.1:8000:1",
                           "localhost.",
                           "[::1",
                           "[::1]x80",
                           "[::1]",
                           "::1",
                           "user@127.0.0.1",
                           ":8000",
                           "[]:80",
                           "127.0.0.1 ",
                           "[127.0.0.1]"}) {
    EXPECT_FALSE(HostAllowed(Loopback(), WithHost(host))) << host;
  }
}

TEST(Host, MayBeMissingInHttp10Only) {
  EXPECT_TRUE(HostAllowed(Loopback(), WithHost(nullptr, 0)));
  EXPECT_FALSE(HostAllowed(Loopback(), WithHost(nullptr, 1)));
}

TEST(Origin, OnLoopbackAnyLocalPort) {
  for (const auto* origin :
       {"http://localhost", "http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:80"}) {
    EXPECT_TRUE(OriginAllowed(Loopback(), origin, "127.0.0.1:8000")) << origin;
    EXPECT_FALSE(OriginAllowed(Public(), origin, "192.168.1.5:8000")) << origin;
  }
}

TEST(Origin, OwnByHostFieldOrByItsNames) {
  EXPECT_TRUE(OriginAllowed(Public(), "http://192.168.1.5:8000", "192.168.1.5:8000"));
  EXPECT_TRUE(OriginAllowed(Public(), "http://desk.example:8000", "192.168.1.5:8000"));
  EXPECT_TRUE(OriginAllowed(Public(), "http://desk.example", "desk.example"));
  EXPECT_FALSE(OriginAllowed(Public(), "http://desk.example:81", "192.168.1.5:8000"));
  EXPECT_FALSE(OriginAllowed(Public(), "https://192.168.1.5:8000", "192.168.1.5:8000"));
}

// A browser leaves out 443; what is before this server need not be there.
TEST(Origin, OwnBehindAProxyThatSpeaksTls) {
  for (const auto& rules : {Public(), Loopback()}) {
    EXPECT_TRUE(OriginAllowed(rules, "https://desk.example", "desk.example"));
    EXPECT_TRUE(OriginAllowed(rules, "https://desk.example:8443", "Desk.Example:8443"));
    for (const auto* origin :
         {"https://desk.example:8443", "https://evil.example", "https://desk.example.evil.example",
          "https://", "https://desk.example/"}) {
      EXPECT_FALSE(OriginAllowed(rules, origin, "desk.example")) << origin;
    }
    EXPECT_FALSE(OriginAllowed(rules, "https://evil.example", "evil.example"));
    EXPECT_FALSE(OriginAllowed(rules, "https://localhost:8000", "localhost:8000"));
    EXPECT_FALSE(OriginAllowed(rules, "https://", ""));
  }
}

TEST(Origin, ListedExactly) {
  EXPECT_TRUE(OriginAllowed(Public(), "https://screens.example", ""));
  for (const auto* origin : {"https://screens.example:444", "http://screens.example",
                             "https://screens.example/", "https://Screens.example"}) {
    EXPECT_FALSE(OriginAllowed(Public(), origin, "")) << origin;
  }
}

TEST(Origin, Foreign) {
  for (const auto* origin :
       {"", "null", "http://", "http://evil.example", "https://localhost:3000",
        "http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://127.0.0.1:x",
        "http://localhost:3000/", "http://localhost:3000 http://evil.example", "file://"}) {
    EXPECT_FALSE(OriginAllowed(Loopback(), origin, "127.0.0.1:8000")) << origin;
  }
}

TEST(Verdict, WrongHostIsMisdirectedWhateverTheOrigin) {
  Request request = WithHost("evil.example");
  request.headers.Add("Origin", "http://evil.example");
  EXPECT_EQ(CheckOrigin(Loopback(), request, false).refuse, 421U);
  EXPECT_EQ(CheckOrigin(Loopback(), request, false).allow_origin, "");
}

TEST(Verdict, WithoutOriginThereIsNothingToSay) {
  const auto verdict = CheckOrigin(Loopback(), WithHost("localhost"), true);
  EXPECT_EQ(verdict.refuse, 0U);
  EXPECT_EQ(verdict.allow_origin, "");
}

TEST(Verdict, ForeignOriginMayReadWhatItsBrowserWillNotShow) {
  for (const auto* method : {"GET", "HEAD", "OPTIONS"}) {
    const auto verdict = CheckOrigin(Loopback(), From("https://evil.example", method), false);
    EXPECT_EQ(verdict.refuse, 0U) << method;
    EXPECT_EQ(verdict.allow_origin, "") << method;
  }
}

TEST(Verdict, ForeignOriginMayNotStreamOrWrite) {
  for (const auto* method : {"GET", "HEAD"}) {
    EXPECT_EQ(CheckOrigin(Loopback(), From("null", method), true).refuse, 403U) << method;
  }
  for (const auto* method : {"POST", "PUT", "PATCH", "DELETE", "BREW"}) {
    EXPECT_EQ(CheckOrigin(Loopback(), From("null", method), false).refuse, 403U) << method;
  }
  EXPECT_EQ(CheckOrigin(Loopback(), From("null", "OPTIONS"), true).refuse, 0U);
}

TEST(Cors, OnlyVaryWithoutAnAllowedOrigin) {
  const Headers headers = CorsHeaders({}, "GET");
  ASSERT_EQ(headers.fields().size(), 1U);
  EXPECT_EQ(headers.Find("Vary"), "Origin");
}

TEST(Cors, NamesTheOriginAndCredentials) {
  const Headers headers = CorsHeaders(CheckOrigin(Loopback(), From("http://localhost:3000"), true));
  EXPECT_EQ(headers.Find("Vary"), "Origin");
  EXPECT_EQ(headers.Find("Access-Control-Allow-Origin"), "http://localhost:3000");
  EXPECT_EQ(headers.Find("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(headers.Find("Access-Control-Expose-Headers"), "Retry-After");
  EXPECT_EQ(headers.Find("Access-Control-Max-Age"), std::nullopt);
}

TEST(Cors, AnswersAPreflightInFull) {
  const Headers headers =
      CorsHeaders(CheckOrigin(Loopback(), From("http://localhost:3000", "OPTIONS"), true),
                  "GET, HEAD, OPTIONS");
  EXPECT_EQ(headers.Find("Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(headers.Find("Access-Control-Allow-Headers"),
            "Authorization, Content-Type, Last-Event-ID, Idempotency-Key, APCA-API-KEY-ID, "
            "APCA-API-SECRET-KEY");
  EXPECT_EQ(headers.Find("Access-Control-Max-Age"), "600");
}

}  // namespace
}  // namespace livetape::http
