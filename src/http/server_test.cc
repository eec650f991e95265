// The server over real sockets: requests, limits, errors. Streams and life cycle have their own
// files.

#include "http/server.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "http/testing_server.h"

namespace livetape::http::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

// One request on a connection of its own, which the server then has to close.
std::string AskAndClose(uint16_t port, std::string_view request) {
  Client client(port);
  client.Send(request);
  std::string answer = client.ReadToEnd();
  EXPECT_TRUE(client.ended()) << request;
  return answer;
}

TEST(Server, AnswersARequest) {
  RunningServer server;
  EXPECT_EQ(Get(server.port(), "/hello"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 15\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nVary: Origin\r\n\r\nhello 127.0.0.1");
}

TEST(Server, KeepsTheConnectionThroughErrors) {
  RunningServer server;
  Client client(server.port());
  for (const auto& [request, status] : std::vector<std::pair<std::string, unsigned>>{
           {"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 200},
           {"GET /nope HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
           {"POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}", 405},
           {"GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
           {"POST /echo HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n", 403},
           {"GET /throws HTTP/1.1\r\nHost: localhost\r\n\r\n", 500},
           {"GET /fails HTTP/1.1\r\nHost: localhost\r\n\r\n", 500},
           {"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", 200}}) {
    client.Send(request);
    EXPECT_EQ(StatusOf(client.ReadAnswer()), status) << request;
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  RunningServer server;
  Client client(server.port());
  std::string requests;
  for (int i = 0; i < 300; ++i) {
    const std::string body = std::to_string(i);
    requests +=
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body + "\r\n";
  }
  client.Send(requests);
  for (int i = 0; i < 300; ++i) {
    const std::string answer = client.ReadAnswer();
    ASSERT_TRUE(answer.ends_with("\r\n\r\n" + std::to_string(i))) << answer;
  }
}

TEST(Server, AnswersARequestThatComesInSingleBytes) {
  RunningServer server;
  Client client(server.port());
  for (const char byte : kHello) client.Send(std::string(1, byte));
  EXPECT_EQ(StatusOf(client.ReadAnswer()), 200U);
}

TEST(Server, ReadsABodyByLengthAndByChunks) {
  RunningServer server;
  Client client(server.port());
  const std::string body(900'000, 'b');
  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n" + body);
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + body));
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc"
      "\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\nabcde"));
}

TEST(Server, KeepsAnAnswerForAClientThatReadsLate) {
  RunningServer server;
  Client client(server.port(), 4096);
  const std::string body(1'000'000, 'b');
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" + body;
  for (int i = 0; i < 3; ++i) {
    client.Send(request);
    EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + body));
  }
}

TEST(Server, ClosesAfterHttp10UnlessAskedNotTo) {
  RunningServer server;
  const std::string answer = AskAndClose(server.port(), "GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(StatusOf(answer), 200U);
  EXPECT_TRUE(Has(answer, "Connection: close"));

  Client client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.Send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(Has(client.ReadAnswer(), "Connection: keep-alive"));
  }
}

TEST(Server, ClosesWhenAsked) {
  RunningServer server;
  const std::string answer = AskAndClose(
      server.port(), "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(Has(answer, "Connection: close"));
}

TEST(Server, AnswersAClientThatHasEndedItsSide) {
  RunningServer server;
  Client client(server.port());
  client.Send(kHello);
  client.EndSending();
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 200U);
}

TEST(Server, HeadIsTheGetWithoutBody) {
  RunningServer server;
  Client client(server.port());
  client.Send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(Has(client.ReadAnswer(true), "Content-Length: 15"));
  client.Send(kHello);
  EXPECT_EQ(StatusOf(client.ReadAnswer()), 200U);
}

TEST(Server, OptionsTellsTheMethods) {
  RunningServer server;
  Client client(server.port());
  client.Send("OPTIONS /stream HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:1\r\n\r\n");
  const std::string answer = client.ReadAnswer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204 No Content\r\n"));
  EXPECT_TRUE(Has(answer, "Allow: GET, HEAD, OPTIONS"));
  EXPECT_TRUE(Has(answer, "Access-Control-Allow-Methods: GET, HEAD, OPTIONS"));
  EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
}

TEST(Server, AsksForTheBodyThatIsHeldBack) {
  RunningServer server;
  Client client(server.port());
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
      "2\r\n\r\n");
  EXPECT_EQ(client.ReadThrough("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hi");
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\nhi"));
}

TEST(Server, DoesNotAskForABodyItWouldNotTake) {
  RunningServer server;
  const std::string answer =
      AskAndClose(server.port(),
                  "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                  "Content-Length: 9999999\r\n\r\n");
  EXPECT_EQ(StatusOf(answer), 413U);
}

TEST(Server, RefusesWithAProblemAndCloses) {
  ServerOptions options;
  options.head_bytes_max = 1000;
  options.body_bytes_max = 1000;
  RunningServer server(options);
  const std::string long_text(2000, 'x');
  for (const auto& [request, status] : std::vector<std::pair<std::string, unsigned>>{
           {"\x16\x03\x01\x02\r\n\r\n", 400},
           {"GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400},
           {"GET /" + long_text, 414},
           {"GET /hello HTTP/1.1\r\nHost: localhost\r\nA: " + long_text, 431},
           {"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n", 413},
           {"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501}}) {
    const std::string answer = AskAndClose(server.port(), request);
    EXPECT_EQ(StatusOf(answer), status) << request;
    EXPECT_TRUE(Has(answer, "Content-Type: application/problem+json")) << request;
    EXPECT_TRUE(Has(answer, "Connection: close")) << request;
    EXPECT_TRUE(Has(answer, "Vary: Origin")) << request;
  }
}

TEST(Server, APageOfAnAllowedOriginCanReadAnEarlyRefusal) {
  ServerOptions options;
  options.head_bytes_max = 1000;
  options.body_bytes_max = 1000;
  RunningServer server(options);
  const std::string post = "POST /echo HTTP/1.1\r\nHost: localhost\r\nOrigin: ";
  for (const auto& [rest, status] : std::vector<std::pair<std::string, unsigned>>{
           {"Content-Length: 1001\r\n\r\n", 413},
           {"Transfer-Encoding: chunked\r\n\r\n3e9\r\n", 413},
           {"A: " + std::string(2000, 'x'), 431},
           {"Expect: more\r\n\r\n", 417}}) {
    const std::string own = AskAndClose(server.port(), post + "http://localhost:3000\r\n" + rest);
    EXPECT_EQ(StatusOf(own), status) << rest;
    EXPECT_TRUE(Has(own, "Access-Control-Allow-Origin: http://localhost:3000")) << own;
    EXPECT_TRUE(Has(own, "Access-Control-Expose-Headers: Retry-After")) << own;
    const std::string foreign = AskAndClose(server.port(), post + "http://evil.example\r\n" + rest);
    EXPECT_EQ(StatusOf(foreign), status) << rest;
    EXPECT_EQ(foreign.find("Access-Control"), std::string::npos) << foreign;
    EXPECT_TRUE(Has(foreign, "Vary: Origin")) << foreign;
  }
}

TEST(Server, RefusalReachesAClientThatIsStillSending) {
  ServerOptions options;
  options.body_bytes_max = 1000;
  RunningServer server(options);
  Client client(server.port());
  client.Send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n");
  client.Send(std::string(3'000'000, 'x'));
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 413U);
  EXPECT_TRUE(client.ended());
}

TEST(Server, ClosesWhatDoesNotCompleteItsRequest) {
  ServerOptions options;
  options.head_timeout = 50ms;
  RunningServer server(options);
  for (const auto* part :
       {"", "\r\n", "GET /hello HTTP/1.1\r\nHo",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab"}) {
    EXPECT_EQ(AskAndClose(server.port(), part), "") << part;
  }
}

TEST(Server, ClosesAConnectionThatIsIdleForTooLong) {
  ServerOptions options;
  options.idle_timeout = 50ms;
  RunningServer server(options);
  EXPECT_EQ(StatusOf(AskAndClose(server.port(), kHello)), 200U);
}

TEST(Server, ClosesAConnectionOverTheLimitAndServesTheOthers) {
  ServerOptions options;
  options.connections_max = 1;
  RunningServer server(options);
  Client first(server.port());
  first.Send(kHello);
  EXPECT_EQ(StatusOf(first.ReadAnswer()), 200U);
  Client second(server.port());
  EXPECT_EQ(second.ReadToEnd(), "");
  first.Send(kHello);
  EXPECT_EQ(StatusOf(first.ReadAnswer()), 200U);
  EXPECT_NE(server.Metrics().find("livetape_http_connections_refused_total 1\n"),
            std::string::npos);
}

TEST(Server, CountsConnectionsAndAnswers) {
  RunningServer server;
  Client client(server.port());
  for (const auto* path : {"/hello", "/nope", "/hello"}) {
    client.Send("GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.ReadAnswer();
  }
  const std::string text = server.Metrics();
  for (const auto* line :
       {"livetape_http_connections 1\n", "livetape_http_requests_total{status=\"2xx\"} 2\n",
        "livetape_http_requests_total{status=\"4xx\"} 1\n", "livetape_streams_open 0\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

// Whatever bytes come, the connection ends in an answer that refuses them or in silence, and the
// next client is served.
TEST(Server, SurvivesMutatedRequests) {
  constexpr uint64_t kSeed = 20261121;
  SCOPED_TRACE(kSeed);
  base::Random random(kSeed);
  RunningServer server;
  const std::vector<std::string> seeds = {
      std::string(kHello), "HEAD /stream HTTP/1.0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi",
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
      "chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"};
  for (int round = 0; round < 400; ++round) {
    std::string text;
    for (uint64_t requests = 1 + random.Below(3); requests > 0; --requests) {
      text += seeds[random.Below(seeds.size())];
    }
    for (uint64_t edits = random.Below(6); edits > 0; --edits) {
      text[random.Below(text.size())] = static_cast<char>(random.Below(256));
    }
    Client client(server.port());
    for (size_t at = 0; at < text.size();) {
      const size_t size = 1 + random.Below(text.size() - at);
      if (!client.Send(text.substr(at, size))) break;
      at += size;
    }
    client.EndSending();
    const std::string answer = client.ReadToEnd();
    ASSERT_TRUE(client.ended() || client.was_reset()) << round;
    ASSERT_TRUE(answer.empty() || StatusOf(answer) >= 100) << answer;
    ASSERT_EQ(answer.find("HTTP/1.1 500"), std::string::npos) << text;
  }
  EXPECT_EQ(StatusOf(Get(server.port(), "/hello")), 200U);
}

}  // namespace
}  // namespace livetape::http::testing
