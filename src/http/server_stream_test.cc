// Streams over real sockets: their bytes, slow and vanishing clients, their end.

#include <gtest/gtest.h>

#include "http/testing_server.h"

namespace livetape::http::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nCache-Control: no-cache\r\nX-Accel-Buffering: "
    "no\r\nVary: Origin\r\n"
    "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n";
constexpr std::string_view kOldHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nCache-Control: no-cache\r\nX-Accel-Buffering: "
    "no\r\nVary: Origin\r\nConnection: close\r\n\r\n";

std::string Request(const std::string& path, const std::string& fields = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

// Opens a stream, reads its head, and returns its id.
StreamId Open(RunningServer& server, Client& client, const std::string& path = "/stream") {
  client.Send(Request(path));
  EXPECT_EQ(client.ReadBytes(kHead.size()), kHead);
  return server.Opened().back();
}

std::string Chunk(std::string_view body) {
  return std::string(base::ChunkFrame::Encode(body).chunk());
}

TEST(Stream, HeadAndFirstBytesComeInOneWrite) {
  RunningServer server;
  Client client(server.port());
  client.Send(Request("/stream?open=retry"));
  EXPECT_EQ(client.ReadOnce(), std::string(kHead) + "5\r\nretry\r\n");
}

TEST(Stream, TellsOnceThatItsFirstBytesAreOut) {
  RunningServer server;
  Client client(server.port());
  const StreamId stream = Open(server, client);
  EXPECT_EQ(server.witness().After(stream, ""), "w");
  EXPECT_EQ(server.Broadcast("a", {stream}), std::vector{SendOutcome::kAccepted});
  EXPECT_EQ(server.witness().Seen(stream), "w");
}

TEST(Stream, OfHttp10IsPlainAndEndsWithTheConnection) {
  RunningServer server;
  Client client(server.port());
  client.Send("GET /stream?open=retry HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.ReadOnce(), std::string(kOldHead) + "retry");
  const StreamId stream = server.Opened().back();
  server.Broadcast("tick", {stream});
  server.OnLoop([&](Streams& streams) {
    streams.End(stream, "bye");
    return 0;
  });
  EXPECT_EQ(client.ReadToEnd(), "tickbye");
  EXPECT_TRUE(client.ended());
}

TEST(Stream, CarriesCorsForAnAllowedOrigin) {
  RunningServer server;
  Client client(server.port());
  client.Send(Request("/stream", "Origin: http://localhost:3000\r\n"));
  const std::string head = client.ReadThrough("\r\n\r\n");
  EXPECT_NE(head.find("Access-Control-Allow-Origin: http://localhost:3000\r\n"), std::string::npos);
  EXPECT_NE(head.find("Access-Control-Allow-Credentials: true\r\n"), std::string::npos);
}

TEST(Stream, HeadRequestOpensNone) {
  RunningServer server;
  Client client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.Send("HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(client.ReadAnswer(true), kHead);
  }
  EXPECT_TRUE(server.Opened().empty());
}

TEST(Stream, BroadcastReachesAllInOrder) {
  RunningServer server;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<Client>(server.port()));
    Open(server, *clients.back());
  }
  const std::vector<StreamId> streams = server.Opened();
  std::string expected;
  for (int i = 0; i < 5; ++i) {
    const std::string body = "data: " + std::to_string(i) + "\n\n";
    expected += Chunk(body);
    EXPECT_EQ(server.Broadcast(body, streams), std::vector(streams.size(), SendOutcome::kAccepted));
  }
  for (const auto& client : clients) EXPECT_EQ(client->ReadBytes(expected.size()), expected);
  EXPECT_EQ(server.OnLoop([](Streams& table) { return table.open(); }), 200U);
  EXPECT_NE(server.Metrics().find("livetape_streams_open 200\n"), std::string::npos);
  EXPECT_NE(server.Metrics().find("livetape_streams_opened_total 200\n"), std::string::npos);
}

// Broadcasts frames until the stream takes no more; returns what it has taken or kept.
std::string Fill(RunningServer& server, StreamId stream) {
  std::string taken;
  for (int i = 0;; ++i) {
    const std::string body(50'000, static_cast<char>('a' + i % 26));
    const SendOutcome outcome = server.Broadcast(body, {stream}).front();
    if (outcome == SendOutcome::kRefused) return taken;
    if (outcome == SendOutcome::kClosed || i == 1000) return "never full";
    taken += Chunk(body);
  }
}

TEST(Stream, SlowClientGetsEveryByteThatWasTaken) {
  RunningServer server;
  Client client(server.port(), 4096);
  Client quick(server.port());
  const StreamId slow = Open(server, client);
  const StreamId other = Open(server, quick);
  server.witness().After(slow, "");
  for (int round = 1; round <= 3; ++round) {
    const std::string taken = Fill(server, slow);
    EXPECT_EQ(server.Broadcast("x", {slow, other}),
              (std::vector{SendOutcome::kRefused, SendOutcome::kAccepted}));
    EXPECT_EQ(client.ReadBytes(taken.size()), taken);
    const std::string known(static_cast<size_t>(round), 'w');
    EXPECT_EQ(server.witness().After(slow, known), known + "w");
  }
  EXPECT_EQ(server.Broadcast("x", {slow}), std::vector{SendOutcome::kAccepted});
  EXPECT_EQ(client.ReadBytes(6), Chunk("x"));
}

TEST(Stream, LargeFirstBytesComeWholeBeforeAnythingElse) {
  RunningServer server;
  Client client(server.port(), 4096);
  const StreamId stream = Open(server, client, "/stream?size=3000000");
  EXPECT_EQ(server.Broadcast("x", {stream}), std::vector{SendOutcome::kRefused});
  const std::string opening = Chunk(std::string(3'000'000, 'o'));
  EXPECT_TRUE(client.ReadBytes(opening.size()) == opening);
  EXPECT_EQ(server.witness().After(stream, ""), "w");
  EXPECT_EQ(server.Broadcast("x", {stream}), std::vector{SendOutcome::kAccepted});
}

TEST(Stream, StalledClientIsCutAndCounted) {
  ServerOptions options;
  options.stall_timeout = 100ms;
  RunningServer server(options);
  Client client(server.port(), 4096);
  const StreamId stream = Open(server, client);
  server.witness().After(stream, "");
  Fill(server, stream);
  EXPECT_EQ(server.witness().After(stream, "w"), "wc");
  EXPECT_EQ(server.Broadcast("x", {stream}), std::vector{SendOutcome::kClosed});
  EXPECT_NE(server.Metrics().find("livetape_streams_cut_total{reason=\"stalled\"} 1\n"),
            std::string::npos);
  EXPECT_NE(server.Metrics().find("livetape_streams_pending 0\n"), std::string::npos);
}

TEST(Stream, QuietClientIsNotCut) {
  ServerOptions options;
  options.stall_timeout = 20ms;
  RunningServer server(options);
  Client quiet(server.port());
  const StreamId stream = Open(server, quiet);
  // Another one's fate tells that several sweeps have passed.
  Client stalled(server.port(), 4096);
  const StreamId doomed = Open(server, stalled);
  server.witness().After(doomed, "");
  Fill(server, doomed);
  EXPECT_EQ(server.witness().After(doomed, "w"), "wc");
  EXPECT_EQ(server.Broadcast("x", {stream}), std::vector{SendOutcome::kAccepted});
  EXPECT_EQ(quiet.ReadBytes(6), Chunk("x"));
}

TEST(Stream, ClientThatGoesAwayIsNoticedWithoutASend) {
  RunningServer server;
  for (const bool clean : {true, false}) {
    Client client(server.port());
    const StreamId stream = Open(server, client);
    server.witness().After(stream, "");
    clean ? client.Close() : client.Reset();
    EXPECT_EQ(server.witness().After(stream, "w"), "wc");
    EXPECT_EQ(server.Broadcast("x", {stream}), std::vector{SendOutcome::kClosed});
    EXPECT_EQ(server.OnLoop([](Streams& table) { return table.open(); }), 0U);
  }
}

TEST(Stream, AnIdNeverComesBack) {
  RunningServer server;
  std::vector<StreamId> seen;
  for (int i = 0; i < 20; ++i) {
    Client client(server.port());
    const StreamId stream = Open(server, client);
    for (const StreamId old : seen) EXPECT_NE(stream, old);
    if (!seen.empty()) {
      EXPECT_EQ(base::SlotOf(stream), base::SlotOf(seen.back())) << "slots are reused";
      EXPECT_EQ(server.Broadcast("x", {seen.back()}), std::vector{SendOutcome::kClosed});
    }
    seen.push_back(stream);
    server.witness().After(stream, "");
    client.Close();
    server.witness().After(stream, "w");
  }
}

TEST(Stream, WhatItsClientSendsIsIgnored) {
  RunningServer server;
  Client client(server.port());
  const StreamId stream = Open(server, client);
  client.Send(std::string(60'000, 'x'));
  server.Broadcast("tick", {stream});
  EXPECT_EQ(client.ReadBytes(9), Chunk("tick"));
  EXPECT_EQ(server.OnLoop([](Streams& table) { return table.open(); }), 1U);
}

TEST(Stream, ClientThatSendsTooMuchIsCut) {
  RunningServer server;
  Client client(server.port());
  const StreamId stream = Open(server, client);
  server.witness().After(stream, "");
  client.Send(std::string(70'000, 'x'));
  EXPECT_EQ(server.witness().After(stream, "w"), "wc");
  EXPECT_NE(server.Metrics().find("livetape_streams_cut_total{reason=\"flooding\"} 1\n"),
            std::string::npos);
}

TEST(Stream, EndSendsTheLastBytesAndTheTerminator) {
  RunningServer server;
  Client client(server.port());
  const StreamId stream = Open(server, client);
  const size_t open = server.OnLoop([&](Streams& table) {
    table.End(stream, "event: drain\n\n");
    table.End(stream, "twice");
    return table.open();
  });
  EXPECT_EQ(open, 0U);
  EXPECT_EQ(client.ReadToEnd(), Chunk("event: drain\n\n") + "0\r\n\r\n");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.Broadcast("x", {stream}), std::vector{SendOutcome::kClosed});
}

TEST(Stream, EndWaitsForWhatIsPending) {
  RunningServer server;
  Client client(server.port(), 4096);
  const StreamId stream = Open(server, client);
  server.witness().After(stream, "");
  const std::string taken = Fill(server, stream);
  server.OnLoop([&](Streams& table) {
    table.End(stream, "");
    return 0;
  });
  EXPECT_TRUE(client.ReadToEnd() == taken + "0\r\n\r\n");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.witness().Seen(stream), "w");
}

TEST(Stream, MayEndOrAbortWhileItOpens) {
  RunningServer server;
  Client ended(server.port());
  ended.Send(Request("/ended"));
  EXPECT_EQ(ended.ReadToEnd(), std::string(kHead) + Chunk("first") + Chunk("last") + "0\r\n\r\n");
  Client aborted(server.port());
  aborted.Send(Request("/aborted"));
  EXPECT_EQ(aborted.ReadToEnd(), "");
  EXPECT_EQ(server.OnLoop([](Streams& table) { return table.open(); }), 0U);
}

TEST(Stream, AbortDropsItWithoutAWord) {
  RunningServer server;
  Client client(server.port());
  const StreamId stream = Open(server, client);
  server.witness().After(stream, "");
  server.OnLoop([&](Streams& table) {
    table.Abort(stream);
    return 0;
  });
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(client.was_reset());
  EXPECT_EQ(server.witness().Seen(stream), "w");
}

TEST(Stream, StopWaitsForStreamsToEnd) {
  RunningServer server;
  Client client(server.port(), 4096);
  const StreamId stream = Open(server, client);
  server.witness().After(stream, "");
  const std::string taken = Fill(server, stream);
  server.server().StopAccepting();
  server.OnLoop([&](Streams& table) {
    table.End(stream, "bye");
    return 0;
  });
  auto joined = std::async(std::launch::async, [&] { return server.server().Join(20s); });
  EXPECT_TRUE(client.ReadToEnd() == taken + Chunk("bye") + "0\r\n\r\n");
  EXPECT_TRUE(joined.get());
}

}  // namespace
}  // namespace livetape::http::testing
