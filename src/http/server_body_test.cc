// Bodies of requests over real sockets: limits by route, by speed, and for all together.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "http/testing_server.h"

namespace livetape::http::testing {
namespace {

using namespace std::chrono_literals;

std::string Post(std::string_view path, size_t length) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}
std::string PostChunks(std::string_view path) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
}

TEST(Body, MayBeAsLongAsItsRouteSays) {
  RunningServer server;
  Client client(server.port());
  const std::string body(3'000'000, 'b');
  client.Send(Post("/large", body.size()) + body);
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + body));
  client.Send(PostChunks("/large") + "2dc6c0\r\n" + body + "\r\n0\r\n\r\n");
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + body));
}

TEST(Body, OverTheLimitOfItsRouteIsRefusedByName) {
  RunningServer server;
  struct Case {
    std::string request;
    std::string limit;
  };
  for (const Case& c : {Case{Post("/large", 3'000'001), "3000000"},
                        Case{PostChunks("/large") + "2dc6c1\r\n", "3000000"},
                        Case{Post("/echo", 1'048'577), "1048576"},
                        Case{PostChunks("/echo") + "100001\r\n", "1048576"},
                        Case{Post("/nowhere", 1'048'577), "1048576"},
                        Case{Post("/large/x", 1'048'577), "1048576"}}) {
    Client client(server.port());
    client.Send(c.request);
    const std::string answer = client.ReadToEnd();
    EXPECT_EQ(StatusOf(answer), 413U) << c.request;
    EXPECT_NE(answer.find("over " + c.limit + " bytes"), std::string::npos) << answer;
  }
}

TEST(Body, OfManySmallChunksIsWhole) {
  RunningServer server;
  Client client(server.port());
  std::string request = PostChunks("/large");
  std::string body;
  for (int i = 0; i < 100'000; ++i) {
    request += "1\r\n" + std::string(1, static_cast<char>('a' + i % 26)) + "\r\n";
    body += static_cast<char>('a' + i % 26);
  }
  client.Send(request + "0\r\n\r\n");
  EXPECT_TRUE(client.ReadAnswer().ends_with("\r\n\r\n" + body));
}

TEST(Body, ThatKeepsComingIsWaitedFor) {
  ServerOptions options;
  options.head_timeout = 2s;
  RunningServer server(options);
  Client client(server.port());
  // 16 pieces of 16 KiB, well over 2 s in all.
  const std::string piece(16'384, 'p');
  client.Send(Post("/large", 16 * piece.size()));
  for (int i = 0; i < 16; ++i) {
    client.Send(piece);
    server.Pass(150ms);
  }
  EXPECT_EQ(StatusOf(client.ReadAnswer()), 200U);
}

TEST(Body, ThatTricklesIsGivenUp) {
  ServerOptions options;
  options.head_timeout = 100ms;
  RunningServer server(options);
  Client client(server.port());
  client.Send(Post("/large", 3'000'000));
  // A byte renews the time for the next, but they come at less than the least speed.
  std::string answer;
  while (client.Send("x") && answer.empty() && !client.ended() && !client.was_reset()) {
    timeval soon = {.tv_sec = 0, .tv_usec = 5000};
    ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
    answer = client.ReadOnce();
  }
  EXPECT_EQ(answer, "");
  EXPECT_EQ(StatusOf(Get(server.port(), "/hello")), 200U);
}

// One of them has half of what there is.
TEST(Body, TooManyAtATimeOfAClientAreRefusedUntilItsFirstAreThrough) {
  ServerOptions options;
  options.bodies_bytes_max = 8'000'000;
  RunningServer server(options);
  Client first(server.port());
  const std::string most(2'999'999, 'm');
  first.Send(Post("/large", 3'000'000) + most);
  while (!server.Metrics().contains("livetape_http_body_bytes 2999999\n")) server.Turn();
  Client second(server.port());
  std::string of_a_page = Post("/large", 3'000'000);
  of_a_page.insert(of_a_page.find("Content-Length"), "Origin: http://localhost:3000\r\n");
  second.Send(of_a_page + most);
  Client third(server.port());
  third.Send(Post("/echo", 2) + "hi");
  EXPECT_EQ(StatusOf(third.ReadAnswer()), 200U) << "small ones pass";
  const std::string refused = second.ReadToEnd();
  EXPECT_EQ(StatusOf(refused), 503U);
  EXPECT_TRUE(Has(refused, "Retry-After: 1"));
  EXPECT_TRUE(Has(refused, "Access-Control-Allow-Origin: http://localhost:3000"));
  first.Send("m");
  EXPECT_EQ(StatusOf(first.ReadAnswer()), 200U);
  Client fourth(server.port());
  fourth.Send(Post("/large", 3'000'000) + most + "m");
  EXPECT_EQ(StatusOf(fourth.ReadAnswer()), 200U) << "what was held has been given back";
}

TEST(Body, TooManyOfAllClientsAreRefused) {
  ServerOptions options;
  options.bodies_bytes_max = 7'000'000;
  options.trusted_proxies = {"127.0.0.1"};
  RunningServer server(options);
  const std::string most(2'999'999, 'm');
  const auto from = [](std::string_view client) {
    std::string head = Post("/large", 3'000'000);
    return head.insert(head.find("Content-Length"), fmt::format("X-Forwarded-For: {}\r\n", client));
  };
  Client first(server.port()), second(server.port()), third(server.port()), fourth(server.port());
  first.Send(from("192.0.2.1") + most);
  while (!server.Metrics().contains("livetape_http_body_bytes 2999999\n")) server.Turn();
  second.Send(from("192.0.2.2") + most);
  while (!server.Metrics().contains("livetape_http_body_bytes 5999998\n")) server.Turn();
  third.Send(from("192.0.2.3") + most);
  EXPECT_EQ(StatusOf(third.ReadToEnd()), 503U);
  first.Send("m");
  EXPECT_EQ(StatusOf(first.ReadAnswer()), 200U);
  fourth.Send(from("192.0.2.2") + most);
  EXPECT_EQ(StatusOf(fourth.ReadToEnd()), 503U) << "its second";
  second.Send("m");
  EXPECT_EQ(StatusOf(second.ReadAnswer()), 200U);
}

TEST(Body, WhoMayNotSendItIsToldBeforeItHasCome) {
  RunningServer server;
  Client client(server.port());
  client.Send(Post("/closed", 900'000) + "begun");
  EXPECT_EQ(StatusOf(client.ReadToEnd()), 401U);
  Client lost(server.port());
  lost.Send(Post("/nowhere", 900'000) + "begun");
  EXPECT_EQ(StatusOf(lost.ReadToEnd()), 404U);
  Client elsewhere(server.port());
  std::string foreign = Post("/echo", 900'000);
  foreign.replace(foreign.find("localhost"), 9, "elsewhere.example");
  elsewhere.Send(foreign + "begun");
  EXPECT_EQ(StatusOf(elsewhere.ReadToEnd()), 421U);
}

TEST(Answers, ThatAreNotTakenAreLimitedTogether) {
  ServerOptions options;
  options.answers_bytes_max = 4'000'000;
  RunningServer server(options);
  const std::string body(3'000'000, 'a');
  Client first(server.port(), 4096);
  first.Send(Post("/large", body.size()) + body);
  while (!server.Metrics().contains("livetape_http_answer_bytes 3000")) server.Turn();
  Client second(server.port(), 4096);
  second.Send(Post("/large", body.size()) + body);
  EXPECT_LT(second.ReadToEnd().size(), body.size()) << "it is cut";
  EXPECT_TRUE(server.Metrics().contains("livetape_http_answers_cut_total 1\n"));
  EXPECT_EQ(StatusOf(Get(server.port(), "/hello")), 200U);
  EXPECT_TRUE(first.ReadAnswer().ends_with(body)) << "who came first is served";
  while (!server.Metrics().contains("livetape_http_answer_bytes 0\n")) server.Turn();
  Client third(server.port(), 4096);
  third.Send(Post("/large", body.size()) + body);
  EXPECT_TRUE(third.ReadAnswer().ends_with(body)) << "what was held has been given back";
}

}  // namespace
}  // namespace livetape::http::testing
