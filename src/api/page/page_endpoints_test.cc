#include "api/page/page_endpoints.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace livetape::api {
namespace {

constexpr web::PageFile kFiles[] = {
    {"/", "text/html; charset=utf-8", "index", false, "<html>", "html as gzip", "html as brotli"},
    {"/assets/a-12345678.js", "text/javascript; charset=utf-8", "script", true, "let a", "gz", "b"},
    {"/assets/dot-1234567.png", "image/png", "picture", false, "png", {}, {}},
};

class PageTest : public testing::Test {
 protected:
  PageTest() { AddPage(router_, kFiles); }

  http::Response Get(const std::string& path, const std::string& accept_encoding = "",
                     const std::string& if_none_match = "") {
    http::Request request;
    request.path = path;
    if (!accept_encoding.empty()) request.headers.Add("Accept-Encoding", accept_encoding);
    if (!if_none_match.empty()) request.headers.Add("If-None-Match", if_none_match);
    const http::Router::Match match = router_.Find("GET", path);
    if (match.route == nullptr) return http::Problem(404, "no route");
    request.args = match.args;
    return std::get<http::Response>(match.route->handler(request, 0));
  }
  static std::string Field(const http::Response& response, std::string_view name) {
    return std::string(response.headers.Find(name).value_or("none"));
  }

  http::Router router_;
};

TEST_F(PageTest, TheClientGetsTheCodingItTakesBest) {
  EXPECT_EQ(Get("/").body, "<html>");
  EXPECT_EQ(Field(Get("/"), "Content-Encoding"), "none");
  EXPECT_EQ(Get("/", "gzip").body, "html as gzip");
  EXPECT_EQ(Get("/", "gzip, deflate, br").body, "html as brotli");
  EXPECT_EQ(Field(Get("/", "gzip, deflate, br"), "Content-Encoding"), "br");
  EXPECT_EQ(Get("/", "gzip;q=1, br;q=0.5").body, "html as gzip");
  EXPECT_EQ(Get("/", "identity, gzip;q=0.5").body, "<html>");
  EXPECT_EQ(Get("/", "*;q=0").body, "<html>");
  EXPECT_EQ(Get("/assets/dot-1234567.png", "gzip, br").body, "png");
}

TEST_F(PageTest, OnlyNamesThatChangeWithTheContentAreKeptForGood) {
  EXPECT_EQ(Field(Get("/"), "Cache-Control"), "no-cache");
  EXPECT_EQ(Field(Get("/assets/a-12345678.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(Field(Get("/assets/dot-1234567.png"), "Cache-Control"), "no-cache");
  EXPECT_EQ(Field(Get("/"), "Vary"), "Accept-Encoding");
}

TEST_F(PageTest, WhoHasTheFileInThisCodingIsToldSo) {
  const std::string tag = Field(Get("/", "gzip"), "ETag");
  const http::Response again = Get("/", "gzip", "\"other\" , W/" + tag);
  EXPECT_EQ(again.status, 304U);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(Field(again, "ETag"), tag);
  EXPECT_EQ(Get("/", "gzip", "*").status, 304U);
  EXPECT_EQ(Get("/", "br", tag).status, 200U);
  EXPECT_EQ(Get("/", "gzip", "\"other\"").status, 200U);
}

TEST_F(PageTest, EveryFileCarriesThePolicy) {
  for (const auto* path : {"/", "/assets/a-12345678.js"}) {
    EXPECT_EQ(Field(Get(path), "Content-Security-Policy"), kPagePolicy);
    EXPECT_EQ(Field(Get(path), "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(Field(Get(path), "Referrer-Policy"), "no-referrer");
  }
}

TEST_F(PageTest, AFileOfAnotherVersionIsNotFoundAndNotRemembered) {
  const http::Response missing = Get("/assets/a-87654321.js");
  EXPECT_EQ(missing.status, 404U);
  EXPECT_EQ(Field(missing, "Cache-Control"), "no-store");
}

}  // namespace
}  // namespace livetape::api
