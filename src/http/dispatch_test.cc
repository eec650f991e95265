#include "http/dispatch.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace livetape::http {
namespace {

class DispatchTest : public testing::Test {
 protected:
  DispatchTest() {
    rules_.bound_hosts = {"127.0.0.1"};
    rules_.port = 8000;
    Route("GET", "/echo/{word}", [](const Request& request, size_t loop) -> Reply {
      Response response;
      response.body = request.method + " " + request.args.at(0) + " " + std::to_string(loop);
      return response;
    });
    Route("POST", "/broken",
          [](const Request&, size_t) -> Reply { throw std::runtime_error("the shelf fell down"); });
    Route("GET", "/later", [this](const Request&, size_t) -> Reply { return Later(); });
    Route("POST", "/later", [this](const Request&, size_t) -> Reply { return Later(); });
    Route(
        "GET", "/later-stream", [this](const Request&, size_t) -> Reply { return Later(); }, true);
    Route("GET", "/stream", [](const Request&, size_t) -> Reply { return StreamStart(); }, true);
  }

  void Route(std::string method, std::string pattern, Handler handler, bool stream = false) {
    http::Route route;
    route.method = std::move(method);
    route.pattern = std::move(pattern);
    route.handler = std::move(handler);
    route.stream = stream;
    router_.Add(std::move(route));
  }

  DeferredReply Later() {
    return {[this](const Responder&) { ++begun_; }};
  }

  Answer Ask(std::string method, std::string path, std::string origin = "",
             std::string host = "localhost:8000") {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.headers.Add("Host", std::move(host));
    if (!origin.empty()) request.headers.Add("Origin", std::move(origin));
    return dispatcher_.Dispatch(request, 3);
  }
  static unsigned Status(const Answer& answer) {
    const auto* const response = std::get_if<Response>(&answer.reply);
    return response == nullptr ? 0 : response->status;
  }
  static const Response& ResponseOf(const Answer& answer) {
    return std::get<Response>(answer.reply);
  }

  int begun_ = 0;
  Router router_;
  OriginRules rules_;
  std::string logged_;
  base::Log log_{base::LogLevel::kInfo,
                 [this](base::LogLevel, std::string_view line) { logged_ += line; }};
  Dispatcher dispatcher_{router_, rules_, log_};
};

TEST_F(DispatchTest, CallsTheHandlerWithItsArgumentsAndLoop) {
  EXPECT_EQ(ResponseOf(Ask("GET", "/echo/a%2Fb")).body, "GET a/b 3");
}

TEST_F(DispatchTest, ABodyIsNotTakenForWhatItsCodingHides) {
  const auto ask = [this](std::string_view coding, std::string body) {
    Request request;
    request.method = "POST";
    request.path = "/later";
    request.headers.Add("Host", "localhost:8000");
    request.headers.Add("Content-Encoding", std::string(coding));
    request.body = std::move(body);
    return dispatcher_.Dispatch(request, 3);
  };
  const Answer gzip = ask("gzip", "\x1f\x8b");
  ASSERT_EQ(Status(gzip), 415U);
  EXPECT_EQ(ResponseOf(gzip).headers.Find("Accept-Encoding"), "identity");
  EXPECT_EQ(Status(ask("Identity", "{}")), 0U);
  EXPECT_EQ(Status(ask("gzip", "")), 0U);
}

TEST_F(DispatchTest, HeadIsTheGetWithoutItsBody) {
  const Answer answer = Ask("HEAD", "/echo/x");
  EXPECT_TRUE(answer.head_only);
  EXPECT_EQ(Status(answer), 200U);
  EXPECT_TRUE(std::holds_alternative<StreamStart>(Ask("HEAD", "/stream").reply));
}

TEST_F(DispatchTest, DeferredReplyIsHandedOn) {
  for (const auto* method : {"GET", "HEAD", "POST"}) {
    EXPECT_TRUE(std::holds_alternative<DeferredReply>(Ask(method, "/later").reply)) << method;
  }
  EXPECT_EQ(begun_, 0) << "who holds the connection begins";
}

TEST_F(DispatchTest, HeadOfAStreamNeverDefers) {
  EXPECT_TRUE(std::holds_alternative<StreamStart>(Ask("HEAD", "/later-stream").reply));
  EXPECT_EQ(begun_, 0);
}

TEST_F(DispatchTest, HeadOfWhatOnlyTakesPostIsNotAllowed) {
  const Answer answer = Ask("HEAD", "/broken");
  EXPECT_EQ(Status(answer), 405U);
  EXPECT_TRUE(answer.head_only);
  EXPECT_EQ(ResponseOf(answer).headers.Find("Allow"), "OPTIONS, POST");
}

TEST_F(DispatchTest, BodyLimitIsThatOfTheRoute) {
  http::Route route;
  route.method = "POST";
  route.pattern = "/publish/{topic}";
  route.handler = [](const Request&, size_t) -> Reply { return Response(); };
  route.body_bytes_max = 8000;
  router_.Add(std::move(route));
  const auto limit = [this](std::string method, std::string path) {
    Request head;
    head.method = std::move(method);
    head.path = std::move(path);
    return dispatcher_.BodyBytesMax(head);
  };
  EXPECT_EQ(limit("POST", "/publish/a"), 8000U);
  EXPECT_EQ(limit("PUT", "/publish/a"), 0U);
  EXPECT_EQ(limit("POST", "/publish"), 0U);
  EXPECT_EQ(limit("POST", "/later"), 0U);
}

TEST_F(DispatchTest, UnknownPathIsNotFoundWithAnyMethod) {
  for (const auto* method : {"GET", "HEAD", "POST", "OPTIONS", "BREW"}) {
    EXPECT_EQ(Status(Ask(method, "/nope")), 404U) << method;
  }
}

TEST_F(DispatchTest, WrongMethodTellsTheRightOnes) {
  const Answer answer = Ask("POST", "/stream");
  EXPECT_EQ(Status(answer), 405U);
  EXPECT_EQ(ResponseOf(answer).headers.Find("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ResponseOf(answer).content_type, "application/problem+json");
}

TEST_F(DispatchTest, OptionsTellsTheMethods) {
  const Answer answer = Ask("OPTIONS", "/broken");
  EXPECT_EQ(Status(answer), 204U);
  EXPECT_EQ(ResponseOf(answer).headers.Find("Allow"), "OPTIONS, POST");
  EXPECT_EQ(ResponseOf(Ask("OPTIONS", "*")).headers.Find("Allow"), "GET, HEAD, OPTIONS, POST");
}

TEST_F(DispatchTest, PreflightOfAnAllowedOriginGetsTheMethodsOfThePath) {
  const Answer answer = Ask("OPTIONS", "/broken", "http://localhost:3000");
  EXPECT_EQ(answer.fields.Find("Access-Control-Allow-Methods"), "OPTIONS, POST");
  EXPECT_EQ(answer.fields.Find("Access-Control-Allow-Origin"), "http://localhost:3000");
}

TEST_F(DispatchTest, WrongHostIsMisdirectedEvenIfThePathIsUnknown) {
  EXPECT_EQ(Status(Ask("GET", "/stream", "", "evil.example")), 421U);
  EXPECT_EQ(Status(Ask("OPTIONS", "/nope", "", "evil.example")), 421U);
}

TEST_F(DispatchTest, ForeignOriginIsRefusedBeforeTheHandlerIsCalled) {
  EXPECT_EQ(Status(Ask("POST", "/broken", "https://evil.example")), 403U);
  EXPECT_EQ(Status(Ask("GET", "/stream", "https://evil.example")), 403U);
  EXPECT_EQ(logged_, "");
  EXPECT_EQ(Status(Ask("GET", "/echo/x", "https://evil.example")), 200U);
}

TEST_F(DispatchTest, EveryAnswerVariesByOrigin) {
  for (const Answer& answer : {Ask("GET", "/stream"), Ask("GET", "/nope"), Ask("PUT", "/broken"),
                               Ask("GET", "/stream", "null"), Ask("OPTIONS", "/stream")}) {
    EXPECT_EQ(answer.fields.Find("Vary"), "Origin");
  }
}

TEST_F(DispatchTest, HandlersExceptionIsOurFaultAndLogged) {
  const Answer answer = Ask("POST", "/broken");
  EXPECT_EQ(Status(answer), 500U);
  EXPECT_NE(logged_.find("POST /broken failed: the shelf fell down"), std::string::npos) << logged_;
  EXPECT_EQ(ResponseOf(answer).body.find("shelf"), std::string::npos);
}

}  // namespace
}  // namespace livetape::http
