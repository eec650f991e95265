#include "http/response_text.h"

#include <gtest/gtest.h>

namespace livetape::http {
namespace {

using namespace std::string_literals;

constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

Response Text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

Headers Vary() {
  Headers fields;
  fields.Add("Vary", "Origin");
  return fields;
}

TEST(ResponseText, IsHeadAndBody) {
  Response response = Text("hi");
  response.headers.Add("Retry-After", "1");
  EXPECT_EQ(ResponseText(response, Vary(), {.date = kDate}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: 1\r\nVary: Origin\r\n\r\nhi");
}

TEST(ResponseText, OfHeadTellsTheLengthWithoutTheBody) {
  EXPECT_EQ(ResponseText(Text("hi"), {}, {.head_only = true, .date = kDate}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
}

TEST(ResponseText, WhatAnAnswerVariesByStandsInOneField) {
  Response response;
  response.headers.Add("Vary", "Accept-Encoding");
  Headers fields;
  fields.Add("Vary", "Origin");
  const std::string text = ResponseText(response, fields, {});
  EXPECT_TRUE(text.contains("\r\nVary: Accept-Encoding, Origin\r\n")) << text;
  EXPECT_EQ(text.find("Vary"), text.rfind("Vary")) << text;
}

TEST(ResponseText, OfNoContentHasNeitherTypeNorLength) {
  Response response = Text("");
  response.status = 204;
  EXPECT_EQ(ResponseText(response, {}, {.date = kDate}),
            "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
}

TEST(ResponseText, SaysWhatBecomesOfTheConnectionWhereItIsNotTheDefault) {
  const auto has = [](Framing framing, std::string_view field) {
    return ResponseText(Text(""), {}, framing).find(field) != std::string::npos;
  };
  EXPECT_FALSE(has({}, "Connection"));
  EXPECT_TRUE(has({.close = true}, "Connection: close\r\n"));
  EXPECT_TRUE(has({.minor_version = 0}, "Connection: keep-alive\r\n"));
  EXPECT_TRUE(has({.minor_version = 0, .close = true}, "Connection: close\r\n"));
}

TEST(ResponseText, NoValueStartsAnotherField) {
  Response response = Text("");
  response.headers.Add("Location", "/a\r\nSet-Cookie: b\0c"s);
  const std::string text = ResponseText(response, {}, {});
  EXPECT_NE(text.find("Location: /a  Set-Cookie: b c\r\n"), std::string::npos) << text;
}

TEST(StreamHead, IsWhatTheContractSays) {
  EXPECT_EQ(StreamHead("text/event-stream; charset=utf-8", Vary(), {.date = kDate}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\nVary: Origin\r\n"
            "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n");
}

TEST(StreamHead, HasNoChunksForHttp10) {
  EXPECT_EQ(
      StreamHead("text/event-stream; charset=utf-8", Vary(), {.minor_version = 0, .date = kDate}),
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
      "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
      "Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\nVary: Origin\r\n"
      "Connection: close\r\n\r\n");
}

}  // namespace
}  // namespace livetape::http
