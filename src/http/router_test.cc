#include "http/router.h"

#include <gtest/gtest.h>

namespace livetape::http {
namespace {

Router MakeRouter(std::initializer_list<std::pair<std::string, std::string>> routes) {
  Router router;
  for (const auto& [method, pattern] : routes) {
    Route route;
    route.method = method;
    route.pattern = pattern;
    route.handler = [](const Request&, size_t) { return Response(); };
    router.Add(std::move(route));
  }
  return router;
}

std::string Found(const Router& router, std::string_view method, std::string_view path) {
  const auto match = router.Find(method, path);
  return match.route == nullptr ? "none" : match.route->pattern;
}

TEST(Router, FindsByWholeSegments) {
  const Router router = MakeRouter({{"GET", "/"}, {"GET", "/sse"}, {"GET", "/sse/{symbol}"}});
  EXPECT_EQ(Found(router, "GET", "/"), "/");
  EXPECT_EQ(Found(router, "GET", "/sse"), "/sse");
  EXPECT_EQ(Found(router, "GET", "/sse/AAPL"), "/sse/{symbol}");
  for (const auto* path :
       {"/sse/", "/sse/AAPL/more", "/sse//", "//", "/ss", "/sseX", "sse", "", "/sse/AAPL/", "*"}) {
    EXPECT_EQ(Found(router, "GET", path), "none") << path;
    EXPECT_EQ(router.Find("GET", path).allow, "") << path;
  }
}

TEST(Router, DecodesParametersAfterSplitting) {
  const Router router = MakeRouter({{"GET", "/bars/{symbol}/{frame}"}});
  const auto match = router.Find("GET", "/bars/BTC%2FUSD/1%6D");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.args, (std::vector<std::string>{"BTC/USD", "1m"}));
}

TEST(Router, ComparesStaticSegmentsDecoded) {
  const Router router = MakeRouter({{"GET", "/healthz"}});
  EXPECT_EQ(Found(router, "GET", "/%68ealthz"), "/healthz");
  EXPECT_EQ(Found(router, "GET", "/healthz%00"), "none");
  EXPECT_EQ(Found(router, "GET", "/healthz%2F"), "none");
}

TEST(Router, StaticSegmentBeatsParameterInWhateverOrderTheyCame) {
  const Router router = MakeRouter(
      {{"GET", "/a/{x}/c"}, {"GET", "/a/b/{y}"}, {"GET", "/a/b/c"}, {"GET", "/{z}/b/c"}});
  EXPECT_EQ(Found(router, "GET", "/a/b/c"), "/a/b/c");
  EXPECT_EQ(Found(router, "GET", "/a/b/d"), "/a/b/{y}");
  EXPECT_EQ(Found(router, "GET", "/a/x/c"), "/a/{x}/c");
  EXPECT_EQ(Found(router, "GET", "/q/b/c"), "/{z}/b/c");
}

TEST(Router, HeadFindsGet) {
  const Router router = MakeRouter({{"GET", "/a"}, {"POST", "/b"}});
  EXPECT_EQ(Found(router, "HEAD", "/a"), "/a");
  EXPECT_EQ(Found(router, "HEAD", "/b"), "none");
}

TEST(Router, OptionsFindsNoRouteButWhatIsAllowed) {
  const Router router = MakeRouter({{"POST", "/a"}, {"GET", "/a"}, {"DELETE", "/b"}});
  EXPECT_EQ(Found(router, "OPTIONS", "/a"), "none");
  EXPECT_EQ(router.Find("OPTIONS", "/a").allow, "GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(router.Find("OPTIONS", "/b").allow, "DELETE, OPTIONS");
  EXPECT_EQ(router.Find("OPTIONS", "/c").allow, "");
}

TEST(Router, WrongMethodFindsNoRouteButWhatIsAllowed) {
  const Router router = MakeRouter({{"GET", "/a/{x}"}, {"PUT", "/a/b"}});
  EXPECT_EQ(Found(router, "BREW", "/a/b"), "none");
  EXPECT_EQ(router.Find("BREW", "/a/b").allow, "GET, HEAD, OPTIONS, PUT");
  EXPECT_EQ(router.Find("get", "/a/b").route, nullptr) << "methods are case-sensitive";
}

TEST(Router, ProblemsTakeTheFormOfTheirFamily) {
  Router router;
  router.SetErrorForm("/v2/", [](unsigned status, std::string_view detail) {
    Response response;
    response.status = status;
    response.body = "no: " + std::string(detail);
    return response;
  });
  Response busy = Problem(503, "busy");
  busy.headers.Add("Retry-After", "1");
  const Response formed = router.InFormOf("/v2/orders", busy);
  EXPECT_EQ(formed.status, 503u);
  EXPECT_EQ(formed.body, "no: busy");
  EXPECT_EQ(formed.content_type, "application/json");
  EXPECT_EQ(formed.headers.Find("Retry-After"), "1");
  EXPECT_EQ(router.InFormOf("/v2x", busy).body, busy.body);
  Response fine;
  fine.body = "[]";
  EXPECT_EQ(router.InFormOf("/v2/orders", fine).body, "[]");
}

TEST(RouterDeathTest, SameRouteTwiceIsABug) {
  EXPECT_DEATH(MakeRouter({{"GET", "/a"}, {"GET", "/a"}}), "twice");
}

}  // namespace
}  // namespace livetape::http
