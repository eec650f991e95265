#include "api/page/page_endpoints.h"

#include <algorithm>
#include <string>

#include "api/page/accept_encoding.h"

namespace livetape::api {
namespace {

constexpr std::string_view kAssets = "/assets/";

struct Coding {
  std::string_view name;
  std::string_view bytes;
};

// The smallest of those that the client wants most. Identity is sent also to a client that refuses
// everything: the server may, and a page in a wrong coding is better than none.
Coding BestCoding(const web::PageFile& file, std::string_view accept_encoding) {
  Coding best{.name = "identity", .bytes = file.identity};
  int best_weight = CodingWeight(accept_encoding, "identity");
  for (const Coding coding : {Coding{"gzip", file.gzip}, Coding{"br", file.brotli}}) {
    if (coding.bytes.empty()) continue;
    const int weight = CodingWeight(accept_encoding, coding.name);
    if (weight == 0 || weight < best_weight) continue;
    best = coding;
    best_weight = weight;
  }
  return best;
}

// Each coding is a representation of its own, with a tag of its own.
std::string TagOf(const web::PageFile& file, const Coding& coding) {
  std::string tag = "\"";
  tag += file.tag;
  tag += '-';
  tag += coding.name;
  tag += '"';
  return tag;
}

// If-None-Match names the tag or any (RFC 9110, section 13.1.2; compared weakly). Tags of the page
// hold no comma, so the list can be split there.
bool Has(std::string_view if_none_match, std::string_view tag) {
  for (std::string_view rest = if_none_match; !rest.empty();) {
    const size_t comma = rest.find(',');
    std::string_view one = rest.substr(0, comma);
    const size_t begin = one.find_first_not_of(" \t");
    one = begin == std::string_view::npos ? std::string_view() : one.substr(begin);
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == tag) return true;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return false;
}

http::ResponseDoc Served(std::string_view content_type) {
  return {200, std::string(content_type.substr(0, content_type.find(';'))),
          "The file, in gzip or brotli if the client takes it.", "string"};
}

const http::ResponseDoc kUnchanged{304, "", "The client has it: If-None-Match names its tag."};

void AddFile(http::Router& router, const web::PageFile& file) {
  router.Add({.method = "GET",
              .pattern = std::string(file.path),
              .summary = file.path == "/" ? "The dashboard" : "A file of the dashboard",
              .parameters = {},
              .responses = {Served(file.content_type), kUnchanged},
              .handler = [&file](const http::Request& request, size_t) -> http::Reply {
                return PageAnswer(file, request);
              }});
}

}  // namespace

http::Response PageAnswer(const web::PageFile& file, const http::Request& request) {
  const Coding coding =
      BestCoding(file, request.headers.Find("Accept-Encoding").value_or(std::string_view()));
  const std::string tag = TagOf(file, coding);

  http::Response response;
  response.content_type = file.content_type;
  response.headers.Add("Cache-Control",
                       file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.Add("ETag", tag);
  response.headers.Add("Vary", "Accept-Encoding");
  response.headers.Add("Content-Security-Policy", std::string(kPagePolicy));
  response.headers.Add("X-Content-Type-Options", "nosniff");
  response.headers.Add("Referrer-Policy", "no-referrer");
  response.headers.Add("Cross-Origin-Opener-Policy", "same-origin");
  if (Has(request.headers.Find("If-None-Match").value_or(std::string_view()), tag)) {
    response.status = 304;
    return response;
  }
  if (coding.name != "identity") {
    response.headers.Add("Content-Encoding", std::string(coding.name));
  }
  response.body = coding.bytes;
  return response;
}

void AddPage(http::Router& router, std::span<const web::PageFile> files) {
  for (const web::PageFile& file : files) {
    if (!file.path.starts_with(kAssets)) AddFile(router, file);
  }
  router.Add({.method = "GET",
              .pattern = "/assets/{name}",
              .summary = "A file of the dashboard whose name changes with its content",
              .parameters = {{"name", "path", "As the dashboard names it.", "string", true}},
              .responses = {Served("text/javascript"),
                            kUnchanged,
                            {404, "application/problem+json", "No such file."}},
              .handler = [files](const http::Request& request, size_t) -> http::Reply {
                const std::string path = std::string(kAssets) + request.args.at(0);
                const auto found = std::ranges::find(files, path, &web::PageFile::path);
                if (found != files.end()) return PageAnswer(*found, request);
                // The page of another version asks for it: it must not be remembered.
                http::Response problem = http::Problem(
                    404, "this version of the dashboard has no such file: reload the page");
                problem.headers.Add("Cache-Control", "no-store");
                return problem;
              }});
}

}  // namespace livetape::api
